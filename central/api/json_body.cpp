#include "central/api/json_body.h"

#include "models/base/json_depth.h"

#include <QJsonDocument>

#include <cmath>

namespace holdfast::api {
namespace {

constexpr int maxDepth = 16;

} // namespace

std::optional<QByteArray> strictBase64(const QString& text)
{
    const QByteArray latin = text.toLatin1();
    auto decoded = QByteArray::fromBase64Encoding(latin, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || (*decoded).toBase64() != latin)
        return std::nullopt;
    return *decoded;
}

Result<JsonBody> JsonBody::parse(const QByteArray& body)
{
    if (nestsDeeperThan(body, maxDepth))
        return fail(ErrorCode::invalidInput, QStringLiteral("The request is nested too deeply."));
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return fail(ErrorCode::invalidInput, QStringLiteral("The request is not a JSON object."));
    return JsonBody(document.object());
}

std::optional<QJsonValue> JsonBody::find(const char* field) const
{
    const auto found = object_.constFind(QLatin1StringView(field));
    if (found == object_.constEnd())
        return std::nullopt;
    return *found;
}

void JsonBody::wrong(const char* field, const char* due)
{
    if (problem_.isEmpty())
        problem_ = QStringLiteral("The field \"%1\" must be %2.").arg(QLatin1StringView(field), QLatin1StringView(due));
}

QString JsonBody::text(const char* field, qsizetype maxLength)
{
    const auto value = find(field);
    const QString text = value && value->isString() ? value->toString() : QString(QChar::Null);
    // Neither NUL nor half a surrogate pair: what PostgreSQL or UTF-8 cannot hold would come back as something else.
    if (text.size() > maxLength || text.contains(QChar::Null) || !text.isValidUtf16()) {
        wrong(field, "a text of bounded length");
        return {};
    }
    return text;
}

QString JsonBody::textOr(const char* field, const QString& otherwise, qsizetype maxLength)
{
    return find(field) ? text(field, maxLength) : otherwise;
}

qint64 JsonBody::integer(const char* field, qint64 low, qint64 high)
{
    const auto value = find(field);
    const double number = value && value->isDouble() ? value->toDouble() : std::nan("");
    if (!(std::floor(number) == number) || number < static_cast<double>(low) || number > static_cast<double>(high)) {
        wrong(field, "a whole number in its range");
        return low;
    }
    return static_cast<qint64>(number);
}

qint64 JsonBody::integerOr(const char* field, qint64 otherwise, qint64 low, qint64 high)
{
    return find(field) ? integer(field, low, high) : otherwise;
}

bool JsonBody::flagOr(const char* field, bool otherwise)
{
    const auto value = find(field);
    if (value && !value->isBool())
        wrong(field, "true or false");
    return value ? value->toBool() : otherwise;
}

QByteArray JsonBody::base64(const char* field, qsizetype maxBytes)
{
    const auto value = find(field);
    const auto bytes = value && value->isString() ? strictBase64(value->toString()) : std::nullopt;
    if (!bytes || bytes->size() > maxBytes) {
        wrong(field, "base64 of bounded length");
        return {};
    }
    return *bytes;
}

QByteArray JsonBody::hex(const char* field, qsizetype exactBytes)
{
    const auto value = find(field);
    const QByteArray digits = value && value->isString() ? value->toString().toLatin1().toLower() : QByteArray();
    const QByteArray bytes = QByteArray::fromHex(digits);
    if (bytes.size() != exactBytes || bytes.toHex() != digits) {
        wrong(field, "hex digits of the right length");
        return {};
    }
    return bytes;
}

QJsonArray JsonBody::array(const char* field, qsizetype maxItems)
{
    const auto value = find(field);
    if (!value || !value->isArray() || value->toArray().size() > maxItems) {
        wrong(field, "a list of bounded length");
        return {};
    }
    return value->toArray();
}

QJsonArray JsonBody::arrayOr(const char* field, qsizetype maxItems)
{
    return find(field) ? array(field, maxItems) : QJsonArray();
}

Status JsonBody::check() const
{
    if (problem_.isEmpty())
        return {};
    return fail(ErrorCode::invalidInput, problem_);
}

} // namespace holdfast::api
