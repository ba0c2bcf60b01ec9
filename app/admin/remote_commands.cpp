// user, scope, grant, room, device, policies, api-key, inbox: what goes through a running central.
#include "app/admin/commands.h"
#include "app/admin/remote.h"
#include "app/admin/store_access.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

#include <cstdio>

namespace holdfast::admin {
namespace {

Error unknownCommand(const char* usage)
{
    return {ErrorCode::invalidInput, QStringLiteral("Expected: %1").arg(QLatin1StringView(usage))};
}

struct Remote
{
    Arguments arguments;
    std::unique_ptr<ApiClient> client;
};

Result<Remote> remote(const QStringList& words, const QStringList& options)
{
    auto arguments = Arguments::parse(words, remoteOptions() + options);
    if (!arguments)
        return tl::unexpected(arguments.error());
    auto client = connectTo(*arguments);
    if (!client)
        return tl::unexpected(client.error());
    return Remote{std::move(*arguments), std::move(*client)};
}

// Posts the named options, renamed as the API names them, and prints one field of the answer, or words instead of it.
Status postOptions(Remote& remote, const QString& path, const std::map<QString, QString>& fields, QJsonObject body,
                   const QString& answerField, const char* words = nullptr)
{
    for (const auto& [option, field] : fields) {
        auto value = remote.arguments.required(option);
        if (!value)
            return tl::unexpected(value.error());
        body.insert(field, *value);
    }
    auto answer = remote.client->post(path, body);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonValue value = answer->value(answerField);
    if (words && value == QJsonValue(false))
        words = "It was so already; nothing was changed.";
    std::printf("%s\n", words ? words : qUtf8Printable(value.toVariant().toString()));
    return {};
}

QString pathPart(const QString& text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

const QString userOption = QStringLiteral("user");
const QString nameOption = QStringLiteral("name");
const QString scopeOption = QStringLiteral("scope");

} // namespace

QStringList remoteOptions()
{
    return {QStringLiteral("config"), QStringLiteral("server"), QStringLiteral("ca"), QStringLiteral("login"),
            QStringLiteral("password-file")};
}

Result<std::unique_ptr<ApiClient>> connectTo(const Arguments& arguments)
{
    auto login = arguments.required(QStringLiteral("login"));
    if (!login)
        return fail(ErrorCode::invalidInput, QStringLiteral("--login is needed: who you sign in as."));
    QString server = arguments.option(QStringLiteral("server"));
    if (server.isEmpty()) {
        auto config = configOf(arguments);
        if (!config)
            return tl::unexpected(config.error());
        const bool v6 = config->internal.address.contains(u':');
        server = (config->tlsCertificate.isEmpty() ? QStringLiteral("http://") : QStringLiteral("https://")) +
                 (v6 ? u'[' + config->internal.address + u']' : config->internal.address) + u':' +
                 QString::number(config->internal.port);
    }
    if (!server.startsWith(QStringLiteral("https://")) && !server.startsWith(QStringLiteral("http://")))
        return fail(ErrorCode::invalidInput, QStringLiteral("--server begins with https://, as in "
                                                            "https://central.example:8443."));
    auto password = readSecret(arguments, QStringLiteral("password"), QStringLiteral("Password of ") + *login);
    if (!password)
        return tl::unexpected(password.error());
    auto client = std::make_unique<ApiClient>(server, arguments.option(QStringLiteral("ca")));
    if (const Status signedIn = client->signIn(*login, *password); !signedIn)
        return tl::unexpected(signedIn.error());
    return client;
}

Status userCommand(const QStringList& words)
{
    auto call = remote(words, {userOption, nameOption, QStringLiteral("role"), QStringLiteral("team"),
                               QStringLiteral("new-password-file")});
    if (!call)
        return tl::unexpected(call.error());
    const QStringList verb = call->arguments.words();
    const bool enable = verb == QStringList{QStringLiteral("enable")};
    if (enable || verb == QStringList{QStringLiteral("disable")}) {
        auto user = call->arguments.required(userOption);
        if (!user)
            return tl::unexpected(user.error());
        return postOptions(*call, QStringLiteral("/v1/users/%1/%2").arg(pathPart(*user), verb.first()), {}, {},
                           enable ? QStringLiteral("enabled") : QStringLiteral("disabled"),
                           enable ? "The person can sign in again." : "The person is signed out and cannot sign in.");
    }
    const bool newPassword = verb == QStringList{QStringLiteral("password")};
    if (verb != QStringList{QStringLiteral("add")} && !newPassword)
        return tl::unexpected(unknownCommand("user add | user disable | user enable | user password"));
    auto password = readNewSecret(call->arguments, QStringLiteral("new-password"),
                                  newPassword ? QStringLiteral("New password of the user")
                                              : QStringLiteral("Password of the new user"));
    if (!password)
        return tl::unexpected(password.error());
    if (newPassword) {
        auto user = call->arguments.required(userOption);
        if (!user)
            return tl::unexpected(user.error());
        return postOptions(*call, QStringLiteral("/v1/users/%1/password").arg(pathPart(*user)), {},
                           {{QStringLiteral("password"), *password}}, QStringLiteral("set"),
                           "The new password is set; who was signed in with the old one is signed out.");
    }
    return postOptions(*call, QStringLiteral("/v1/users"),
                       {{userOption, QStringLiteral("login")},
                        {nameOption, nameOption},
                        {QStringLiteral("role"), QStringLiteral("role")}},
                       {{QStringLiteral("password"), *password},
                        {QStringLiteral("team"), call->arguments.option(QStringLiteral("team"))}},
                       userOption);
}

Status scopeCommand(const QStringList& words)
{
    auto call = remote(words, {nameOption, QStringLiteral("type")});
    if (!call)
        return tl::unexpected(call.error());
    if (call->arguments.words() != QStringList{QStringLiteral("add")})
        return tl::unexpected(unknownCommand("scope add"));
    return postOptions(
        *call, QStringLiteral("/v1/scopes"), {{nameOption, nameOption}},
        {{QStringLiteral("type"), call->arguments.option(QStringLiteral("type"), QStringLiteral("team"))}},
        scopeOption);
}

Status grantCommand(const QStringList& words)
{
    auto call = remote(words, {userOption, scopeOption});
    if (!call)
        return tl::unexpected(call.error());
    const QStringList verb = call->arguments.words();
    const bool end = verb == QStringList{QStringLiteral("end")};
    if (verb != QStringList{QStringLiteral("add")} && !end)
        return tl::unexpected(unknownCommand("grant add | grant end"));
    return postOptions(*call, end ? QStringLiteral("/v1/grants/end") : QStringLiteral("/v1/grants"),
                       {{userOption, QStringLiteral("login")}, {scopeOption, scopeOption}}, {},
                       end ? QStringLiteral("ended") : QStringLiteral("granted"),
                       end ? "The person reads this no more; desks destroy it when they next hear of it."
                           : "The person may read and write this.");
}

Status roomCommand(const QStringList& words)
{
    auto call = remote(words, {scopeOption, QStringLiteral("title")});
    if (!call)
        return tl::unexpected(call.error());
    if (call->arguments.words() != QStringList{QStringLiteral("add")})
        return tl::unexpected(unknownCommand("room add"));
    return postOptions(*call, QStringLiteral("/v1/rooms"),
                       {{scopeOption, scopeOption}, {QStringLiteral("title"), QStringLiteral("title")}}, {},
                       QStringLiteral("thread"));
}

Status deviceCommand(const QStringList& words)
{
    auto call = remote(words, {QStringLiteral("device")});
    if (!call)
        return tl::unexpected(call.error());
    const QStringList verb = call->arguments.words();
    const bool releases = verb == QStringList{QStringLiteral("release")};
    if (releases || verb == QStringList{QStringLiteral("revoke")}) {
        auto device = call->arguments.required(QStringLiteral("device"));
        if (!device)
            return tl::unexpected(device.error());
        return postOptions(*call, QStringLiteral("/v1/devices/%1/%2").arg(pathPart(*device), verb.first()), {}, {},
                           releases ? QStringLiteral("released") : QStringLiteral("revoked"),
                           releases ? "The desk that comes next goes on." : "The device is signed out for good.");
    }
    if (verb != QStringList{QStringLiteral("list")})
        return tl::unexpected(unknownCommand("device list | device revoke | device release"));
    auto answer = call->client->get(QStringLiteral("/v1/devices"));
    if (!answer)
        return tl::unexpected(answer.error());
    for (const auto& value : answer->value(QStringLiteral("devices")).toArray()) {
        const QJsonObject device = value.toObject();
        const qint64 holds = device.value(QStringLiteral("still_holds")).toInteger();
        const QByteArray held = holds == 0
                                    ? QByteArray()
                                    : "  (has not said that " + QByteArray::number(holds) + " closed things are gone)";
        std::printf("%s  %-20s  %s%s%s%s\n", qUtf8Printable(device.value(QStringLiteral("device")).toString()),
                    qUtf8Printable(device.value(QStringLiteral("login")).toString()),
                    qUtf8Printable(device.value(QStringLiteral("name")).toString()),
                    device.value(QStringLiteral("revoked")).toBool() ? "  (revoked)" : "",
                    device.value(QStringLiteral("copied")).toBool() ? "  (in use twice, held back)" : "",
                    held.constData());
    }
    return {};
}

Status policiesCommand(const QStringList& words)
{
    auto call = remote(words, {});
    if (!call)
        return tl::unexpected(call.error());
    const QStringList verb = call->arguments.words();
    if (verb.size() != 2 || verb.first() != QStringLiteral("load"))
        return tl::unexpected(unknownCommand("policies load FILE"));
    QFile file(verb.at(1));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::notFound, QStringLiteral("The policy file cannot be read."));
    auto body = call->client->postRaw(QStringLiteral("/v1/policies"), file.readAll(), 64LL * 1024 * 1024);
    if (!body)
        return tl::unexpected(body.error());
    std::printf("%s\n", body->constData());
    const qint64 rejected = QJsonDocument::fromJson(*body).object().value(QStringLiteral("rejected_count")).toInteger();
    if (rejected > 0)
        return fail(ErrorCode::corrupt,
                    QStringLiteral("Lines that were not taken: %1. Mend them and load the file again; "
                                   "what was taken stays as it is.")
                        .arg(rejected));
    return {};
}

Status apiKeyCommand(const QStringList& words)
{
    auto call = remote(words, {nameOption});
    if (!call)
        return tl::unexpected(call.error());
    const QStringList verb = call->arguments.words();
    if (verb == QStringList{QStringLiteral("list")}) {
        auto answer = call->client->get(QStringLiteral("/v1/api-keys"));
        if (!answer)
            return tl::unexpected(answer.error());
        for (const auto& key : answer->value(QStringLiteral("api_keys")).toArray())
            std::printf("%s%s\n", qUtf8Printable(key[nameOption].toString()),
                        key[QStringLiteral("revoked")].toBool() ? "  (revoked)" : "");
        return {};
    }
    const QString keyField = QStringLiteral("key");
    if (verb == QStringList{QStringLiteral("add")})
        return postOptions(*call, QStringLiteral("/v1/api-keys"), {{nameOption, nameOption}}, {}, keyField);
    const bool rotate = verb == QStringList{QStringLiteral("rotate")};
    if (verb != QStringList{QStringLiteral("revoke")} && !rotate)
        return tl::unexpected(unknownCommand("api-key list | api-key add | api-key rotate | api-key revoke"));
    auto name = call->arguments.required(nameOption);
    if (!name)
        return tl::unexpected(name.error());
    const QString path = QStringLiteral("/v1/api-keys/%1/%2").arg(pathPart(*name), verb.first());
    return postOptions(*call, path, {}, {}, rotate ? keyField : QStringLiteral("revoked"),
                       rotate ? nullptr : "The key opens nothing any more.");
}

Status inboxCommand(const QStringList& words)
{
    auto call = remote(words, {});
    if (!call)
        return tl::unexpected(call.error());
    if (call->arguments.words() != QStringList{QStringLiteral("replay")})
        return tl::unexpected(unknownCommand("inbox replay"));
    return postOptions(*call, QStringLiteral("/v1/inbox/replay"), {}, {}, QStringLiteral("waiting"));
}

Status eraseCommand(const QStringList& words)
{
    const QString entryOption = QStringLiteral("entry");
    const QString threadOption = QStringLiteral("thread");
    const QString personOption = QStringLiteral("person");
    const QString reasonOption = QStringLiteral("reason");
    auto call = remote(words, {entryOption, threadOption, personOption, reasonOption});
    if (!call)
        return tl::unexpected(call.error());
    QJsonObject body;
    if (call->arguments.has(entryOption))
        body.insert(QStringLiteral("entries"), QJsonArray{call->arguments.option(entryOption)});
    for (const QString& option : {threadOption, personOption, reasonOption}) {
        if (call->arguments.has(option))
            body.insert(option, call->arguments.option(option));
    }
    auto answer = call->client->post(QStringLiteral("/v1/erase"), body);
    if (!answer)
        return tl::unexpected(answer.error());
    std::printf("erased %lld entries and %lld files in %lld threads\n",
                static_cast<long long>(answer->value(QStringLiteral("entries")).toInteger()),
                static_cast<long long>(answer->value(QStringLiteral("blobs")).toInteger()),
                static_cast<long long>(answer->value(QStringLiteral("threads")).toInteger()));
    if (!answer->value(QStringLiteral("settled")).toBool(true))
        std::printf("central was busy: it destroys the older keys within the hour\n");
    return {};
}

} // namespace holdfast::admin
