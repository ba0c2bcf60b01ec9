#include "storage/sql/sqlcipher_setup.h"

#include "storage/sql/sql_errors.h"

#include <QFile>
#include <QFileInfo>

#include <sqlcipher/sqlite3.h>

#include <memory>

namespace holdfast::sql {
namespace {

constexpr qsizetype keySize = 32;
constexpr int busyTimeoutMs = 5000;

struct Close
{
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

struct Finalize
{
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

Status asStatus(int code)
{
    if (code == SQLITE_OK)
        return {};
    return tl::unexpected(sqliteError(code));
}

Status run(const Handle& handle, const QByteArray& sql)
{
    return asStatus(sqlite3_exec(handle.get(), sql.constData(), nullptr, nullptr, nullptr));
}

// The one cell that a pragma or count answers, or SQLite's code.
tl::expected<QByteArray, int> ask(const Handle& handle, const char* sql)
{
    sqlite3_stmt* raw = nullptr;
    if (const int code = sqlite3_prepare_v2(handle.get(), sql, -1, &raw, nullptr); code != SQLITE_OK)
        return tl::unexpected(code);
    const std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
    if (const int code = sqlite3_step(raw); code != SQLITE_ROW)
        return tl::unexpected(code == SQLITE_DONE ? SQLITE_ERROR : code);
    return QByteArray(reinterpret_cast<const char*>(sqlite3_column_text(raw, 0)));
}

// SQLCipher takes raw bytes as x'...'; other 32 bytes would be stretched as a passphrase.
int giveKey(sqlite3* handle, const SecretBytes& key)
{
    static constexpr char digits[] = "0123456789abcdef";
    SecretBytes literal(2 * keySize + 3);
    char* out = literal.data();
    *out++ = 'x';
    *out++ = '\'';
    for (const char c : key.view()) {
        const auto byte = static_cast<unsigned char>(c);
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
    *out = '\'';
    return sqlite3_key_v2(handle, "main", literal.data(), int(literal.size()));
}

// A handle that was keyed but has read nothing yet.
Result<Handle> openKeyed(const QString& path, int flags, const SecretBytes& key)
{
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(QFile::encodeName(path).constData(), &raw,
                        flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, nullptr);
    Handle handle(raw);
    if (code != SQLITE_OK)
        return tl::unexpected(sqliteError(code));
    sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_busy_timeout(handle.get(), busyTimeoutMs);
    // SQLCipher's log names pages and settings on stderr, from the key on.
    if (const Status quiet = run(handle, "PRAGMA cipher_log_level=NONE"); !quiet)
        return tl::unexpected(quiet.error());
    if (const Status keyed = asStatus(giveKey(handle.get(), key)); !keyed)
        return tl::unexpected(keyed.error());
    return handle;
}

// The first read: only here SQLCipher notices that a key does not fit.
Status checkKeyAndVersion(const Handle& handle, int newestVersion)
{
    if (const auto count = ask(handle, "SELECT count(*) FROM sqlite_master"); !count) {
        if ((count.error() & 0xff) == SQLITE_NOTADB)
            return fail(ErrorCode::wrongKey,
                        QStringLiteral("This key does not open the database. Nothing was changed."));
        return tl::unexpected(sqliteError(count.error()));
    }
    const auto version = ask(handle, "PRAGMA user_version");
    if (!version)
        return tl::unexpected(sqliteError(version.error()));
    if (version->toInt() > newestVersion)
        return fail(ErrorCode::newerVersion, QStringLiteral("The database was written by a newer Holdfast. Update "
                                                            "Holdfast on this computer; nothing was changed."));
    return {};
}

// Reads with the key before anything could write: closing a writer would already fold the WAL into the file.
Status probe(const QString& path, const SqlCipherSettings& settings, const SecretBytes& key)
{
    const QString log = path + QStringLiteral("-wal");
    const QString index = path + QStringLiteral("-shm");
    const bool hadLog = QFile::exists(log);
    const bool hadIndex = QFile::exists(index);
    Status checked;
    {
        const Result<Handle> handle = openKeyed(path, SQLITE_OPEN_READONLY, key);
        checked = handle ? checkKeyAndVersion(*handle, settings.newestVersion) : Status(tl::unexpected(handle.error()));
    }
    if (checked)
        return {};
    // Reading in WAL mode makes these; the caller is the file's only opener.
    if (!hadIndex)
        QFile::remove(index);
    if (!hadLog && QFileInfo(log).size() == 0)
        QFile::remove(log);
    const ErrorCode code = checked.error().code;
    if (code == ErrorCode::wrongKey || code == ErrorCode::newerVersion)
        return checked;
    return {}; // a crash may have left what only a writer can put right
}

// True when the file is new and this call made it.
Result<bool> prepareFile(const QString& path, const SqlCipherSettings& settings)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isFile())
        return fail(ErrorCode::invalidInput, QStringLiteral("The database's place is not a file."));
    if (!info.exists() && !settings.create)
        return fail(ErrorCode::notFound,
                    QStringLiteral("The database file is missing: %1. Nothing was made in its place.").arg(path));
    if (info.exists() && info.size() == 0 && !settings.create)
        return fail(ErrorCode::corrupt, QStringLiteral("The database file is empty. Nothing was deleted."));
    if (info.exists())
        return false;
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner)) {
        return fail(ErrorCode::io, QStringLiteral("The database file could not be made. Check that its folder exists "
                                                  "and may be written."));
    }
    return true;
}

Status applySettings(const Handle& handle, const SqlCipherSettings& settings)
{
    QByteArray sql = "PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
                     "PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON;"
                     "PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-" +
                     QByteArray::number(settings.cacheKiB) + ";";
    sql += settings.readOnly ? "PRAGMA query_only=ON" : "PRAGMA synchronous=FULL";
    if (const Status applied = run(handle, sql); !applied)
        return applied;
    if (settings.readOnly)
        return {};
    const auto mode = ask(handle, "PRAGMA journal_mode=WAL");
    if (!mode)
        return tl::unexpected(sqliteError(mode.error()));
    if (*mode != "wal")
        return fail(ErrorCode::io,
                    QStringLiteral("The disk does not support the database's journal. Use a local disk."));
    // Of all connections the writer closes last, and folds the WAL into the file.
    sqlite3_db_config(handle.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    return {};
}

Result<sqlite3*> openPrepared(const QString& path, const SqlCipherSettings& settings, const SecretBytes& key)
{
    const bool checkFirst = !settings.readOnly && QFileInfo(path).size() > 0;
    if (const Status probed = checkFirst ? probe(path, settings, key) : Status(); !probed)
        return tl::unexpected(probed.error());
    const int flags = settings.readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    Result<Handle> handle = openKeyed(path, flags, key);
    if (!handle)
        return tl::unexpected(handle.error());
    // Before the first read, so that not even a sort within it could reach a temporary file.
    if (const Status memory = run(*handle, "PRAGMA temp_store=MEMORY"); !memory)
        return tl::unexpected(memory.error());
    if (const Status checked = checkKeyAndVersion(*handle, settings.newestVersion); !checked)
        return tl::unexpected(checked.error());
    if (const Status applied = applySettings(*handle, settings); !applied)
        return tl::unexpected(applied.error());
    return handle->release();
}

} // namespace

Result<sqlite3*> connectSqlCipher(const QString& path, const SqlCipherSettings& settings, const SecretBytes& key)
{
    if (key.size() != keySize)
        return fail(ErrorCode::invalidInput, QStringLiteral("The database's key has a wrong length."));
    const Result<bool> made = prepareFile(path, settings);
    if (!made)
        return tl::unexpected(made.error());
    Result<sqlite3*> handle = openPrepared(path, settings, key);
    if (!handle && *made) {
        for (const char* suffix : {"", "-wal", "-shm", "-journal"})
            QFile::remove(path + QLatin1StringView(suffix));
    }
    return handle;
}

} // namespace holdfast::sql
