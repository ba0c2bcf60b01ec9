// Strict reading of one JSON object from outside: a missing field or another type spoils the whole.
#pragma once

#include "models/base/digest.h"
#include "models/base/ids.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace holdfast::sync {

// Read all fields, then ask good(). After a failure every read answers an empty value.
class JsonFields
{
public:
    explicit JsonFields(QJsonObject object) : object_(std::move(object)) {}
    explicit JsonFields(const QJsonValue& value);

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool has(const char* key) const; // present and not null

    [[nodiscard]] QString text(const char* key, qsizetype maxLength = 1024);
    [[nodiscard]] QByteArray opaque(const char* key, qsizetype maxLength = 8192); // text kept as its UTF-8 bytes
    [[nodiscard]] QByteArray base64(const char* key, qsizetype maxBytes);
    [[nodiscard]] QByteArray hex(const char* key, qsizetype bytes);
    [[nodiscard]] Digest digest(const char* key); // base64 of 32 bytes
    [[nodiscard]] quint64 number(const char* key);
    [[nodiscard]] bool flag(const char* key);
    [[nodiscard]] QJsonArray list(const char* key, qsizetype maxLength);
    [[nodiscard]] std::vector<Digest> digests(const char* key); // a Merkle proof: at most 64 levels
    [[nodiscard]] JsonFields object(const char* key);

    template <typename IdType>
    [[nodiscard]] IdType id(const char* key)
    {
        const auto id = IdType::fromHex(QStringView(text(key, 2 * IdType::size)));
        if (!id)
            spoil();
        return id.value_or(IdType());
    }
    void spoil() { good_ = false; }

private:
    [[nodiscard]] QJsonValue value(const char* key) const { return object_.value(QLatin1String(key)); }

    QJsonObject object_;
    bool good_ = true;
};

} // namespace holdfast::sync
