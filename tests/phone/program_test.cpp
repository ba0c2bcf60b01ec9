#include "phone/phone_config.h"
#include "tests/phone/phone_fixture.h"

#include <QProcess>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;
using namespace Qt::StringLiterals;

namespace {

QString writeFile(const QTemporaryDir& folder, const QString& name, const QByteArray& content)
{
    QFile file(folder.filePath(name));
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(content);
    return file.fileName();
}

} // namespace

TEST_CASE("Configuration comes from the file, and flags win")
{
    const QTemporaryDir folder;
    const QString secret = writeFile(folder, u"secret"_s, "from-a-file\nsecond line\n");
    const QString file = writeFile(folder, u"phone.ini"_s,
                                   "[phone]\nphone_number_id=1\nwaba_id=2\ndisplay_phone_number=+27 11 555 0100\n"
                                   "graph_port=7001\naccess_token=inline\nenforce_window=false\napp_secret_file=" +
                                       secret.toUtf8() + "\n");
    const auto read =
        phone::readArguments({u"phone"_s, u"--headless"_s, u"--config"_s, file, u"--graph-port"_s, u"7002"_s});
    REQUIRE(read);
    CHECK(read->headless);
    CHECK(read->config.graphPort == 7002);
    CHECK(read->config.controlPort == 0);
    CHECK(read->config.number.phoneNumberId == "1");
    CHECK(read->config.number.displayNumber == "27115550100");
    CHECK(read->config.accessToken == "inline");
    CHECK(read->config.webhook.appSecret == "from-a-file");
    CHECK_FALSE(read->config.enforceWindow);
    CHECK_FALSE(phone::readArguments({u"phone"_s, u"--graph-port"_s, u"70000"_s}));
    CHECK_FALSE(phone::readArguments({u"phone"_s, u"--no-such-flag"_s}));
    CHECK_FALSE(phone::readArguments({u"phone"_s, u"--config"_s, u"/nowhere.ini"_s}));
    CHECK_FALSE(phone::readArguments({u"phone"_s, u"--app-secret-file"_s, u"/nowhere"_s}));
    CHECK(phone::readArguments({u"phone"_s, u"--help"_s})->message->contains(u"--webhook-url"));
}

TEST_CASE("A phone beyond loopback, or without its secrets, is refused")
{
    phone::PhoneConfig config;
    config.number = {"1", "2", "27115550100"};
    config.accessToken = "a";
    config.webhook.appSecret = "b";
    config.address = u"0.0.0.0"_s;
    const Status open = phone::Phone(config).start();
    REQUIRE_FALSE(open);
    CHECK(open.error().code == ErrorCode::denied);
    config.address = u"127.0.0.1"_s;
    CHECK(phone::Phone(config).start());
    config.accessToken.clear();
    CHECK_FALSE(phone::Phone(config).start());
}

TEST_CASE("Test time is set, advanced and held through the control endpoint")
{
    PhoneFixture fixture;
    const auto now = [&] { return objectOf(fixture.control("GET", "/control/time"))[u"now_us"_s].toInteger(); };
    REQUIRE(
        fixture.control("POST", "/control/time", {{u"set_us"_s, qint64(1'800'000'000'000'000)}, {u"frozen"_s, true}})
            .status == 200);
    CHECK(now() == 1'800'000'000'000'000);
    CHECK(objectOf(fixture.control("POST", "/control/time", {{u"advance_us"_s, 5}}))[u"now_us"_s].toInteger() ==
          1'800'000'000'000'005);
    CHECK(now() == 1'800'000'000'000'005);
    REQUIRE(fixture.control("POST", "/control/time", {{u"frozen"_s, false}}).status == 200);
    CHECK(now() > 1'800'000'000'000'005);
    CHECK(fixture.control("POST", "/control/time", {{u"set_us"_s, u"x"_s}}).status == 400);
}

TEST_CASE("Customers' messages that no phone could send are refused")
{
    PhoneFixture fixture;
    const QString from = QString::fromLatin1(PhoneFixture::customer);
    const QJsonObject bad[] = {
        {{u"text"_s, u"x"_s}},
        {{u"from"_s, u"abc"_s}, {u"text"_s, u"x"_s}},
        {{u"from"_s, from}},
        {{u"from"_s, from}, {u"type"_s, u"image"_s}},
        {{u"from"_s, from}, {u"type"_s, u"image"_s}, {u"file"_s, u"%%%"_s}, {u"mime"_s, u"a/b"_s}},
        {{u"from"_s, from}, {u"type"_s, u"song"_s}, {u"text"_s, u"x"_s}},
        {{u"from"_s, from}, {u"text"_s, QString(4097, u'x')}}};
    for (const QJsonObject& object : bad) {
        INFO(QJsonDocument(object).toJson().left(200).toStdString());
        CHECK(fixture.control("POST", "/control/messages", object).status == 400);
    }
    CHECK(fixture.state()[u"messages"_s].toArray().isEmpty());
    CHECK(fixture.receiver.waiting() == 0);
}

TEST_CASE("The program says its ports on one line and ends well on SIGTERM")
{
    const QString program = QStringLiteral(HOLDFAST_BIN_DIR "/holdfast-phone");
    if (!QFile::exists(program))
        SKIP("holdfast-phone is not built in this tree");
    QProcess process;
    process.start(program, {u"--headless"_s, u"--phone-number-id"_s, u"1"_s, u"--waba-id"_s, u"2"_s,
                            u"--access-token"_s, u"t"_s, u"--app-secret"_s, u"s"_s});
    REQUIRE(process.waitForStarted());
    while (!process.canReadLine())
        REQUIRE(process.waitForReadyRead(20'000));
    const QJsonObject ports = QJsonDocument::fromJson(process.readLine()).object();
    CHECK(ports[u"graph"_s].toInt() > 0);
    CHECK(ports[u"control"_s].toInt() > 0);
    process.terminate();
    REQUIRE(process.waitForFinished(20'000));
    CHECK(process.exitStatus() == QProcess::NormalExit);
    CHECK(process.exitCode() == 0);

    QProcess refused;
    refused.start(program, {u"--headless"_s});
    REQUIRE(refused.waitForFinished(20'000));
    CHECK(refused.exitCode() == 1);
    CHECK(refused.readAllStandardError().contains("--phone-number-id"));
}
