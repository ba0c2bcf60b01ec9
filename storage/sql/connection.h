// Connections to SQLCipher files and PostgreSQL: one type that reads, one that writes.
#pragma once

#include "models/base/error.h"
#include "storage/sql/postgres_url.h"
#include "storage/sql/secret_bytes.h"
#include "storage/sql/statement.h"

#include <QString>

#include <limits>
#include <memory>

namespace holdfast::sql {

class Session;

enum class Dialect { sqlCipher, postgres };
enum class OpenMode { mustExist, createIfMissing };
enum class Durability { full, normal };
enum class CheckpointMode { passive, truncate };

// Page cache sizes in KiB.
constexpr int writerCache = 24 * 1024;
constexpr int readerCache = 12 * 1024;
constexpr int mediaCache = 2 * 1024;

struct DatabaseFile
{
    QString path; // absolute and local
    OpenMode mode = OpenMode::mustExist;
    int cacheKiB = writerCache;
    int newestVersion = std::numeric_limits<int>::max(); // newest schema version that this program knows
};

// Used only on the thread that opened it (asserted); a QCoreApplication must live. Functions that only read take a
// Connection&, functions that write a WriteConnection&.
class Connection
{
public:
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual ~Connection();

    [[nodiscard]] Dialect dialect() const;
    // Of two texts, the one of this connection's dialect.
    [[nodiscard]] QString choose(const QString& sqlCipher, const QString& postgres) const;
    // Cached by its text, so pass texts that repeat, never values pasted into SQL. One statement, no trailing text.
    // What is wrong with the text shows at exec().
    [[nodiscard]] Statement statement(const QString& sql);
    // PostgreSQL: false when statement texts would go into the server's log. SQLCipher: true.
    [[nodiscard]] bool hardened() const;
    // From any thread while the connection lives: a running SQLCipher statement ends with ErrorCode::cancelled.
    void interrupt();

protected:
    explicit Connection(std::unique_ptr<Session> session);
    [[nodiscard]] Session& session() const { return *session_; }

private:
    friend class Snapshot;
    std::unique_ptr<Session> session_;
};

// Cannot write: the database itself refuses. SQLCipher: the file's writer must have been opened before.
class ReadConnection final : public Connection
{
public:
    [[nodiscard]] static Result<std::unique_ptr<ReadConnection>> open(const DatabaseFile& file, const SecretBytes& key);
    [[nodiscard]] static Result<std::unique_ptr<ReadConnection>> open(const PostgresUrl& url);

private:
    explicit ReadConnection(std::unique_ptr<Session> session);
};

// One per SQLCipher file, opened first and closed last, and the only one that checkpoints.
class WriteConnection final : public Connection
{
public:
    // `key` is 32 raw bytes. Errors: notFound, wrongKey (nothing changed or made), newerVersion, corrupt, busy, io,
    // invalidInput (network or relative path).
    [[nodiscard]] static Result<std::unique_ptr<WriteConnection>> open(const DatabaseFile& file,
                                                                       const SecretBytes& key);
    // Errors: unavailable (whatever the reason: the server's words may quote the login).
    [[nodiscard]] static Result<std::unique_ptr<WriteConnection>> open(const PostgresUrl& url);

    // One statement without values, not cached: schema and settings.
    [[nodiscard]] Status execute(const QString& sql);
    // Before a transaction: whether its commit waits for the disk. PostgreSQL always waits.
    [[nodiscard]] Status setDurability(Durability durability);
    // Outside a transaction. busy: readers are in the way. PostgreSQL does this by itself.
    [[nodiscard]] Status checkpoint(CheckpointMode mode);
    // After the schema changed.
    void forgetStatements();

private:
    friend class Transaction;
    explicit WriteConnection(std::unique_ptr<Session> session);
};

} // namespace holdfast::sql
