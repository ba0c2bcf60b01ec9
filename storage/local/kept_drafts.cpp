#include "storage/local/kept_drafts.h"

#include "models/domain/own_words.h"
#include "storage/local/schema.h"

#include <QHash>

namespace holdfast::local {
namespace {

const QString draftsSql = QStringLiteral("SELECT d.thread, d.text FROM json_each(?) AS j CROSS JOIN draft AS d"
                                         " ON d.thread = unhex(j.value->>0)");
// A colleague's words are the company's as much as the customer's: only the author's own go along.
const QString textsSql = QStringLiteral("SELECT text FROM message WHERE thread = ? AND ord < %1").arg(pendingBase);

Result<QStringList> textsOf(sql::WriteConnection& connection, const ThreadId& thread)
{
    QStringList texts;
    sql::Statement select = connection.statement(textsSql);
    select.bind(0, thread);
    const Status read = select.forEach([&texts](sql::Statement& row) { texts.append(row.text(0)); });
    return read ? Result<QStringList>(std::move(texts)) : tl::unexpected(read.error());
}

} // namespace

Status keepDrafts(sql::WriteConnection& connection, const sql::JsonRows& threads)
{
    QList<std::pair<ThreadId, QString>> drafts;
    sql::Statement select = connection.statement(draftsSql);
    select.bind(0, threads);
    const Status read = select.forEach([&drafts](sql::Statement& row) {
        drafts.append({row.id<ThreadId>(0), row.text(1)});
    });
    if (!read)
        return read;
    for (const auto& [thread, text] : std::as_const(drafts)) {
        const Result<QStringList> others = textsOf(connection, thread);
        if (!others)
            return tl::unexpected(others.error());
        const QString own = domain::ownWords(text, *others);
        if (own.isEmpty())
            continue;
        if (const Status kept =
                connection.statement(QStringLiteral("INSERT INTO kept_draft (text) VALUES (?)")).exec(own);
            !kept)
            return kept;
    }
    return {};
}

Status unquoteDrafts(sql::WriteConnection& connection, const ThreadId& thread, const QStringList& texts)
{
    QList<std::pair<bool, QString>> drafts;
    sql::Statement select = connection.statement(QStringLiteral("SELECT note, text FROM draft WHERE thread = ?"));
    select.bind(0, thread);
    const Status read = select.forEach([&drafts](sql::Statement& row) {
        drafts.append({row.int64(0) != 0, row.text(1)});
    });
    if (!read)
        return read;
    for (const auto& [note, text] : std::as_const(drafts)) {
        const QString own = domain::ownWords(text, texts);
        const Status changed =
            own.isEmpty()
                ? connection.statement(QStringLiteral("DELETE FROM draft WHERE thread = ? AND note = ?"))
                      .exec(thread, note)
                : connection.statement(QStringLiteral("UPDATE draft SET text = ? WHERE thread = ? AND note = ?"))
                      .exec(own, thread, note);
        if (!changed)
            return changed;
    }
    return {};
}

Result<QList<views::KeptDraft>> readKeptDrafts(sql::Connection& connection)
{
    QList<views::KeptDraft> drafts;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT number, text FROM kept_draft ORDER BY number DESC LIMIT 100"));
    const Status read = select.forEach([&drafts](sql::Statement& row) { drafts.append({row.int64(0), row.text(1)}); });
    return read ? Result<QList<views::KeptDraft>>(std::move(drafts)) : tl::unexpected(read.error());
}

QFuture<Result<void>> dropKeptDraft(Database& database, qint64 number)
{
    const auto drop = [number](sql::WriteConnection& connection) -> Result<void> {
        if (const Status set = connection.setDurability(sql::Durability::normal); !set)
            return set;
        return connection.statement(QStringLiteral("DELETE FROM kept_draft WHERE number = ?")).exec(number);
    };
    return database.write<void>(Priority::send, drop)
        .then([&database](const Result<void>& dropped) {
            return dropped ? database.truncateLog() : QtFuture::makeReadyFuture(dropped);
        })
        .unwrap();
}

} // namespace holdfast::local
