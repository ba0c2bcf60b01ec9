// How a content's fields are read from and written to JSON. Each struct lists its fields once, in a function template
// fields(archive, value), and both directions follow that list.
#pragma once

#include "models/domain/content.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <type_traits>

namespace holdfast::domain {

using namespace Qt::Literals::StringLiterals;

// Scalars. read() gives false on a wrong type, an impossible value or an unknown word.
[[nodiscard]] bool readValue(const QJsonValue& json, QString& out);
[[nodiscard]] bool readValue(const QJsonValue& json, bool& out);
[[nodiscard]] bool readValue(const QJsonValue& json, int& out);
[[nodiscard]] bool readValue(const QJsonValue& json, qint64& out); // 0 to 2^53: sizes
[[nodiscard]] bool readValue(const QJsonValue& json, Timestamp& out);
[[nodiscard]] bool readValue(const QJsonValue& json, QByteArray& out); // hex
[[nodiscard]] bool readValue(const QJsonValue& json, Digest& out);
[[nodiscard]] bool readValue(const QJsonValue& json, QJsonObject& out);
[[nodiscard]] bool readValue(const QJsonValue& json, ThreadType& out);
[[nodiscard]] bool readValue(const QJsonValue& json, ThreadStatus& out);
[[nodiscard]] bool readValue(const QJsonValue& json, DeliveryStatus& out);
[[nodiscard]] bool readValue(const QJsonValue& json, CustodyStep& out);
[[nodiscard]] bool readValue(const QJsonValue& json, ScopeType& out);
[[nodiscard]] std::optional<quint64> readCount(const QJsonValue& json); // 0 to 2^53, exactly

template <typename Tag>
[[nodiscard]] bool readValue(const QJsonValue& json, Id<Tag>& out)
{
    const auto id = Id<Tag>::fromHex(QStringView(json.toString()));
    if (id)
        out = *id;
    return id.has_value();
}

template <typename Tag>
[[nodiscard]] bool readValue(const QJsonValue& json, Strong<Tag, quint64>& out)
{
    const auto count = readCount(json);
    if (count)
        out.value = *count;
    return count.has_value();
}

// What a stranger's text may hold, but neither store can: NUL and half surrogate pairs become U+FFFD.
[[nodiscard]] QString storableText(const QString& text);
[[nodiscard]] bool isStorable(const QJsonValue& value); // of all strings inside
[[nodiscard]] QJsonValue storable(const QJsonValue& value, int depth = 0);

[[nodiscard]] inline QJsonValue written(const QString& text)
{
    return storableText(text);
}
[[nodiscard]] inline QJsonValue written(bool value)
{
    return value;
}
[[nodiscard]] inline QJsonValue written(int value)
{
    return value;
}
[[nodiscard]] inline QJsonValue written(qint64 value)
{
    return value;
}
[[nodiscard]] inline QJsonValue written(Timestamp time)
{
    return time.value;
}
[[nodiscard]] inline QJsonValue written(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes.toHex());
}
[[nodiscard]] inline QJsonValue written(const Digest& digest)
{
    return QString::fromLatin1(digest.toHex());
}
[[nodiscard]] inline QJsonValue written(const QJsonObject& object)
{
    return storable(object);
}
template <typename Tag>
[[nodiscard]] QJsonValue written(const Id<Tag>& id)
{
    return id.toHexString();
}
template <typename Tag>
[[nodiscard]] QJsonValue written(const Strong<Tag, quint64>& number)
{
    return static_cast<qint64>(number.value);
}
template <typename Word>
requires std::is_enum_v<Word>
[[nodiscard]] QJsonValue written(Word word)
{
    return wordOf(word);
}

class JsonReader
{
public:
    template <typename T>
    using Ref = T&;

    explicit JsonReader(const QJsonObject& object) : object_(object) {}

    template <typename T>
    void required(QLatin1StringView name, T& out)
    {
        if (object_.contains(name))
            convert(name, object_.value(name), out);
        else if (problem_.isEmpty())
            problem_ = u"The field \"%1\" is missing."_s.arg(name);
    }
    template <typename T>
    void optional(QLatin1StringView name, T& out)
    {
        if (object_.contains(name))
            convert(name, object_.value(name), out);
    }
    [[nodiscard]] const QString& problem() const { return problem_; }

private:
    template <typename T>
    void convert(QLatin1StringView name, const QJsonValue& json, T& out)
    {
        if constexpr (requires { readValue(json, out); })
            check(name, readValue(json, out));
        else
            nested(name, json, out);
    }
    template <typename T>
    void convert(QLatin1StringView name, const QJsonValue& json, std::optional<T>& out)
    {
        convert(name, json, out.emplace());
    }
    template <typename T>
    void convert(QLatin1StringView name, const QJsonValue& json, QList<T>& out)
    {
        check(name, json.isArray());
        const QJsonArray array = json.toArray();
        out.reserve(array.size());
        for (const QJsonValue item : array)
            convert(name, item, out.emplaceBack());
    }
    template <typename T>
    void nested(QLatin1StringView name, const QJsonValue& json, T& out)
    {
        check(name, json.isObject());
        JsonReader inner(json.toObject());
        fields(inner, out);
        if (problem_.isEmpty() && !inner.problem_.isEmpty())
            problem_ = u"Inside \"%1\": %2"_s.arg(name, inner.problem_);
    }
    void check(QLatin1StringView name, bool good)
    {
        if (!good && problem_.isEmpty())
            problem_ = u"The field \"%1\" has a type or value that this version does not know."_s.arg(name);
    }

    QJsonObject object_;
    QString problem_; // the first one
};

class JsonWriter
{
public:
    template <typename T>
    using Ref = const T&;

    template <typename T>
    void required(QLatin1StringView name, const T& value)
    {
        object_.insert(name, convert(value));
    }
    // Left out while it has the value that a reader assumes.
    template <typename T>
    void optional(QLatin1StringView name, const T& value)
    {
        if (!isAssumed(value))
            required(name, value);
    }
    [[nodiscard]] const QJsonObject& object() const { return object_; }

private:
    template <typename T>
    static bool isAssumed(const T& value)
    {
        if constexpr (requires { value.isEmpty(); })
            return value.isEmpty();
        else if constexpr (std::is_same_v<T, qint64>)
            return value < 0; // a size that is not known yet
        else
            return value == T();
    }
    template <typename T>
    static QJsonValue convert(const T& value)
    {
        if constexpr (requires { written(value); }) {
            return written(value);
        } else {
            JsonWriter inner;
            fields(inner, value);
            return inner.object_;
        }
    }
    template <typename T>
    static QJsonValue convert(const std::optional<T>& value)
    {
        return convert(*value); // an empty one is left out before it comes here
    }
    template <typename T>
    static QJsonValue convert(const QList<T>& list)
    {
        QJsonArray array;
        for (const T& item : list)
            array.append(convert(item));
        return array;
    }

    QJsonObject object_;
};

// Defined where the struct's fields() is; parseContent() chooses by kind.
template <typename T>
[[nodiscard]] Content contentFrom(const QJsonObject& object);

template <typename T>
[[nodiscard]] Content readFields(const QJsonObject& object)
{
    JsonReader reader(object);
    T value;
    fields(reader, value);
    if (!reader.problem().isEmpty())
        return Unknown{reader.problem()};
    return value;
}

template <typename T>
[[nodiscard]] QByteArray writeFields(const T& value)
{
    JsonWriter writer;
    fields(writer, value);
    return QJsonDocument(writer.object()).toJson(QJsonDocument::Compact);
}

} // namespace holdfast::domain

// Gives a struct, whose fields() stands above in the same file, both directions.
#define HOLDFAST_CONTENT(Type)                                                                                         \
    template <>                                                                                                        \
    Content contentFrom<Type>(const QJsonObject& object)                                                               \
    {                                                                                                                  \
        return readFields<Type>(object);                                                                               \
    }                                                                                                                  \
    QByteArray toJson(const Type& value)                                                                               \
    {                                                                                                                  \
        return writeFields(value);                                                                                     \
    }
