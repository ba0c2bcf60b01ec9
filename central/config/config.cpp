#include "central/config/config.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <functional>

namespace holdfast::config {
namespace {

constexpr qint64 maxFileBytes = 256 * 1024;
constexpr qint64 maxSecretBytes = 16 * 1024;

tl::unexpected<Error> wrong(int line, const QString& what)
{
    return fail(ErrorCode::invalidInput, QStringLiteral("Configuration, line %1: %2").arg(line).arg(what));
}

Result<QByteArray> readSecretFile(const QString& file)
{
    QFile handle(file);
    if (!handle.open(QIODevice::ReadOnly))
        return fail(ErrorCode::notFound, QStringLiteral("The file of a secret cannot be read: %1.").arg(file));
    return handle.read(maxSecretBytes).trimmed();
}

std::optional<Endpoint> parseEndpoint(const QString& text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    bool good = false;
    Endpoint endpoint;
    endpoint.address = text.left(colon);
    endpoint.port = text.mid(colon + 1).toUShort(&good);
    if (endpoint.address.startsWith(u'[') && endpoint.address.endsWith(u']'))
        endpoint.address = endpoint.address.mid(1, endpoint.address.size() - 2);
    if (colon <= 0 || !good || endpoint.address.isEmpty())
        return std::nullopt;
    return endpoint;
}

// Holds where the reader is and what it has so far.
class Reader
{
public:
    explicit Reader(QString folder) : folder_(std::move(folder)) {}

    [[nodiscard]] Status line(int number, const QString& text)
    {
        number_ = number;
        if (text.isEmpty() || text.startsWith(u'#') || text.startsWith(u';'))
            return {};
        if (text.startsWith(u'[')) {
            if (!text.endsWith(u']'))
                return wrong(number, QStringLiteral("a section needs a closing bracket."));
            return section(text.mid(1, text.size() - 2).trimmed());
        }
        const qsizetype equals = text.indexOf(u'=');
        if (equals <= 0)
            return wrong(number, QStringLiteral("\"key = value\" was expected."));
        return value(text.left(equals).trimmed(), text.mid(equals + 1).trimmed());
    }

    [[nodiscard]] Result<Config> finish()
    {
        if (config_.storeUrl.isEmpty())
            return fail(ErrorCode::invalidInput, QStringLiteral("Configuration: [store] url is missing."));
        if (config_.keyDirectory.isEmpty())
            return fail(ErrorCode::invalidInput, QStringLiteral("Configuration: [keys] directory is missing."));
        if (config_.tlsCertificate.isEmpty() != config_.tlsKey.isEmpty())
            return fail(ErrorCode::invalidInput,
                        QStringLiteral("Configuration: tls_certificate and tls_key belong together."));
        for (const WhatsAppNumber& number : config_.numbers) {
            if (number.phoneNumberId.isEmpty() || number.accessToken.isEmpty() || number.appSecrets.isEmpty() ||
                number.verifyToken.isEmpty() || number.intakeScope.isEmpty())
                return fail(ErrorCode::invalidInput,
                            QStringLiteral("Configuration: [whatsapp:%1] needs phone_number_id, access_token_file, "
                                           "app_secrets_file, verify_token_file and intake_scope.")
                                .arg(number.name));
        }
        return std::move(config_);
    }

private:
    Status section(const QString& name)
    {
        section_ = name;
        for (const char* known : {"listen", "store", "keys", "anchor"}) {
            if (name == QLatin1String(known))
                return {};
        }
        if (!name.startsWith(QStringLiteral("whatsapp:")))
            return wrong(number_,
                         QStringLiteral("there is no such section. There are [listen], [store], [keys], [anchor] "
                                        "and [whatsapp:NAME]."));
        WhatsAppNumber number;
        number.name = name.mid(9).trimmed();
        if (number.name.isEmpty())
            return wrong(number_, QStringLiteral("a WhatsApp section needs a name: [whatsapp:main]."));
        config_.numbers.push_back(std::move(number));
        return {};
    }

    Status value(const QString& key, const QString& text)
    {
        if (section_ == QStringLiteral("listen"))
            return listen(key, text);
        if (section_ == QStringLiteral("store") && key == QStringLiteral("url"))
            return storeUrl(text);
        if (section_ == QStringLiteral("keys") && key == QStringLiteral("directory"))
            return assign(config_.keyDirectory, file(text));
        if (section_ == QStringLiteral("keys") && key == QStringLiteral("signer"))
            return assign(config_.signerFile, file(text));
        if (section_ == QStringLiteral("anchor") && key == QStringLiteral("directory"))
            return assign(config_.anchorDirectory, file(text));
        if (section_.startsWith(QStringLiteral("whatsapp:")))
            return whatsapp(config_.numbers.back(), key, text);
        return unknown(key);
    }

    Status listen(const QString& key, const QString& text)
    {
        if (key == QStringLiteral("tls_certificate"))
            return assign(config_.tlsCertificate, file(text));
        if (key == QStringLiteral("tls_key"))
            return assign(config_.tlsKey, file(text));
        const bool internal = key == QStringLiteral("internal");
        if (!internal && key != QStringLiteral("public"))
            return unknown(key);
        const auto endpoint = parseEndpoint(text);
        if (!endpoint)
            return wrong(number_, QStringLiteral("\"address:port\" was expected."));
        (internal ? config_.internal : config_.publicListener) = *endpoint;
        return {};
    }

    Status storeUrl(const QString& text)
    {
        const QString prefix = QStringLiteral("sqlcipher:");
        return assign(config_.storeUrl, text.startsWith(prefix) ? prefix + file(text.mid(prefix.size())) : text);
    }

    Status whatsapp(WhatsAppNumber& number, const QString& key, const QString& text)
    {
        const std::map<QString, QString*> plain = {{QStringLiteral("graph_url"), &number.graphUrl},
                                                   {QStringLiteral("version"), &number.version},
                                                   {QStringLiteral("phone_number_id"), &number.phoneNumberId},
                                                   {QStringLiteral("waba_id"), &number.wabaId},
                                                   {QStringLiteral("intake_scope"), &number.intakeScope}};
        if (const auto found = plain.find(key); found != plain.end())
            return assign(*found->second, text);
        const std::map<QString, std::function<void(const QByteArray&)>> secret = {
            {QStringLiteral("access_token"), [&](const QByteArray& bytes) { number.accessToken = bytes; }},
            {QStringLiteral("verify_token"), [&](const QByteArray& bytes) { number.verifyToken = bytes; }},
            {QStringLiteral("app_secrets"),
             [&](const QByteArray& bytes) {
                 for (const QByteArray& line : bytes.split('\n')) {
                     if (!line.trimmed().isEmpty())
                         number.appSecrets.append(line.trimmed());
                 }
             }},
        };
        const QString suffix = QStringLiteral("_file");
        const bool fromFile = key.endsWith(suffix);
        const auto found = secret.find(fromFile ? key.chopped(suffix.size()) : key);
        if (found == secret.end())
            return unknown(key);
        if (!fromFile) {
            config_.warnings.append(
                QStringLiteral("[%1] %2 is written in the configuration itself; use %2_file.").arg(section_, key));
            found->second(text.toUtf8());
            return {};
        }
        auto bytes = readSecretFile(file(text));
        if (!bytes)
            return wrong(number_, bytes.error().text);
        found->second(*bytes);
        return {};
    }

    Status unknown(const QString& key)
    {
        config_.warnings.append(QStringLiteral("[%1] %2 is not a known setting; it is ignored.").arg(section_, key));
        return {};
    }

    static Status assign(QString& target, const QString& text)
    {
        target = text;
        return {};
    }

    [[nodiscard]] QString file(const QString& name) const
    {
        return QDir::cleanPath(QDir(folder_).absoluteFilePath(name));
    }

    QString folder_;
    QString section_;
    int number_ = 0;
    Config config_;
};

} // namespace

Result<Config> parseConfig(const QByteArray& text, const QString& folder)
{
    Reader reader(folder);
    int number = 0;
    for (const QByteArray& line : text.split('\n')) {
        if (const Status status = reader.line(++number, QString::fromUtf8(line).trimmed()); !status)
            return tl::unexpected(status.error());
    }
    return reader.finish();
}

Result<Config> loadConfig(const QString& file)
{
    QFile handle(file);
    if (!handle.open(QIODevice::ReadOnly))
        return fail(ErrorCode::notFound, QStringLiteral("The configuration file cannot be read: %1").arg(file));
    const QByteArray text = handle.read(maxFileBytes + 1);
    if (text.size() > maxFileBytes)
        return fail(ErrorCode::tooLarge, QStringLiteral("The configuration file is larger than 256 KiB: %1").arg(file));
    return parseConfig(text, QFileInfo(file).absolutePath());
}

} // namespace holdfast::config
