#include "tests/central_programs/remote_desk.h"

#include <QJsonDocument>

namespace holdfast::test {
namespace {

QString text(const QByteArray& raw)
{
    return QString::fromLatin1(raw.toBase64());
}

} // namespace

std::future<Reply> send(http::Client& client, const QByteArray& method, quint16 port, const QString& path,
                        const QJsonObject& body, const QByteArray& token)
{
    http::ClientRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + QByteArray::number(port) + path.toUtf8();
    if (method != "GET")
        request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    if (!token.isEmpty())
        request.headers.set("Authorization", "Bearer " + token);
    request.timeout = std::chrono::seconds(60);
    auto promise = std::make_shared<std::promise<Reply>>();
    client.send(std::move(request), [promise](const Result<http::ClientResponse>& response) {
        promise->set_value(
            response ? Reply{response->status, QJsonDocument::fromJson(response->body).object(), response->body}
                     : Reply());
    });
    return promise->get_future();
}

bool RemoteDesk::signIn(quint16 port, const QString& login, const QString& password)
{
    const Reply about = send(client_, "GET", port, QStringLiteral("/v1/organisation"), {}, {}).get();
    const auto org = OrgId::fromHex(about.body.value(QStringLiteral("org")).toString());
    const Reply signedIn = send(client_, "POST", port, QStringLiteral("/v1/sign-in"),
                                {{QStringLiteral("login"), login}, {QStringLiteral("password"), password}}, {})
                               .get();
    const QJsonObject person = signedIn.body.value(QStringLiteral("user")).toObject();
    const auto user = UserId::fromHex(person.value(QStringLiteral("id")).toString());
    if (!org || !user)
        return false;
    org_ = *org;
    user_ = *user;
    token_ = signedIn.body.value(QStringLiteral("token")).toString().toLatin1();
    key_ = std::make_unique<log::SigningKey>(*log::SigningKey::fromSeed(random_.bytes(32)));
    const Reply enrolled = send(client_, "POST", port, QStringLiteral("/v1/devices"),
                                {{QStringLiteral("public_key"), QString::fromLatin1(key_->publicKey().toHex())},
                                 {QStringLiteral("name"), QStringLiteral("Desk")},
                                 {QStringLiteral("proof"), text(key_->sign(log::deviceMessage(token_)))}},
                                token_)
                               .get();
    return enrolled.status == 200;
}

QJsonObject RemoteDesk::say(const ThreadId& room, const QString& words)
{
    domain::RoomMessage message;
    message.text = words;
    const QByteArray content = domain::toJson(message);
    const QByteArray salt = random_.bytes(32);
    log::AuthorPart part;
    part.entryId = random_.entryId(clock_.now());
    part.thread = room;
    part.kind = domain::number(domain::Kind::roomMessage);
    part.author = user_;
    part.device = log::deviceOf(key_->publicKey());
    part.deviceSeq = DeviceSeq{++lastSeq_};
    part.claimedAt = clock_.now();
    part.commit = log::commitment(salt, part.kind, content);
    const QByteArray bytes = log::encode(part);
    return {{QStringLiteral("author_part"), text(bytes)},
            {QStringLiteral("sig"), text(key_->sign(log::entryMessage(org_, bytes)))},
            {QStringLiteral("salt"), text(salt)},
            {QStringLiteral("content"), text(content)}};
}

std::future<Reply> RemoteDesk::push(quint16 port, const QJsonArray& entries)
{
    return send(client_, "POST", port, QStringLiteral("/v1/entries"), {{QStringLiteral("entries"), entries}}, token_);
}

std::future<Reply> RemoteDesk::poll(quint16 port, int seconds)
{
    QJsonObject body{{QStringLiteral("wait"), seconds}};
    if (!cursor_.isEmpty())
        body.insert(QStringLiteral("cursor"), cursor_);
    return send(client_, "POST", port, QStringLiteral("/v1/changes"), body, token_);
}

bool RemoteDesk::take(const Reply& reply)
{
    if (reply.status != 200)
        return false;
    cursor_ = reply.body.value(QStringLiteral("cursor")).toString();
    for (const QJsonValue& value : reply.body.value(QStringLiteral("entries")).toArray()) {
        const QByteArray header =
            QByteArray::fromBase64(value.toObject().value(QStringLiteral("header")).toString().toLatin1());
        const auto decoded = log::decodeHeader(header);
        const auto author = decoded ? log::decodeAuthorPart(decoded->authorPart) : tl::unexpected(decoded.error());
        if (!author)
            return false;
        if (author->kind == domain::number(domain::Kind::roomMessage))
            heard_.append(author->entryId.toBytes());
    }
    return true;
}

bool RemoteDesk::catchUp(quint16 port)
{
    for (int round = 0; round < 1000; ++round) {
        const Reply reply = poll(port, 0).get();
        if (!take(reply))
            return false;
        if (!reply.body.value(QStringLiteral("more")).toBool())
            return true;
    }
    return false;
}

} // namespace holdfast::test
