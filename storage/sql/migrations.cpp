#include "storage/sql/migrations.h"

#include "storage/sql/transaction.h"

#include <algorithm>

namespace holdfast::sql {
namespace {

Status checkNumbers(std::span<const Migration> migrations)
{
    int expected = 1;
    for (const Migration& migration : migrations) {
        if (migration.version != expected++)
            return fail(ErrorCode::internal,
                        QStringLiteral("The schema's steps have a gap. This is a defect of Holdfast."));
    }
    return {};
}

Status writeVersion(WriteConnection& connection, int version)
{
    if (connection.dialect() == Dialect::sqlCipher)
        return connection.execute(QStringLiteral("PRAGMA user_version = %1").arg(version)); // takes no placeholder
    if (const Status cleared = connection.execute(QStringLiteral("DELETE FROM schema_version")); !cleared)
        return cleared;
    return connection.statement(QStringLiteral("INSERT INTO schema_version (version) VALUES (?)")).exec(version);
}

// On PostgreSQL the lock makes a second service wait, which then finds the step done.
Status lockVersion(WriteConnection& connection)
{
    if (connection.dialect() == Dialect::sqlCipher)
        return {}; // BEGIN IMMEDIATE holds the file
    return connection.execute(QStringLiteral("LOCK TABLE schema_version IN ACCESS EXCLUSIVE MODE"));
}

Status runStep(WriteConnection& connection, const Migration& migration)
{
    Result<Transaction> transaction = Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (const Status locked = lockVersion(connection); !locked)
        return locked;
    const Result<int> current = schemaVersion(connection);
    if (!current)
        return tl::unexpected(current.error());
    if (*current >= migration.version)
        return transaction->commit();
    for (const QString& sql : migration.statements) {
        if (const Status done = connection.execute(sql); !done)
            return done;
    }
    if (migration.then) {
        if (const Status done = migration.then(connection); !done)
            return done;
    }
    if (const Status written = writeVersion(connection, migration.version); !written)
        return written;
    return transaction->commit();
}

QString schemaQuery(const Connection& connection)
{
    static const QString sqlCipher =
        QStringLiteral("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1");
    static const QString postgres = QStringLiteral(R"(
        SELECT 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
               || coalesce(column_default, '') || ' ' || is_identity || ' ' || coalesce(identity_generation, '')
          FROM information_schema.columns WHERE table_schema = current_schema()
        UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema()
        UNION ALL SELECT 'constraint ' || conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
        UNION ALL SELECT 'view ' || viewname || ' ' || definition FROM pg_views WHERE schemaname = current_schema()
        UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t
          JOIN pg_class c ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
        UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc
         WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
        ORDER BY 1)");
    return connection.choose(sqlCipher, postgres);
}

} // namespace

int newestVersion(std::span<const Migration> migrations)
{
    return migrations.empty() ? 0 : migrations.back().version;
}

Result<int> schemaVersion(Connection& connection)
{
    if (connection.dialect() == Dialect::postgres) {
        Statement known = connection.statement(QStringLiteral("SELECT to_regclass('schema_version') IS NOT NULL"));
        const Result<bool> row = known.first();
        if (!row)
            return tl::unexpected(row.error());
        if (known.int64(0) == 0)
            return 0;
    }
    Statement version = connection.statement(
        connection.choose(QStringLiteral("PRAGMA user_version"), QStringLiteral("SELECT version FROM schema_version")));
    const Result<bool> row = version.first();
    if (!row)
        return tl::unexpected(row.error());
    return *row ? int(version.int64(0)) : 0;
}

Status migrate(WriteConnection& connection, std::span<const Migration> migrations)
{
    if (const Status numbered = checkNumbers(migrations); !numbered)
        return numbered;
    const Result<int> current = schemaVersion(connection);
    if (!current)
        return tl::unexpected(current.error());
    if (*current > newestVersion(migrations)) {
        return fail(ErrorCode::newerVersion, QStringLiteral("The database was written by a newer Holdfast. Update "
                                                            "Holdfast on this computer; nothing was changed."));
    }
    if (*current == newestVersion(migrations))
        return {};
    if (connection.dialect() == Dialect::postgres) {
        const Status made =
            connection.execute(QStringLiteral("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)"));
        if (!made)
            return made;
    }
    for (const Migration& migration : migrations) {
        if (migration.version <= *current)
            continue;
        if (const Status done = runStep(connection, migration); !done)
            return done;
    }
    connection.forgetStatements();
    return {};
}

Result<QString> schemaText(Connection& connection)
{
    Statement parts = connection.statement(schemaQuery(connection));
    QStringList lines;
    const Status read = parts.forEach([&lines](Statement& row) { lines.append(row.text(0).simplified()); });
    if (!read)
        return tl::unexpected(read.error());
    std::sort(lines.begin(), lines.end()); // the server's collation must not decide
    return lines.join(QLatin1Char('\n'));
}

} // namespace holdfast::sql
