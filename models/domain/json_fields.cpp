#include "models/domain/json_fields.h"

#include <limits>

namespace holdfast::domain {
namespace {

constexpr qint64 largestExact = qint64(1) << 53; // JSON numbers are doubles to most readers
constexpr int deepestWritten = 60;               // of a value inside a content; parseContent() reads to 64

bool readWhole(const QJsonValue& json, qint64 least, qint64 most, qint64& out)
{
    constexpr qint64 notWhole = std::numeric_limits<qint64>::min();
    const qint64 value = json.isDouble() ? json.toInteger(notWhole) : notWhole;
    if (value < least || value > most)
        return false;
    out = value;
    return true;
}

template <typename Word>
bool take(const std::optional<Word>& word, Word& out)
{
    if (word)
        out = *word;
    return word.has_value();
}

bool isStorableText(QStringView text)
{
    return text.isValidUtf16() && !text.contains(QChar::Null);
}

} // namespace

bool readValue(const QJsonValue& json, QString& out)
{
    out = json.toString();
    return json.isString();
}

bool readValue(const QJsonValue& json, bool& out)
{
    out = json.toBool();
    return json.isBool();
}

bool readValue(const QJsonValue& json, int& out)
{
    qint64 value = 0;
    const bool good = readWhole(json, std::numeric_limits<int>::min(), std::numeric_limits<int>::max(), value);
    out = static_cast<int>(value);
    return good;
}

bool readValue(const QJsonValue& json, qint64& out)
{
    return readWhole(json, 0, largestExact, out);
}

bool readValue(const QJsonValue& json, Timestamp& out)
{
    return readWhole(json, 0, largestExact, out.value);
}

std::optional<quint64> readCount(const QJsonValue& json)
{
    qint64 value = 0;
    if (!readWhole(json, 0, largestExact, value))
        return std::nullopt;
    return static_cast<quint64>(value);
}

bool readValue(const QJsonValue& json, QByteArray& out)
{
    const QByteArray hex = json.toString().toLatin1();
    out = QByteArray::fromHex(hex);
    return json.isString() && out.toHex() == hex.toLower();
}

bool readValue(const QJsonValue& json, Digest& out)
{
    QByteArray bytes;
    if (!readValue(json, bytes))
        return false;
    const auto digest = Digest::fromBytes(bytes);
    return take(digest, out);
}

bool readValue(const QJsonValue& json, QJsonObject& out)
{
    out = json.toObject();
    return json.isObject();
}

bool readValue(const QJsonValue& json, ThreadType& out)
{
    return take(threadTypeOf(json.toString()), out);
}

bool readValue(const QJsonValue& json, ThreadStatus& out)
{
    return take(threadStatusOf(json.toString()), out);
}

bool readValue(const QJsonValue& json, DeliveryStatus& out)
{
    return take(deliveryStatusOf(json.toString()), out);
}

bool readValue(const QJsonValue& json, CustodyStep& out)
{
    return take(custodyStepOf(json.toString()), out);
}

bool readValue(const QJsonValue& json, ScopeType& out)
{
    return take(scopeTypeOf(json.toString()), out);
}

QString storableText(const QString& text)
{
    if (isStorableText(text))
        return text;
    QString clean = text;
    for (qsizetype i = 0; i < clean.size(); ++i) {
        const bool isPair = clean[i].isHighSurrogate() && i + 1 < clean.size() && clean[i + 1].isLowSurrogate();
        if (isPair)
            ++i;
        else if (clean[i].isSurrogate() || clean[i].isNull())
            clean[i] = QChar::ReplacementCharacter;
    }
    return clean;
}

bool isStorable(const QJsonValue& value)
{
    if (value.isString())
        return isStorableText(value.toString());
    if (value.isArray()) {
        for (const QJsonValue item : value.toArray()) {
            if (!isStorable(item))
                return false;
        }
    }
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto field = object.begin(); field != object.end(); ++field) {
            if (!isStorableText(field.key()) || !isStorable(field.value()))
                return false;
        }
    }
    return true;
}

QJsonValue storable(const QJsonValue& value, int depth)
{
    if (value.isString())
        return storableText(value.toString());
    if (!value.isArray() && !value.isObject())
        return value;
    if (depth >= deepestWritten)
        return QJsonValue();
    if (value.isArray()) {
        QJsonArray array;
        for (const QJsonValue item : value.toArray())
            array.append(storable(item, depth + 1));
        return array;
    }
    QJsonObject clean;
    const QJsonObject object = value.toObject();
    for (auto field = object.begin(); field != object.end(); ++field)
        clean.insert(storableText(field.key()), storable(field.value(), depth + 1));
    return clean;
}

} // namespace holdfast::domain
