// A central store for one measurement, in a folder or in a PostgreSQL database of its own.
#pragma once

#include "central/store/store.h"
#include "storage/sql/connection.h"

#include <QTemporaryDir>

#include <memory>

namespace holdfast::bench {

class TemporaryStore
{
public:
    // `cluster`: URL of a PostgreSQL database whose role may make others; empty: the embedded store.
    explicit TemporaryStore(const QString& cluster);
    ~TemporaryStore(); // drops the database
    TemporaryStore(const TemporaryStore&) = delete;
    TemporaryStore& operator=(const TemporaryStore&) = delete;

    [[nodiscard]] store::Store& store() { return *store_; }
    void close() { store_.reset(); }
    [[nodiscard]] const store::StoreConfig& config() const { return config_; }
    [[nodiscard]] QString folder() const { return folder_.path(); }
    [[nodiscard]] Clock& clock() { return clock_; }
    [[nodiscard]] RandomSource& random() { return random_; }
    // A connection to the same database, once the store is closed.
    [[nodiscard]] std::unique_ptr<sql::WriteConnection> connect() const;

private:
    QTemporaryDir folder_;
    store::StoreConfig config_;
    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<sql::WriteConnection> admin_;
    sql::PostgresUrl url_;
    std::unique_ptr<store::Store> store_;
};

} // namespace holdfast::bench
