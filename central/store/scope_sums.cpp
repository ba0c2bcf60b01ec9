#include "central/store/scope_sums.h"

#include "models/base/ids.h"
#include "models/log/checksum.h"

#include <map>

namespace holdfast::store {

namespace {

constexpr int pageRows = 5000;

struct Sums
{
    std::map<ThreadId, log::Checksum> threads;
    std::map<ScopeId, log::Checksum> scopes;
};

// Answers how many rows there were from `pos` on.
Result<int> addPage(sql::WriteConnection& db, qint64& pos, Sums& sums)
{
    int rows = 0;
    sql::Statement query = db.statement(
        QStringLiteral("SELECT pos, thread, scope, leaf FROM entry_header WHERE pos >= ? ORDER BY pos LIMIT ?"));
    query.bind(0, pos);
    query.bind(1, pageRows);
    const Status read = query.forEach([&](sql::Statement& row) {
        const Digest leaf = row.digest(3);
        sums.threads[row.id<ThreadId>(1)].add(leaf);
        sums.scopes[row.id<ScopeId>(2)].add(leaf);
        pos = row.int64(0) + 1;
        ++rows;
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return rows;
}

} // namespace

Status sumScopes(sql::WriteConnection& db)
{
    Sums sums;
    for (qint64 pos = 0;;) {
        const Result<int> rows = addPage(db, pos, sums);
        if (!rows)
            return tl::unexpected<Error>(rows.error());
        if (*rows == 0)
            break;
    }
    sql::Statement thread = db.statement(QStringLiteral("UPDATE thread_head SET checksum = ? WHERE thread = ?"));
    for (const auto& [id, checksum] : sums.threads) {
        if (const Status stored = thread.exec(qint64(checksum.sum), id); !stored)
            return stored;
    }
    sql::Statement scope =
        db.statement(QStringLiteral("INSERT INTO scope_sum (scope, entries, high, low) VALUES (?, ?, ?, ?)"));
    for (const auto& [id, checksum] : sums.scopes) {
        const Status stored =
            scope.exec(id, qint64(checksum.entries), qint64(checksum.sum >> 32), qint64(checksum.sum & 0xffffffffU));
        if (!stored)
            return stored;
    }
    return {};
}

} // namespace holdfast::store
