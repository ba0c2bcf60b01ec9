// Many rows in one call, in both dialects. PostgreSQL gets one array a column in one statement; here, where a call
// costs no round trip, a cached statement takes row by row and nothing is encoded.
#pragma once

#include "storage/sql/connection.h"

#include <initializer_list>
#include <variant>

namespace holdfast::store {

enum class Cell { bytes, number, text };

struct BulkColumn
{
    const char* name;
    Cell cell;
};

// Rows of equal length, as they are.
class BulkRows
{
public:
    using Value = std::variant<std::monostate, qint64, QByteArray, QString>;

    BulkRows& row()
    {
        ++count_;
        return *this;
    }
    BulkRows& add(qint64 value) { return addValue(value); }
    BulkRows& add(const QString& text) { return addValue(text.isNull() ? QStringLiteral("") : text); }
    BulkRows& add(const QByteArray& bytes) { return addValue(bytes.isNull() ? QByteArray("") : bytes); }
    BulkRows& addBytes(QByteArrayView bytes) { return addValue(bytes.toByteArray()); }
    BulkRows& addNull() { return addValue({}); }
    BulkRows& add(const Digest& digest) { return addValue(digest.toBytes()); }
    template <typename Tag>
    BulkRows& add(const Id<Tag>& id)
    {
        return addValue(id.toBytes());
    }
    template <typename Tag, typename Number>
    BulkRows& add(const Strong<Tag, Number>& number)
    {
        return addValue(static_cast<qint64>(number.value)); // positions and times stay below 2^63
    }
    template <typename T>
    BulkRows& add(const std::optional<T>& value)
    {
        return value ? add(*value) : addNull();
    }

    [[nodiscard]] bool isEmpty() const { return count_ == 0; }
    [[nodiscard]] size_t count() const { return count_; }
    [[nodiscard]] const std::vector<Value>& values() const { return values_; }
    void clear()
    {
        values_.clear();
        count_ = 0;
    }

private:
    BulkRows& addValue(Value value)
    {
        values_.push_back(std::move(value));
        return *this;
    }

    std::vector<Value> values_; // row after row
    size_t count_ = 0;
};

// INSERT INTO table(columns) of such rows, with an optional ON CONFLICT clause (same in both dialects).
class BulkInsert
{
public:
    BulkInsert(const QString& table, std::initializer_list<BulkColumn> columns, const QString& onConflict = {});
    // Nothing to do for no rows.
    [[nodiscard]] Status run(sql::Connection& db, const BulkRows& rows) const;

private:
    [[nodiscard]] Status runRows(sql::Connection& db, const BulkRows& rows) const;
    [[nodiscard]] Status runArrays(sql::Connection& db, const BulkRows& rows) const;

    QString rowStatement_;
    QString arrayStatement_;
    std::vector<Cell> cells_;
};

} // namespace holdfast::store
