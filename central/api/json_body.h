// Reading request bodies strictly: every field is checked for its type, and nothing nests deeper than it must.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>

#include <optional>

namespace holdfast::api {

// The first wrong field is remembered; the getters then answer empty values, and check() tells.
class JsonBody
{
public:
    // invalidInput: not one JSON object, or nested deeper than 16.
    [[nodiscard]] static Result<JsonBody> parse(const QByteArray& body);
    explicit JsonBody(QJsonObject object) : object_(std::move(object)) {}

    [[nodiscard]] QString text(const char* field, qsizetype maxLength = 1000); // required
    [[nodiscard]] QString textOr(const char* field, const QString& otherwise, qsizetype maxLength = 1000);
    [[nodiscard]] qint64 integer(const char* field, qint64 low, qint64 high); // required
    [[nodiscard]] qint64 integerOr(const char* field, qint64 otherwise, qint64 low, qint64 high);
    [[nodiscard]] bool flagOr(const char* field, bool otherwise);
    [[nodiscard]] QByteArray base64(const char* field, qsizetype maxBytes);  // required, strict
    [[nodiscard]] QByteArray hex(const char* field, qsizetype exactBytes);   // required
    [[nodiscard]] QJsonArray array(const char* field, qsizetype maxItems);   // required
    [[nodiscard]] QJsonArray arrayOr(const char* field, qsizetype maxItems); // empty when absent
    template <typename IdType>
    [[nodiscard]] IdType id(const char* field)
    {
        return IdType::fromBytes(hex(field, IdType::size)).value_or(IdType());
    }

    [[nodiscard]] Status check() const;

private:
    void wrong(const char* field, const char* due);
    [[nodiscard]] std::optional<QJsonValue> find(const char* field) const;
    QJsonObject object_;
    QString problem_;
};

// Base64 with padding and nothing else (RFC 4648 section 4); nothing for any other byte.
[[nodiscard]] std::optional<QByteArray> strictBase64(const QString& text);

} // namespace holdfast::api
