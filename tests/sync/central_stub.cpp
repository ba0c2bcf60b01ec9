#include "tests/sync/central_stub.h"

#include "models/domain/content.h"
#include "models/log/entry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::test {
namespace {

const QByteArray orgHex(32, 'a');
const QByteArray userHex(32, 'b');

QString base64(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

QJsonObject objectOf(const QByteArray& body)
{
    return QJsonDocument::fromJson(body).object();
}

QByteArray denied()
{
    return R"({"error":{"code":"denied","text":"Sign in."}})";
}

} // namespace

CentralStub::CentralStub() : key_(std::move(*log::SigningKey::fromSeed(QByteArray(32, 'k')))) {}

QList<EntryId> CentralStub::accepted() const
{
    const QMutexLocker lock(&mutex_);
    return accepted_;
}

void CentralStub::show(SmallLog log)
{
    const QMutexLocker lock(&mutex_);
    log.org = *OrgId::fromHex(QByteArrayView(orgHex));
    log_ = std::move(log);
}

void CentralStub::open(const ThreadId& thread)
{
    domain::ThreadOpened opened;
    opened.scope = *ScopeId::fromHex(QByteArrayView(orgHex));
    const QByteArray content = domain::toJson(opened);
    const QByteArray salt(32, 's');
    log::AuthorPart part;
    part.entryId = *EntryId::fromHex(QByteArrayView(orgHex));
    part.thread = thread;
    part.kind = domain::number(domain::Kind::threadOpened);
    part.commit = log::commitment(salt, part.kind, content);
    log::Header header;
    header.authorPart = log::encode(part);
    header.scope = opened.scope;
    header.threadSeq = ThreadSeq{1};
    const QMutexLocker lock(&mutex_);
    entries_.append(QJsonObject{{QStringLiteral("header"), base64(log::encode(header))},
                                {QStringLiteral("salt"), base64(salt)},
                                {QStringLiteral("content"), base64(content)}});
}

QByteArray CentralStub::changes() const
{
    const QMutexLocker lock(&mutex_);
    QJsonObject answer{{QStringLiteral("entries"), entries_},
                       {QStringLiteral("scopes"), QJsonArray()},
                       {QStringLiteral("cursor"), QStringLiteral("c1")},
                       {QStringLiteral("more"), false},
                       {QStringLiteral("head"), 0}};
    if (log_)
        answer.insert(QStringLiteral("checkpoint"), QString::fromUtf8(log_->note()));
    return QJsonDocument(answer).toJson(QJsonDocument::Compact);
}

TinyReply CentralStub::proofs(const QByteArray& body) const
{
    const QMutexLocker lock(&mutex_);
    if (!log_)
        return TinyReply::json(404, R"({"error":{"code":"not_found","text":"No checkpoint yet."}})");
    const qint64 from = objectOf(body).value(QLatin1String("from")).toInteger();
    return TinyReply::json(200, QJsonDocument(log_->proofsJson(quint64(from))).toJson(QJsonDocument::Compact));
}

TinyReply CentralStub::answer(const TinyRequest& request)
{
    if (request.path == "/v1/organisation")
        return TinyReply::json(200, R"({"org":")" + orgHex + R"(","name":"Umoya Insurance","log_key":")" +
                                        key_.publicKey().toHex() + R"(","epoch":0,"version":"0.1"})");
    if (request.path == "/v1/sign-in") {
        const bool good =
            objectOf(request.body).value(QLatin1String("password")).toString() == QLatin1String("right password");
        return good ? TinyReply::json(200, tokens()) : TinyReply::json(401, denied());
    }
    if (request.path == "/v1/devices") {
        const QString key = objectOf(request.body).value(QLatin1String("public_key")).toString();
        const DeviceId device = log::deviceOf(QByteArray::fromHex(key.toLatin1()));
        return TinyReply::json(200, R"({"device":")" + device.toHex() + R"(","pos":1})");
    }
    if (isBusy)
        return TinyReply::json(503, R"({"error":{"code":"busy","text":"Later."}})");
    if (request.path == "/v1/token")
        return refusesTokens ? TinyReply::json(401, denied()) : TinyReply::json(200, tokens());
    if (request.path == "/v1/changes")
        return TinyReply::json(200, changes());
    if (request.path == "/v1/proofs")
        return proofs(request.body);
    if (request.path == "/v1/entries")
        return TinyReply::json(200, push(request.body));
    return TinyReply::json(404, R"({"error":{"code":"not_found","text":"Nothing here."}})");
}

QByteArray CentralStub::tokens()
{
    const QByteArray number = QByteArray::number(++serial_);
    return R"({"token":"t)" + number + R"(","expires_at":9999999999999999,"refresh":"r)" + number +
           (saysActs ? R"(","acts":")" + QByteArray(32, 'd') : QByteArray()) + R"(","user":{"id":")" + userHex +
           R"(","name":"Thandi Nkosi","login":"thandi","role":"agent"}})";
}

QByteArray CentralStub::push(const QByteArray& body)
{
    QJsonArray results;
    for (const QJsonValue& item : objectOf(body).value(QLatin1String("entries")).toArray()) {
        const QByteArray bytes =
            QByteArray::fromBase64(item.toObject().value(QLatin1String("author_part")).toString().toLatin1());
        const auto part = log::decodeAuthorPart(bytes);
        if (!part)
            continue;
        const QMutexLocker lock(&mutex_);
        const bool again = accepted_.contains(part->entryId);
        if (!again)
            accepted_.append(part->entryId);
        log::Header header;
        header.authorPart = bytes;
        header.signature = QByteArray(64, 's');
        header.threadSeq = ThreadSeq{1};
        header.pos = Position{static_cast<quint64>(accepted_.indexOf(part->entryId))};
        const QByteArray message = log::receiptMessage(*OrgId::fromHex(QByteArrayView(orgHex)), part->entryId,
                                                       part->commit.toBytes(), header.pos, {});
        results.append(
            QJsonObject{{QStringLiteral("entry"), part->entryId.toHexString()},
                        {QStringLiteral("result"), again ? QStringLiteral("duplicate") : QStringLiteral("accepted")},
                        {QStringLiteral("pos"), static_cast<qint64>(header.pos.value)},
                        {QStringLiteral("header"), base64(log::encode(header))},
                        {QStringLiteral("receipt"), base64(key_.sign(message))}});
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("results"), results}}).toJson(QJsonDocument::Compact);
}

} // namespace holdfast::test
