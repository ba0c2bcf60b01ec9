#include "storage/sync/wire.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::sync {
namespace {

constexpr quint64 largestJsonNumber = quint64(1) << 52;
constexpr int pollSlackMs = 15'000; // an answer that is due after the wait may need this long to arrive

QString base64(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

HttpRequest post(const char* path, const QByteArray& token, const QJsonObject& body)
{
    HttpRequest request;
    request.path = path;
    request.token = token;
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return request;
}

QString wordOf(ClosedTarget::What what)
{
    switch (what) {
    case ClosedTarget::What::scope:
        return QStringLiteral("scope");
    case ClosedTarget::What::thread:
        return QStringLiteral("thread");
    case ClosedTarget::What::erasure:
        break;
    }
    return QStringLiteral("erasure");
}

} // namespace

HttpRequest organisationRequest()
{
    HttpRequest request;
    request.method = "GET";
    request.path = "/v1/organisation";
    request.maxAnswerBytes = 64 * 1024;
    return request;
}

HttpRequest signInRequest(const QString& login, const QString& password)
{
    return post("/v1/sign-in", {}, {{QStringLiteral("login"), login}, {QStringLiteral("password"), password}});
}

HttpRequest enrolRequest(const QByteArray& token, const log::SigningKey& device, const QString& name)
{
    return post("/v1/devices", token,
                {{QStringLiteral("public_key"), QString::fromLatin1(device.publicKey().toHex())},
                 {QStringLiteral("name"), name},
                 {QStringLiteral("proof"), base64(device.sign(log::deviceMessage(token)))}});
}

HttpRequest refreshRequest(const QByteArray& refresh, const DeviceId& device, const QByteArray& proof)
{
    return post("/v1/token", {},
                {{QStringLiteral("refresh"), QString::fromUtf8(refresh)},
                 {QStringLiteral("device"), device.toHexString()},
                 {QStringLiteral("proof"), base64(proof)}});
}

HttpRequest changesRequest(const QByteArray& token, const QByteArray& cursor, int waitSeconds, int limit,
                           const QList<ClosedTarget>& closed, const QList<ScopeId>& again)
{
    QJsonObject body{{QStringLiteral("wait"), waitSeconds}, {QStringLiteral("windows"), true}};
    if (!cursor.isEmpty())
        body.insert(QStringLiteral("cursor"), QString::fromUtf8(cursor));
    if (limit < feedBatch)
        body.insert(QStringLiteral("limit"), limit);
    QJsonArray list;
    for (const ClosedTarget& target : closed)
        list.append(QJsonObject{{wordOf(target.what), QString::fromLatin1(target.id.toHex())}});
    if (!list.isEmpty())
        body.insert(QStringLiteral("closed"), list);
    QJsonArray scopes;
    for (const ScopeId& scope : again)
        scopes.append(scope.toHexString());
    if (!scopes.isEmpty())
        body.insert(QStringLiteral("again"), scopes);
    HttpRequest request = post("/v1/changes", token, body);
    request.timeoutMs = waitSeconds * 1000 + pollSlackMs;
    return request;
}

HttpRequest runRequest(const QByteArray& token, const QByteArray& run, const QByteArray& after, bool live)
{
    QJsonObject body{{QStringLiteral("run"), QString::fromLatin1(run.toHex())}, {QStringLiteral("live"), live}};
    if (!after.isEmpty())
        body.insert(QStringLiteral("after"), QString::fromLatin1(after.toHex()));
    return post("/v1/runs", token, body);
}

HttpRequest pushRequest(const QByteArray& token, const QByteArray& run, const QList<PushEntry>& entries)
{
    QJsonArray list;
    for (const PushEntry& entry : entries) {
        list.append(QJsonObject{{QStringLiteral("author_part"), base64(entry.authorPart)},
                                {QStringLiteral("sig"), base64(entry.signature)},
                                {QStringLiteral("salt"), base64(entry.salt)},
                                {QStringLiteral("content"), base64(entry.content)}});
    }
    QJsonObject body{{QStringLiteral("entries"), list}};
    if (!run.isEmpty())
        body.insert(QStringLiteral("run"), QString::fromLatin1(run.toHex()));
    return post("/v1/entries", token, body);
}

HttpRequest proofsRequest(const QByteArray& token, quint64 from, const QByteArray& verified,
                          const QList<ThreadId>& threads)
{
    QJsonArray list;
    for (const ThreadId& thread : threads)
        list.append(thread.toHexString());
    QJsonObject body{{QStringLiteral("from"), static_cast<qint64>(from)}, {QStringLiteral("threads"), list}};
    if (!verified.isEmpty())
        body.insert(QStringLiteral("checkpoint"), QString::fromUtf8(verified));
    return post("/v1/proofs", token, body);
}

HttpRequest threadsRequest(const QByteArray& token, const QList<ScopeId>& scopes, bool records, Position below)
{
    QJsonArray ids;
    for (const ScopeId& scope : scopes)
        ids.append(scope.toHexString());
    QJsonObject body{{QStringLiteral("scopes"), ids}, {QStringLiteral("records"), records}};
    if (below.value <= largestJsonNumber)
        body.insert(QStringLiteral("below"), static_cast<qint64>(below.value));
    return post("/v1/threads", token, body);
}

HttpRequest historyRequest(const QByteArray& token, quint64 size, const QList<RangeRequest>& ranges)
{
    QJsonArray list;
    for (const RangeRequest& range : ranges) {
        QJsonObject one{{QStringLiteral("thread"), range.thread.toHexString()}, {QStringLiteral("limit"), range.limit}};
        if (range.below.value > 0)
            one.insert(QStringLiteral("below"), static_cast<qint64>(range.below.value));
        if (range.at.value > 0)
            one.insert(QStringLiteral("at"), range.at.value);
        if (range.alone)
            one.insert(QStringLiteral("alone"), true);
        if (range.state)
            one.insert(QStringLiteral("state"), true);
        list.append(one);
    }
    return post("/v1/history", token,
                {{QStringLiteral("size"), static_cast<qint64>(size)}, {QStringLiteral("ranges"), list}});
}

HttpRequest beginBlobRequest(const QByteArray& token, const ThreadId& thread, const BlobId& blob, qint64 size,
                             const QString& mime, const Digest& sha256)
{
    return post("/v1/blobs", token,
                {{QStringLiteral("thread"), thread.toHexString()},
                 {QStringLiteral("blob"), blob.toHexString()},
                 {QStringLiteral("size"), size},
                 {QStringLiteral("mime"), mime},
                 {QStringLiteral("sha256"), QString::fromLatin1(sha256.toHex())}});
}

HttpRequest blobChunkRequest(const QByteArray& token, const BlobId& blob, qint64 chunk, const QByteArray& bytes)
{
    HttpRequest request;
    request.method = "PUT";
    request.path = "/v1/blobs/" + blob.toHex() + "/" + QByteArray::number(chunk);
    request.contentType = "application/octet-stream";
    request.body = bytes;
    request.token = token;
    request.timeoutMs = 60'000;
    return request;
}

HttpRequest blobRangeRequest(const QByteArray& token, const BlobId& blob, qint64 first, qint64 last)
{
    HttpRequest request;
    request.method = "GET";
    request.path = "/v1/blobs/" + blob.toHex();
    request.token = token;
    request.range = {first, last};
    request.maxAnswerBytes = last - first + 1;
    request.timeoutMs = 60'000;
    return request;
}

} // namespace holdfast::sync
