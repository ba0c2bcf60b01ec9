// What a connection owns: its entry in Qt's registry, its prepared statements, its open transaction.
#pragma once

#include "models/base/error.h"
#include "storage/sql/connection.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

namespace holdfast::sql {

class SqlCipherDriver;

// A prepared statement that outlives its uses.
struct CachedQuery
{
    CachedQuery(Session& owner, const QSqlDatabase& database) : session(owner), query(database) {}

    Session& session;
    QSqlQuery query;
    std::optional<Error> prepareFailure;
    bool inUse = false;
    quint64 lastUse = 0;
};

class Session
{
public:
    // Opens nothing: `database` was opened under `name` on this thread. `driver` is null for PostgreSQL.
    Session(Dialect dialect, QSqlDatabase database, SqlCipherDriver* driver, bool hardened);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    [[nodiscard]] Dialect dialect() const { return dialect_; }
    [[nodiscard]] bool hardened() const { return hardened_; }
    [[nodiscard]] CachedQuery& borrow(const QString& sql);
    void giveBack(CachedQuery& query);
    void forgetIdle();
    void interrupt();

    [[nodiscard]] Status run(const QString& sql);
    [[nodiscard]] Status begin();
    [[nodiscard]] Status beginSnapshot();
    [[nodiscard]] Status commit();
    void rollback();

    // A name in Qt's registry that no living connection has.
    [[nodiscard]] static QString uniqueName();

private:
    using Uses = std::vector<std::unique_ptr<CachedQuery>>;

    void assertThread() const;
    [[nodiscard]] Status started(bool begun, const QSqlError& error);
    void prepare(CachedQuery& query, const QString& sql) const;
    void dropOldest();

    Dialect dialect_;
    QSqlDatabase database_;
    SqlCipherDriver* driver_;
    bool hardened_;
    bool inTransaction_ = false;
    std::thread::id thread_ = std::this_thread::get_id();
    std::unordered_map<QString, Uses> cache_; // several per text when a statement is used within itself
    size_t cached_ = 0;
    quint64 clock_ = 0;
};

} // namespace holdfast::sql
