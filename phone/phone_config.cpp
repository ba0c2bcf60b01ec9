#include "phone/phone_config.h"

#include <QCommandLineParser>
#include <QFile>
#include <QSettings>

namespace holdfast::phone {
namespace {

using namespace Qt::StringLiterals;

struct Key
{
    const char* name; // with '_' in the file, '-' in the flag
    const char* help;
};

constexpr Key keys[] = {
    {"address", "Loopback address to listen on."},
    {"graph_port", "Port of the Cloud API; 0 lets the system pick."},
    {"control_port", "Port of the control endpoint; 0 lets the system pick."},
    {"phone_number_id", "Id of the business number."},
    {"waba_id", "Id of the business account."},
    {"display_phone_number", "The business number itself, digits."},
    {"business_name", "What customers see on their phones as the business's name."},
    {"webhook_url", "Where webhooks are delivered."},
    {"webhook_ca", "PEM file of the authority that the webhook's certificate is checked against."},
    {"access_token_file", "File with the token that the Cloud API asks for."},
    {"access_token", "The token itself; a file is better."},
    {"app_secret_file", "File with the secret that signs webhooks."},
    {"app_secret", "The secret itself; a file is better."},
    {"verify_token_file", "File with the token of the webhook handshake."},
    {"verify_token", "The token itself; a file is better."},
    {"retry_base_ms", "First wait before a webhook is delivered again; doubles up to a minute."},
    {"enforce_window", "false: free text goes out after 24 hours too."},
};

constexpr qint64 maxSecretFile = 64 * 1024;

QString flagName(const char* name)
{
    return QString::fromLatin1(name).replace(u'_', u'-');
}

class Values
{
public:
    Values(const QCommandLineParser& parser, const QSettings* file) : parser_(parser), file_(file) {}

    [[nodiscard]] QString text(const char* name) const
    {
        if (parser_.isSet(flagName(name)))
            return parser_.value(flagName(name));
        return file_ ? file_->value(u"phone/"_s + QString::fromLatin1(name)).toString() : QString();
    }
    [[nodiscard]] Result<int> number(const char* name, int whenAbsent, int most) const
    {
        const QString given = text(name);
        bool good = false;
        const int value = given.toInt(&good);
        if (given.isEmpty())
            return whenAbsent;
        if (!good || value < 0 || value > most)
            return fail(ErrorCode::invalidInput, u"The value of %1 is not a number that fits."_s.arg(flagName(name)));
        return value;
    }
    // The file's first line, or the inline value.
    [[nodiscard]] Result<QByteArray> secret(const QByteArray& name) const
    {
        const QString path = text(QByteArray(name + "_file").constData());
        if (path.isEmpty())
            return text(name.constData()).toUtf8();
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::io, u"The file of %1 cannot be read."_s.arg(QString::fromLatin1(name)));
        const QByteArray content = file.read(maxSecretFile);
        return content.left(content.indexOf('\n') < 0 ? content.size() : content.indexOf('\n')).trimmed();
    }

private:
    const QCommandLineParser& parser_;
    const QSettings* const file_;
};

Result<PhoneConfig> readConfig(const Values& values)
{
    PhoneConfig config;
    if (const QString address = values.text("address"); !address.isEmpty())
        config.address = address;
    const auto graphPort = values.number("graph_port", 0, 65535);
    const auto controlPort = values.number("control_port", 0, 65535);
    const auto retry = values.number("retry_base_ms", config.webhook.retryBaseMs, 3'600'000);
    const auto token = values.secret("access_token");
    const auto appSecret = values.secret("app_secret");
    const auto verifyToken = values.secret("verify_token");
    for (const auto* number : {&graphPort, &controlPort, &retry}) {
        if (!*number)
            return tl::unexpected(number->error());
    }
    for (const auto* secret : {&token, &appSecret, &verifyToken}) {
        if (!*secret)
            return tl::unexpected(secret->error());
    }
    config.graphPort = static_cast<quint16>(*graphPort);
    config.controlPort = static_cast<quint16>(*controlPort);
    config.number = {values.text("waba_id").toLatin1(), values.text("phone_number_id").toLatin1(),
                     phoneDigits(values.text("display_phone_number").toLatin1())};
    config.businessName = values.text("business_name");
    config.accessToken = *token;
    config.webhook.url = values.text("webhook_url").toLatin1();
    config.webhook.caFile = values.text("webhook_ca");
    config.webhook.appSecret = *appSecret;
    config.webhook.verifyToken = *verifyToken;
    config.webhook.retryBaseMs = *retry;
    config.enforceWindow = values.text("enforce_window") != u"false";
    return config;
}

} // namespace

Result<PhoneArguments> readArguments(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"A customer's phone for demonstration and tests, with a stand-in of the Cloud API."_s);
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();
    parser.addOption({u"headless"_s, u"No window."_s});
    parser.addOption({u"dark"_s, u"A dark window."_s});
    parser.addOption({u"config"_s, u"INI file with a section [phone]."_s, u"FILE"_s});
    for (const Key& key : keys)
        parser.addOption({flagName(key.name), QString::fromLatin1(key.help), u"VALUE"_s});
    if (!parser.parse(arguments))
        return fail(ErrorCode::invalidInput, parser.errorText());
    PhoneArguments out;
    if (parser.isSet(help))
        out.message = parser.helpText();
    else if (parser.isSet(version))
        out.message = u"holdfast-phone " HOLDFAST_VERSION "\n"_s;
    if (out.message)
        return out;
    std::unique_ptr<QSettings> file;
    if (parser.isSet(u"config"_s)) {
        if (!QFile::exists(parser.value(u"config"_s)))
            return fail(ErrorCode::io, u"There is no configuration file at the given path."_s);
        file = std::make_unique<QSettings>(parser.value(u"config"_s), QSettings::IniFormat);
        if (file->status() != QSettings::NoError)
            return fail(ErrorCode::invalidInput, u"The configuration file is not well formed."_s);
    }
    out.headless = parser.isSet(u"headless"_s);
    out.dark = parser.isSet(u"dark"_s);
    auto config = readConfig(Values(parser, file.get()));
    if (!config)
        return tl::unexpected(config.error());
    out.config = std::move(*config);
    return out;
}

} // namespace holdfast::phone
