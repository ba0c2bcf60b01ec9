#include "storage/sync/restore_wire.h"

#include "models/domain/kinds.h"
#include "models/log/entry.h"
#include "storage/sync/json_fields.h"

#include <QJsonDocument>

namespace holdfast::sync {
namespace {

constexpr qsizetype maxEpochs = 100;
constexpr qsizetype maxCursorBytes = 64 * 1024;
constexpr qsizetype maxHeaderBytes = 1024;

// An epoch.began entry says that the log below its own position is the one that was restored.
std::optional<local::RestoredPoint> beginningOf(const QJsonValue& value)
{
    JsonFields fields(value);
    const QByteArray headerBytes = fields.base64("header", maxHeaderBytes);
    const QByteArray content = fields.base64("content", log::maxContentBytes);
    const QByteArray salt = fields.base64("salt", 32);
    const auto header = log::decodeHeader(headerBytes);
    const auto part = header ? log::decodeAuthorPart(header->authorPart) : fail(ErrorCode::invalidInput, {});
    if (!fields.good() || !part || part->kind != domain::number(domain::Kind::epochBegan) || !part->author.isNull() ||
        log::commitment(salt, part->kind, content) != part->commit)
        return std::nullopt;
    const QJsonObject said = QJsonDocument::fromJson(content).object();
    const auto root = Digest::fromBytes(QByteArray::fromHex(said.value(QLatin1String("root")).toString().toLatin1()));
    const qint64 size = said.value(QLatin1String("size")).toInteger(-1);
    if (!root || size < 0 || static_cast<quint64>(size) != header->pos.value)
        return std::nullopt;
    return local::RestoredPoint{header->epoch, header->pos, *root};
}

QString base64(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

} // namespace

std::optional<NewEpoch> readNewEpoch(const Result<HttpAnswer>& answer)
{
    if (!answer || answer->status != 200)
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(answer->body);
    JsonFields fields(document.object());
    const QJsonArray epochs = fields.list("epochs", maxEpochs);
    NewEpoch found;
    found.cursor = fields.opaque("cursor", maxCursorBytes);
    const auto oldest = epochs.isEmpty() ? std::nullopt : beginningOf(epochs.first());
    const auto newest = epochs.isEmpty() ? std::nullopt : beginningOf(epochs.last());
    if (!fields.good() || !oldest || !newest || found.cursor.isEmpty())
        return std::nullopt;
    found.point = {newest->epoch, oldest->pos, oldest->root};
    return found;
}

HttpRequest epochsRequest(const QByteArray& token, const QByteArray& cursor)
{
    HttpRequest request;
    request.path = "/v1/epochs";
    request.token = token;
    request.body = QJsonDocument(QJsonObject{{QStringLiteral("cursor"), QString::fromUtf8(cursor)}})
                       .toJson(QJsonDocument::Compact);
    return request;
}

HttpRequest offersRequest(const QByteArray& token, const QList<local::LostEntry>& entries)
{
    QJsonArray list;
    for (const local::LostEntry& lost : entries) {
        QJsonObject object{{QStringLiteral("header"), base64(lost.header)},
                           {QStringLiteral("salt"), base64(lost.entry.salt)},
                           {QStringLiteral("content"), base64(lost.entry.content)}};
        if (!lost.voucher.isEmpty())
            object.insert(QStringLiteral("voucher"), base64(lost.voucher));
        if (!lost.receipt.isEmpty())
            object.insert(QStringLiteral("receipt"), base64(lost.receipt));
        list.append(object);
    }
    HttpRequest request;
    request.path = "/v1/offers";
    request.token = token;
    request.body = QJsonDocument(QJsonObject{{QStringLiteral("entries"), list}}).toJson(QJsonDocument::Compact);
    request.timeoutMs = 60'000;
    return request;
}

} // namespace holdfast::sync
