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

// An epoch.began entry says that the log below its own position is the one that was restored. `witnessed`: central
// appended to it before a desk told it, so what this desk holds of it may be of the lost log from any position on.
struct Beginning
{
    local::RestoredPoint point;
    bool witnessed = false;
};

std::optional<Beginning> beginningOf(const QJsonValue& value)
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
    return Beginning{{header->epoch, header->pos, *root}, said.value(QLatin1String("witnessed")).toBool()};
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
    std::vector<Beginning> beginnings;
    for (const QJsonValue& epoch : epochs) {
        const auto beginning = beginningOf(epoch);
        if (!beginning)
            return std::nullopt;
        beginnings.push_back(*beginning);
    }
    if (!fields.good() || beginnings.empty() || found.cursor.isEmpty())
        return std::nullopt;
    found.point = {beginnings.back().point.epoch, beginnings.front().point.pos, beginnings.front().point.root};
    if (std::any_of(beginnings.begin(), beginnings.end(), [](const Beginning& b) { return b.witnessed; })) {
        found.point.pos = {};
        found.cursor.clear();
    }
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
