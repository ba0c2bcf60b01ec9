#include "storage/local/record_index.h"

#include <QHash>

namespace holdfast::local {
namespace {

// CROSS JOIN keeps the JSON rows outside and the table's index inside.
const QString forgetTermsSql = QStringLiteral(
    "INSERT INTO record_fts (record_fts, rowid, text) SELECT 'delete', r.row, r.text FROM json_each(?) AS j"
    " CROSS JOIN record AS r ON r.what = j.value->>0 AND r.id = unhex(j.value->>1)");

const QString forgetIdentifiersSql =
    QStringLiteral("DELETE FROM record_identifier WHERE row IN (SELECT r.row FROM json_each(?) AS j"
                   " CROSS JOIN record AS r ON r.what = j.value->>0 AND r.id = unhex(j.value->>1))");

const QString removeSql =
    QStringLiteral("DELETE FROM record WHERE (what, id) IN (SELECT value->>0, unhex(value->>1) FROM json_each(?))");

const QString putSql = QStringLiteral(
    "INSERT INTO record (what, id, text) SELECT value->>0, unhex(value->>1), value->>2 FROM json_each(?) WHERE true"
    " ON CONFLICT (what, id) DO UPDATE SET text = excluded.text");

const QString indexSql =
    QStringLiteral("INSERT INTO record_fts (rowid, text) SELECT r.row, r.text FROM json_each(?) AS j"
                   " CROSS JOIN record AS r ON r.what = j.value->>0 AND r.id = unhex(j.value->>1)");

const QString identifySql = QStringLiteral(
    "INSERT OR IGNORE INTO record_identifier (token, row) SELECT j.value->>2, r.row FROM json_each(?) AS j"
    " CROSS JOIN record AS r ON r.what = j.value->>0 AND r.id = unhex(j.value->>1)");

} // namespace

RecordIndex::RecordIndex(sql::WriteConnection& connection) : connection_(connection) {}

void RecordIndex::put(Record what, const QByteArray& id, const QString& text, const QStringList& identifiers)
{
    entries_.push_back({what, id, text, identifiers});
}

void RecordIndex::remove(Record what, const QByteArray& id)
{
    removed_.row().add(qint64(what)).add(id);
}

Status RecordIndex::flush()
{
    if (!removed_.isEmpty()) {
        for (const QString* sql : {&forgetTermsSql, &forgetIdentifiersSql, &removeSql}) {
            if (const Status done = connection_.statement(*sql).exec(removed_); !done)
                return done;
        }
        removed_.clear();
    }
    // One row per record: a record that came twice keeps its last text.
    const auto keyOf = [](const Entry& entry) { return QByteArray::number(static_cast<int>(entry.what)) + entry.id; };
    QHash<QByteArray, const Entry*> last;
    for (const Entry& entry : entries_)
        last[keyOf(entry)] = &entry;
    sql::JsonRows rows;
    sql::JsonRows tokens;
    for (const Entry& entry : entries_) {
        if (last.value(keyOf(entry)) != &entry)
            continue;
        rows.row().add(qint64(entry.what)).add(entry.id).add(entry.text);
        for (const QString& token : entry.identifiers)
            tokens.row().add(qint64(entry.what)).add(entry.id).add(token);
    }
    entries_.clear();
    if (rows.isEmpty())
        return {};
    for (const QString* sql : {&forgetTermsSql, &forgetIdentifiersSql, &putSql, &indexSql}) {
        if (const Status done = connection_.statement(*sql).exec(rows); !done)
            return done;
    }
    return tokens.isEmpty() ? Status() : connection_.statement(identifySql).exec(tokens);
}

} // namespace holdfast::local
