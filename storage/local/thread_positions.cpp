#include "storage/local/thread_positions.h"

#include "models/domain/kinds.h"
#include "storage/sql/connection.h"
#include "storage/sql/statement.h"

namespace holdfast::local {

QFuture<Result<QList<ThreadPosition>>> threadsSince(Database& database, Position from)
{
    using Answer = QList<ThreadPosition>;
    return database.read<Answer>([from](sql::ReadConnection& connection) -> Result<Answer> {
        Answer threads;
        sql::Statement statement =
            connection.statement(QStringLiteral("SELECT thread, max(pos) FROM entry WHERE pos >= ? AND kind <> ?"
                                                " AND thread NOT IN (SELECT thread FROM listed) GROUP BY thread"));
        statement.bind(0, from);
        statement.bind(1, domain::number(domain::Kind::logHeads));
        const Status read = statement.forEach([&threads](sql::Statement& row) {
            threads.append({row.id<ThreadId>(0), row.strong<Position>(1)});
        });
        if (!read)
            return tl::unexpected(read.error());
        return threads;
    });
}

} // namespace holdfast::local
