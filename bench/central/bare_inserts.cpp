#include "bench/central/bare_inserts.h"

#include "bench/support/table.h"
#include "central/store/bulk.h"
#include "storage/sql/transaction.h"

namespace holdfast::bench {
namespace {

struct BarePiece
{
    store::BulkRows headers;
    store::BulkRows contents;
};

std::vector<BarePiece> readRows(sql::Connection& db)
{
    std::vector<BarePiece> pieces;
    const auto piece = [&pieces](qint64 pos) -> BarePiece& {
        pieces.resize(std::max(pieces.size(), size_t(pos / bareTransaction) + 1));
        return pieces[size_t(pos / bareTransaction)];
    };
    must(db.statement(QStringLiteral("SELECT pos, entry_id, thread, tseq, scope, kind, author, leaf, bytes"
                                     " FROM entry_header ORDER BY pos"))
             .forEach([&piece](sql::Statement& row) {
                 store::BulkRows& rows = piece(row.int64(0)).headers.row();
                 rows.add(row.int64(0)).add(row.bytes(1)).add(row.bytes(2)).add(row.int64(3)).add(row.bytes(4));
                 rows.add(row.int64(5)).add(row.bytes(6)).add(row.bytes(7)).add(row.bytes(8));
             }));
    must(db.statement(QStringLiteral("SELECT pos, generation, sealed FROM content ORDER BY pos"))
             .forEach([&piece](sql::Statement& row) {
                 piece(row.int64(0)).contents.row().add(row.int64(0)).add(row.int64(1)).add(row.bytes(2));
             }));
    return pieces;
}

} // namespace

double bareInsertSeconds(sql::WriteConnection& db)
{
    const std::vector<BarePiece> pieces = readRows(db);
    using store::Cell;
    const bool postgres = db.dialect() == sql::Dialect::postgres;
    if (postgres) {
        must(db.execute(QStringLiteral("CREATE TABLE bare_header (LIKE entry_header INCLUDING ALL)")));
        must(db.execute(QStringLiteral("CREATE TABLE bare_content (LIKE content INCLUDING ALL)")));
    } else {
        must(db.execute(
            QStringLiteral("CREATE TABLE bare_header (pos INTEGER PRIMARY KEY, entry_id BLOB NOT NULL,"
                           " thread BLOB NOT NULL, tseq INTEGER NOT NULL, scope BLOB NOT NULL, kind INTEGER"
                           " NOT NULL, author BLOB NOT NULL, leaf BLOB NOT NULL, bytes BLOB NOT NULL) STRICT")));
        must(db.execute(QStringLiteral("CREATE UNIQUE INDEX bare_thread ON bare_header (thread, tseq)")));
        must(db.execute(QStringLiteral("CREATE INDEX bare_scope ON bare_header (scope, pos)")));
        must(
            db.execute(QStringLiteral("CREATE TABLE bare_content (pos INTEGER PRIMARY KEY, generation INTEGER NOT NULL,"
                                      " sealed BLOB NOT NULL) STRICT")));
    }
    const store::BulkInsert headers(QStringLiteral("bare_header"), {{"pos", Cell::number},
                                                                    {"entry_id", Cell::bytes},
                                                                    {"thread", Cell::bytes},
                                                                    {"tseq", Cell::number},
                                                                    {"scope", Cell::bytes},
                                                                    {"kind", Cell::number},
                                                                    {"author", Cell::bytes},
                                                                    {"leaf", Cell::bytes},
                                                                    {"bytes", Cell::bytes}});
    const store::BulkInsert contents(QStringLiteral("bare_content"),
                                     {{"pos", Cell::number}, {"generation", Cell::number}, {"sealed", Cell::bytes}});
    must(db.setDurability(sql::Durability::full));
    const Stopwatch watch;
    for (const BarePiece& piece : pieces) {
        sql::Transaction transaction = must(sql::Transaction::begin(db));
        must(headers.run(db, piece.headers));
        must(contents.run(db, piece.contents));
        must(transaction.commit());
    }
    return watch.seconds();
}

} // namespace holdfast::bench
