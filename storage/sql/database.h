// A database as a place from which threads open their own connections, whichever the dialect.
#pragma once

#include "models/base/error.h"
#include "storage/sql/connection.h"

#include <memory>

namespace holdfast::sql {

// Thread-safe: each thread opens its own connections. SQLCipher: the writer first.
class Database
{
public:
    virtual ~Database() = default;
    [[nodiscard]] virtual Dialect dialect() const = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<WriteConnection>> openWriter() const = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<ReadConnection>> openReader() const = 0;
};

class SqlCipherDatabase final : public Database
{
public:
    // `file.cacheKiB` is the writer's; readers take readerCache or less.
    SqlCipherDatabase(DatabaseFile file, SecretBytes key);
    [[nodiscard]] Dialect dialect() const override { return Dialect::sqlCipher; }
    [[nodiscard]] Result<std::unique_ptr<WriteConnection>> openWriter() const override;
    [[nodiscard]] Result<std::unique_ptr<ReadConnection>> openReader() const override;

private:
    DatabaseFile file_;
    SecretBytes key_;
};

class PostgresDatabase final : public Database
{
public:
    explicit PostgresDatabase(PostgresUrl url);
    [[nodiscard]] Dialect dialect() const override { return Dialect::postgres; }
    [[nodiscard]] Result<std::unique_ptr<WriteConnection>> openWriter() const override;
    [[nodiscard]] Result<std::unique_ptr<ReadConnection>> openReader() const override;

private:
    PostgresUrl url_;
};

} // namespace holdfast::sql
