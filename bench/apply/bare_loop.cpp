#include "bench/apply/bare_loop.h"

#include "bench/support/table.h"

#include <algorithm>
#include <array>

namespace holdfast::bench {
namespace {

struct Source
{
    const char* insert; // without the values
    const char* select; // the log position, then the row
};

// A row that the product writes many times (a thread's) is written here once: the limit is not made easier by that.
const std::array sources{
    Source{"entry", "SELECT pos, * FROM entry"},
    Source{"message", "SELECT row, * FROM message"},
    Source{"message_fts (rowid, text, names)", "SELECT row, row, text, names FROM message"},
    Source{"message_identifier", "SELECT row, * FROM message_identifier"},
    Source{"delivery", "SELECT e.pos, d.* FROM delivery AS d JOIN entry AS e ON e.entry = d.message"},
    Source{"provider", "SELECT e.pos, p.* FROM provider AS p JOIN entry AS e ON e.entry = p.message"},
    Source{"attachment", "SELECT e.pos, a.* FROM attachment AS a JOIN entry AS e ON e.entry = a.message"},
    Source{"thread", "SELECT (SELECT max(pos) FROM entry AS e WHERE e.thread = t.id), t.* FROM thread AS t"},
    Source{"thread_member", "SELECT (SELECT min(pos) FROM entry AS e WHERE e.thread = t.thread), t.*"
                            " FROM thread_member AS t"},
    Source{"thread_policy", "SELECT (SELECT min(pos) FROM entry AS e WHERE e.thread = t.thread), t.*"
                            " FROM thread_policy AS t"},
    Source{"person", "SELECT pos, * FROM person"},
    Source{"policy", "SELECT pos, * FROM policy"},
    Source{"staff", "SELECT pos, * FROM staff"},
    Source{"scope", "SELECT pos, * FROM scope"},
    Source{"scope_grant", "SELECT pos, * FROM scope_grant"},
    Source{"device", "SELECT 0, * FROM device"},
    Source{"read_marker", "SELECT 0, * FROM read_marker"},
    Source{"heads", "SELECT pos, * FROM heads"},
    Source{"record", "SELECT (SELECT min(pos) FROM entry AS e WHERE e.thread = r.id), r.* FROM record AS r"},
    Source{"record_fts (rowid, text)",
           "SELECT (SELECT min(pos) FROM entry AS e WHERE e.thread = r.id), r.row, r.text FROM record AS r"},
    Source{"record_identifier", "SELECT (SELECT min(e.pos) FROM record AS r JOIN entry AS e ON e.thread = r.id"
                                " WHERE r.row = i.row), i.* FROM record_identifier AS i"},
};

Value valueOf(sqlite3_stmt* statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return qint64(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_BLOB:
        return QByteArray(static_cast<const char*>(sqlite3_column_blob(statement, column)),
                          sqlite3_column_bytes(statement, column));
    case SQLITE_TEXT:
        return std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)),
                           size_t(sqlite3_column_bytes(statement, column)));
    default:
        return {};
    }
}

void bind(sqlite3_stmt* statement, int index, const Value& value)
{
    if (const auto* integer = std::get_if<qint64>(&value))
        sqlite3_bind_int64(statement, index, *integer);
    else if (const auto* real = std::get_if<double>(&value))
        sqlite3_bind_double(statement, index, *real);
    else if (const auto* bytes = std::get_if<QByteArray>(&value))
        sqlite3_bind_blob(statement, index, bytes->constData(), int(bytes->size()), SQLITE_STATIC);
    else if (const auto* text = std::get_if<std::string>(&value))
        sqlite3_bind_text(statement, index, text->data(), int(text->size()), SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, index);
}

} // namespace

BareLoop::BareLoop(BareDatabase& source, int batchEntries)
{
    for (size_t table = 0; table < sources.size(); ++table) {
        const BareStatement select = source.prepare(sources[table].select);
        int code = sqlite3_step(select.get());
        for (; code == SQLITE_ROW; code = sqlite3_step(select.get())) {
            BareRow row{sqlite3_column_int64(select.get(), 0) / batchEntries, table, {}};
            for (int column = 1; column < sqlite3_column_count(select.get()); ++column)
                row.values.push_back(valueOf(select.get(), column));
            rows_.push_back(std::move(row));
        }
        source.check(code, SQLITE_DONE);
    }
    std::stable_sort(rows_.begin(), rows_.end(), [](const BareRow& l, const BareRow& r) {
        return std::pair(l.batch, l.table) < std::pair(r.batch, r.table);
    });
}

double BareLoop::fill(BareDatabase& target) const
{
    std::vector<BareStatement> inserts(sources.size());
    for (const BareRow& row : rows_) {
        BareStatement& insert = inserts[row.table];
        if (!insert) {
            QByteArray places = QByteArray("?,").repeated(qsizetype(row.values.size()));
            places.chop(1);
            insert =
                target.prepare(QByteArray("INSERT INTO ") + sources[row.table].insert + " VALUES (" + places + ")");
        }
    }
    const Stopwatch watch;
    qint64 batch = -1;
    for (const BareRow& row : rows_) {
        if (row.batch != batch) {
            if (batch >= 0)
                target.execute("COMMIT");
            target.checkpointIfLarge();
            target.execute("BEGIN IMMEDIATE");
            batch = row.batch;
        }
        sqlite3_stmt* insert = inserts[row.table].get();
        for (size_t i = 0; i < row.values.size(); ++i)
            bind(insert, int(i) + 1, row.values[i]);
        target.check(sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
    }
    target.execute("COMMIT");
    return watch.seconds();
}

} // namespace holdfast::bench
