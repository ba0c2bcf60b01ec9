#include "storage/sync/json_fields.h"

namespace holdfast::sync {
namespace {

constexpr qsizetype maxProofLevels = 64;

std::optional<QByteArray> decoded(const QString& text)
{
    const auto result = QByteArray::fromBase64Encoding(text.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    return result ? std::optional<QByteArray>(*result) : std::nullopt;
}

} // namespace

JsonFields::JsonFields(const QJsonValue& value) : object_(value.toObject()), good_(value.isObject()) {}

bool JsonFields::has(const char* key) const
{
    const QJsonValue found = value(key);
    return !found.isUndefined() && !found.isNull();
}

QString JsonFields::text(const char* key, qsizetype maxLength)
{
    const QJsonValue found = value(key);
    const QString text = found.toString();
    if (!found.isString() || text.size() > maxLength) {
        spoil();
        return {};
    }
    return text;
}

QByteArray JsonFields::opaque(const char* key, qsizetype maxLength)
{
    return text(key, maxLength).toUtf8();
}

QByteArray JsonFields::base64(const char* key, qsizetype maxBytes)
{
    const auto bytes = decoded(text(key, (maxBytes + 2) / 3 * 4));
    if (!bytes || bytes->size() > maxBytes) {
        spoil();
        return {};
    }
    return *bytes;
}

QByteArray JsonFields::hex(const char* key, qsizetype bytes)
{
    const QByteArray digits = text(key, 2 * bytes).toLatin1().toLower();
    const QByteArray result = QByteArray::fromHex(digits);
    if (result.size() != bytes || result.toHex() != digits) {
        spoil();
        return {};
    }
    return result;
}

Digest JsonFields::digest(const char* key)
{
    const auto digest = Digest::fromBytes(base64(key, 32));
    if (!digest)
        spoil();
    return digest.value_or(Digest());
}

quint64 JsonFields::number(const char* key)
{
    const QJsonValue found = value(key);
    const qint64 number = found.toInteger(-1);
    if (!found.isDouble() || number < 0) {
        spoil();
        return 0;
    }
    return static_cast<quint64>(number);
}

bool JsonFields::flag(const char* key)
{
    const QJsonValue found = value(key);
    if (!found.isBool())
        spoil();
    return found.toBool();
}

QJsonArray JsonFields::list(const char* key, qsizetype maxLength)
{
    const QJsonValue found = value(key);
    const QJsonArray array = found.toArray();
    if (!found.isArray() || array.size() > maxLength) {
        spoil();
        return {};
    }
    return array;
}

std::vector<Digest> JsonFields::digests(const char* key)
{
    std::vector<Digest> digests;
    for (const QJsonValue& item : list(key, maxProofLevels)) {
        const auto bytes = decoded(item.toString());
        const auto digest = bytes ? Digest::fromBytes(*bytes) : std::nullopt;
        if (!digest) {
            spoil();
            return {};
        }
        digests.push_back(*digest);
    }
    return digests;
}

JsonFields JsonFields::object(const char* key)
{
    JsonFields inner(value(key));
    if (!inner.good())
        spoil();
    return inner;
}

} // namespace holdfast::sync
