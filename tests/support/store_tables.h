// A central store's tables under a test's own hand: for damage, and for what another central would do.
#pragma once

#include "central/store/keyring.h"
#include "central/store/open_database.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {

// Of an embedded store: only while it is closed.
class StoreTables
{
public:
    explicit StoreTables(const store::StoreConfig& config)
        : keys_(*store::Keyring::load(config.keyDirectory, {})),
          database_(*store::openDatabase(config, keys_, sql::OpenMode::mustExist)),
          db_(*database_.database->openWriter())
    {}
    [[nodiscard]] sql::WriteConnection& db() { return *db_; }
    [[nodiscard]] const store::Keyring& keys() const { return keys_; }

    // Turns one bit of a value of all rows that `where` matches, all of them when it is empty.
    void flipBit(const QString& table, const QString& column, const QString& where = QString())
    {
        const QString only = where.isEmpty() ? QString() : QStringLiteral(" WHERE ") + where;
        std::vector<QByteArray> values;
        {
            sql::Statement query = db_->statement(QStringLiteral("SELECT %2 FROM %1").arg(table, column) + only);
            REQUIRE(query.forEach([&values](sql::Statement& row) { values.push_back(row.bytes(0)); }));
        }
        REQUIRE_FALSE(values.empty());
        for (const QByteArray& value : values) {
            QByteArray flipped = value;
            flipped[flipped.size() / 2] = char(flipped[flipped.size() / 2] ^ 1);
            REQUIRE(db_->statement(QStringLiteral("UPDATE %1 SET %2 = ? WHERE %2 = ?").arg(table, column))
                        .exec(flipped, value));
        }
    }

private:
    store::Keyring keys_;
    store::OpenDatabase database_;
    std::unique_ptr<sql::WriteConnection> db_;
};

} // namespace holdfast::test
