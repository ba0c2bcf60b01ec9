#include "bench/support/bare_sqlite.h"

#include "bench/support/table.h"

#include <QFile>
#include <QFileInfo>

namespace holdfast::bench {
namespace {

constexpr qint64 largeLogBytes = 4 * 1024 * 1024; // as storage/local/workers.cpp

} // namespace

BareDatabase::BareDatabase(const QString& path, const QByteArray& key, const char* synchronous) : path_(path)
{
    check(sqlite3_open_v2(QFile::encodeName(path).constData(), &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                          nullptr),
          SQLITE_OK);
    const QByteArray literal = "x'" + key.toHex() + "'";
    execute("PRAGMA cipher_log_level=NONE");
    check(sqlite3_key_v2(handle_, "main", literal.constData(), int(literal.size())), SQLITE_OK);
    execute("PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
            "PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-24576;"
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=" +
            QByteArray(synchronous));
}

BareDatabase::~BareDatabase()
{
    sqlite3_close_v2(handle_);
}

void BareDatabase::check(int code, int good)
{
    if (code != good)
        giveUp(QString::fromUtf8(sqlite3_errmsg(handle_)));
}

void BareDatabase::execute(const QByteArray& sql)
{
    check(sqlite3_exec(handle_, sql.constData(), nullptr, nullptr, nullptr), SQLITE_OK);
}

BareStatement BareDatabase::prepare(const QByteArray& sql)
{
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(handle_, sql.constData(), int(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr),
          SQLITE_OK);
    return BareStatement(statement);
}

void BareDatabase::checkpointIfLarge()
{
    if (QFileInfo(path_ + QStringLiteral("-wal")).size() > largeLogBytes)
        sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

} // namespace holdfast::bench
