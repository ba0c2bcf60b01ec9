#include "storage/sql/connection.h"

#include "storage/sql/open_session.h"
#include "storage/sql/session.h"

namespace holdfast::sql {

Connection::Connection(std::unique_ptr<Session> session) : session_(std::move(session)) {}

Connection::~Connection() = default;

Dialect Connection::dialect() const
{
    return session_->dialect();
}

QString Connection::choose(const QString& sqlCipher, const QString& postgres) const
{
    return dialect() == Dialect::postgres ? postgres : sqlCipher;
}

Statement Connection::statement(const QString& sql)
{
    return Statement(session_->borrow(sql));
}

bool Connection::hardened() const
{
    return session_->hardened();
}

void Connection::interrupt()
{
    session_->interrupt();
}

ReadConnection::ReadConnection(std::unique_ptr<Session> session) : Connection(std::move(session)) {}

Result<std::unique_ptr<ReadConnection>> ReadConnection::open(const DatabaseFile& file, const SecretBytes& key)
{
    return openFile(file, key, Access::read).map([](std::unique_ptr<Session>&& session) {
        return std::unique_ptr<ReadConnection>(new ReadConnection(std::move(session)));
    });
}

Result<std::unique_ptr<ReadConnection>> ReadConnection::open(const PostgresUrl& url)
{
    return openPostgres(url, Access::read).map([](std::unique_ptr<Session>&& session) {
        return std::unique_ptr<ReadConnection>(new ReadConnection(std::move(session)));
    });
}

WriteConnection::WriteConnection(std::unique_ptr<Session> session) : Connection(std::move(session)) {}

Result<std::unique_ptr<WriteConnection>> WriteConnection::open(const DatabaseFile& file, const SecretBytes& key)
{
    return openFile(file, key, Access::write).map([](std::unique_ptr<Session>&& session) {
        return std::unique_ptr<WriteConnection>(new WriteConnection(std::move(session)));
    });
}

Result<std::unique_ptr<WriteConnection>> WriteConnection::open(const PostgresUrl& url)
{
    return openPostgres(url, Access::write).map([](std::unique_ptr<Session>&& session) {
        return std::unique_ptr<WriteConnection>(new WriteConnection(std::move(session)));
    });
}

Status WriteConnection::execute(const QString& sql)
{
    return session().run(sql);
}

Status WriteConnection::setDurability(Durability durability)
{
    if (dialect() == Dialect::postgres)
        return {};
    return session().run(durability == Durability::full ? QStringLiteral("PRAGMA synchronous=FULL")
                                                        : QStringLiteral("PRAGMA synchronous=NORMAL"));
}

Status WriteConnection::checkpoint(CheckpointMode mode)
{
    if (dialect() == Dialect::postgres)
        return {};
    Statement pragma = statement(mode == CheckpointMode::truncate ? QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)")
                                                                  : QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)"));
    const Result<bool> row = pragma.first();
    if (!row)
        return tl::unexpected(row.error());
    if (*row && pragma.int64(0) != 0)
        return fail(ErrorCode::busy, QStringLiteral("The database is being read just now. Try again."));
    return {};
}

void WriteConnection::forgetStatements()
{
    session().forgetIdle();
}

} // namespace holdfast::sql
