#include "tests/story_support/organisation.h"

#include <QDir>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QTest>

namespace holdfast::story {
namespace {

constexpr char token[] = "demo-access-token";
constexpr char secret[] = "demo-app-secret";
constexpr char verifyToken[] = "demo-verify-token";

bool put(const QString& name, const QByteArray& bytes)
{
    QFile file(name);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() &&
           file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

QString failure(const QString& what, const Outcome& outcome)
{
    return what + QStringLiteral(": ") + QString::fromUtf8(outcome.errors + outcome.output);
}

} // namespace

Organisation::Organisation(OrganisationOptions options) : options_(std::move(options))
{
    QDir().mkpath(options_.folder);
    if (options_.storeUrl.isEmpty())
        options_.storeUrl = QStringLiteral("sqlcipher:central.db");
}

QString Organisation::password() const
{
    return QStringLiteral("harbour-wall-2026");
}

QUrl Organisation::server() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(internalPort_));
}

bool Organisation::writeFiles() const
{
    const QString config = QStringLiteral("[listen]\ninternal = 127.0.0.1:%1\npublic = 127.0.0.1:%2\n"
                                          "[store]\nurl = %3\n[keys]\ndirectory = keys\n"
                                          "[whatsapp:main]\ngraph_url = http://127.0.0.1:%4\nversion = v25.0\n"
                                          "phone_number_id = 106540352242922\nwaba_id = 102290129340398\n"
                                          "intake_scope = claims-motor\naccess_token_file = token\n"
                                          "app_secrets_file = secret\nverify_token_file = verify\n")
                               .arg(internalPort_)
                               .arg(publicPort_)
                               .arg(options_.storeUrl)
                               .arg(graphPort_);
    return put(folderFile(QStringLiteral("central.ini")), config.toUtf8()) &&
           put(folderFile(QStringLiteral("token")), token) && put(folderFile(QStringLiteral("secret")), secret) &&
           put(folderFile(QStringLiteral("verify")), verifyToken) && put(passwordFile(), password().toUtf8());
}

QString Organisation::setUp()
{
    const QJsonObject ports = phoneService_.start(
        QStringLiteral("holdfast-phone"),
        {QStringLiteral("--headless"), QStringLiteral("--access-token"), QLatin1StringView(token),
         QStringLiteral("--app-secret"), QLatin1StringView(secret), QStringLiteral("--verify-token"),
         QLatin1StringView(verifyToken), QStringLiteral("--phone-number-id"), QStringLiteral("106540352242922"),
         QStringLiteral("--waba-id"), QStringLiteral("102290129340398"), QStringLiteral("--retry-base-ms"),
         QStringLiteral("200"), QStringLiteral("--webhook-url"),
         QStringLiteral("http://127.0.0.1:%1/webhooks/whatsapp").arg(publicPort_)});
    if (ports.isEmpty())
        return QStringLiteral("The phone did not start: ") + QString::fromUtf8(phoneService_.errors());
    graphPort_ = static_cast<quint16>(ports.value(QStringLiteral("graph")).toInt());
    controlPort_ = static_cast<quint16>(ports.value(QStringLiteral("control")).toInt());
    phone_.setPort(controlPort_);
    if (!writeFiles())
        return QStringLiteral("The configuration could not be written.");
    const Outcome made =
        admin({QStringLiteral("init"), QStringLiteral("--name"), QStringLiteral("Harbourline Insurance"),
               QStringLiteral("--login"), QStringLiteral("admin"), QStringLiteral("--admin"),
               QStringLiteral("Nomsa Admin"), QStringLiteral("--password-file"), passwordFile()});
    if (!made.good())
        return failure(QStringLiteral("init"), made);
    const Outcome sample =
        admin({QStringLiteral("sample"), QStringLiteral("--messages"), QString::number(options_.sampleMessages),
               QStringLiteral("--password-file"), passwordFile(), QStringLiteral("--policies-out"),
               folderFile(QStringLiteral("policies.ndjson"))});
    if (!sample.good())
        return failure(QStringLiteral("sample"), sample);
    return startCentral();
}

QString Organisation::startCentral()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (options_.testTime)
        environment.insert(QStringLiteral("HOLDFAST_TEST_CLOCK"), QString::fromLatin1(controlAddress()));
    const QJsonObject ports = central_.start(
        options_.testTime ? QStringLiteral("test-time/holdfast-central") : QStringLiteral("holdfast-central"),
        {QStringLiteral("--config"), folderFile(QStringLiteral("central.ini"))}, environment);
    if (ports.isEmpty())
        return QStringLiteral("Central did not start: ") + QString::fromUtf8(central_.errors());
    return {};
}

QByteArray Organisation::controlAddress() const
{
    return "http://127.0.0.1:" + QByteArray::number(controlPort_);
}

void Organisation::stop()
{
    central_.stop();
    phoneService_.stop();
}

qint64 Organisation::metric(const QString& name) const
{
    QNetworkAccessManager network;
    QUrl url = server();
    url.setPath(QStringLiteral("/metrics"));
    const std::unique_ptr<QNetworkReply> reply(network.get(QNetworkRequest(url)));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 30'000))
        return -1;
    const QRegularExpression line(QStringLiteral("^%1 (\\d+)").arg(name), QRegularExpression::MultilineOption);
    const QRegularExpressionMatch match = line.match(QString::fromUtf8(reply->readAll()));
    return match.hasMatch() ? match.captured(1).toLongLong() : -1;
}

QString Organisation::verify() const
{
    const Outcome verified = admin({QStringLiteral("verify"), QStringLiteral("--login"), QStringLiteral("admin"),
                                    QStringLiteral("--password-file"), passwordFile()});
    return verified.good() ? QString() : failure(QStringLiteral("verify"), verified);
}

Outcome Organisation::admin(QStringList arguments) const
{
    arguments << QStringLiteral("--config") << folderFile(QStringLiteral("central.ini"));
    return run(QStringLiteral("holdfast-admin"), arguments);
}

} // namespace holdfast::story
