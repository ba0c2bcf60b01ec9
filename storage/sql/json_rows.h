// Bulk input: many rows as one JSON parameter.
#pragma once

#include "models/base/digest.h"
#include "models/base/ids.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace holdfast::sql {

// Builds [[cell, cell, ...], ...]. Bytes are lower-case hex, integers JSON numbers, text JSON strings.
//   SQLCipher:  ... SELECT unhex(value->>0), value->>1 FROM json_each(?)
//   PostgreSQL: ... SELECT decode(r->>0, 'hex'), (r->>1)::bigint FROM jsonb_array_elements(?::jsonb) AS r
// jsonb refuses U+0000 in text (invalidInput); SQLCipher takes it.
class JsonRows
{
public:
    // Starts the next row.
    JsonRows& row();

    JsonRows& add(qint64 value);
    JsonRows& add(const QString& text);
    JsonRows& addBytes(QByteArrayView bytes);
    JsonRows& addNull();
    JsonRows& add(const QByteArray& bytes) { return addBytes(bytes); }
    JsonRows& add(const Digest& digest);
    template <typename Tag>
    JsonRows& add(const Id<Tag>& id)
    {
        return addBytes({reinterpret_cast<const char*>(id.bytes().data()), Id<Tag>::size});
    }
    template <typename Tag, typename Value>
    JsonRows& add(const Strong<Tag, Value>& number)
    {
        return add(static_cast<qint64>(number.value)); // positions and times stay below 2^63
    }
    template <typename T>
    JsonRows& add(const std::optional<T>& value)
    {
        return value ? add(*value) : addNull();
    }

    [[nodiscard]] int count() const { return count_; }
    [[nodiscard]] bool isEmpty() const { return count_ == 0; }
    void clear();
    [[nodiscard]] QByteArray json() const; // closed and ready to bind; Statement::bind takes the object itself

private:
    void separate();

    QByteArray text_;
    int count_ = 0;
    bool rowIsEmpty_ = true;
};

} // namespace holdfast::sql
