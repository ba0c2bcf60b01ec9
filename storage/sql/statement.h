// A prepared statement, borrowed from its connection's cache for one scope.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"
#include "storage/sql/json_rows.h"

#include <QByteArray>
#include <QString>
#include <QVariant>

#include <concepts>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

namespace holdfast::sql {

struct CachedQuery;

// Resets and forgets its values when it leaves the scope, so that no read snapshot and no value outlives it; must die
// before its connection. `?` is the placeholder in both dialects; indexes count from 0. A value that cannot be bound
// fails the next exec(); a stored id of wrong length ends the rows and shows in status().
class Statement
{
public:
    explicit Statement(CachedQuery& query);
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    void bind(int index, std::nullptr_t);
    void bind(int index, const QString& text); // a null QString is stored as empty text
    void bind(int index, const QByteArray& bytes);
    void bind(int index, QByteArrayView bytes);
    void bind(int index, const Digest& digest) { bind(index, digest.toBytes()); }
    void bind(int index, const JsonRows& rows); // as text
    void bind(int index, bool value) { bindInt64(index, value ? 1 : 0); }
    void bind(int index, const char*) = delete; // text or bytes? say QString or QByteArray
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) void bind(int index, Number number)
    {
        if (std::in_range<qint64>(number))
            bindInt64(index, static_cast<qint64>(number));
        else
            refuse(ErrorCode::invalidInput, QStringLiteral("A number is too large to be stored."));
    }
    template <typename Enum>
    requires std::is_enum_v<Enum>
    void bind(int index, Enum value) { bind(index, static_cast<std::underlying_type_t<Enum>>(value)); }
    template <typename Tag>
    void bind(int index, const Id<Tag>& id)
    {
        bind(index, id.toBytes());
    }
    template <typename Tag, typename Value>
    void bind(int index, const Strong<Tag, Value>& number)
    {
        bind(index, number.value);
    }
    template <typename T>
    void bind(int index, const std::optional<T>& value)
    {
        if (value)
            bind(index, *value);
        else
            bind(index, nullptr);
    }

    // Binds `values` from index 0 on (if there are any) and executes. May be called again with new values.
    template <typename... Values>
    [[nodiscard]] Status exec(const Values&... values)
    {
        int index = 0;
        (bind(index++, values), ...);
        return execute();
    }

    // To the next row. False at the end and after a failure: ask status() after the loop, or use forEach().
    [[nodiscard]] bool next();
    [[nodiscard]] Status status() const;

    // Executes with the values bound so far and calls row(*this) for each row; the answer covers all of it.
    template <typename Row>
    [[nodiscard]] Status forEach(Row&& row)
    {
        if (Status executed = execute(); !executed)
            return executed;
        while (next())
            row(*this);
        return status();
    }

    // Executes and moves to the first row; false when there is none.
    template <typename... Values>
    [[nodiscard]] Result<bool> first(const Values&... values)
    {
        if (Status executed = exec(values...); !executed)
            return tl::unexpected(executed.error());
        const bool found = next();
        if (Status stepped = status(); !stepped)
            return tl::unexpected(stepped.error());
        return found;
    }

    // Columns of the current row. NULL reads as 0, empty, the zero id.
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] qint64 int64(int column) const;
    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] QByteArray bytes(int column) const;
    [[nodiscard]] Digest digest(int column);
    template <typename IdType>
    [[nodiscard]] IdType id(int column)
    {
        if (isNull(column))
            return {};
        const std::optional<IdType> id = IdType::fromBytes(bytes(column));
        if (!id)
            refuseStored();
        return id.value_or(IdType{});
    }
    template <typename StrongType> // strong<Position>(0)
    [[nodiscard]] StrongType strong(int column) const
    {
        return StrongType{static_cast<decltype(StrongType::value)>(int64(column))};
    }
    template <typename Enum> // an unknown number passes through: the caller checks its range
    [[nodiscard]] Enum enumeration(int column) const
    {
        return static_cast<Enum>(int64(column));
    }

    [[nodiscard]] qint64 affected() const;     // rows changed by the last exec() of INSERT, UPDATE or DELETE
    [[nodiscard]] qint64 lastInsertId() const; // SQLCipher only; use RETURNING where both dialects must work

private:
    [[nodiscard]] Status execute();
    void bindInt64(int index, qint64 number);
    void bindVariant(int index, const QVariant& value);
    void refuse(ErrorCode code, const QString& text);
    void refuseStored();

    CachedQuery* query_;
    std::optional<Error> bindFailure_; // of the values for the next execute()
    std::optional<Error> failure_;     // of the last execute() or of its rows
};

} // namespace holdfast::sql
