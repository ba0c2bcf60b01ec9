#include "storage/local/schema.h"

#include "storage/local/scope_sums.h"

#include <array>

namespace holdfast::local {
namespace {

// The log as it came. Erasure empties salt and content; the header row stays.
const QStringList logTables{
    QStringLiteral("CREATE TABLE entry (pos INTEGER PRIMARY KEY, entry BLOB NOT NULL UNIQUE, thread BLOB NOT NULL,"
                   " scope BLOB NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, author BLOB NOT NULL,"
                   " device BLOB NOT NULL, device_seq INTEGER NOT NULL, claimed_at INTEGER NOT NULL,"
                   " central_at INTEGER NOT NULL, header BLOB NOT NULL, leaf BLOB NOT NULL, salt BLOB, content BLOB,"
                   " checked INTEGER NOT NULL) STRICT"),
    QStringLiteral("CREATE UNIQUE INDEX entry_thread ON entry (thread, seq)"),
    QStringLiteral("CREATE INDEX entry_unchecked ON entry (device) WHERE checked = 0"),
    QStringLiteral("CREATE TABLE outbox (entry BLOB PRIMARY KEY, thread BLOB NOT NULL, kind INTEGER NOT NULL,"
                   " device_seq INTEGER NOT NULL UNIQUE, author_part BLOB NOT NULL, signature BLOB NOT NULL,"
                   " salt BLOB NOT NULL, content BLOB NOT NULL, blobs BLOB NOT NULL, state INTEGER NOT NULL,"
                   " attempts INTEGER NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL) STRICT,"
                   " WITHOUT ROWID"),
    QStringLiteral("CREATE INDEX outbox_state ON outbox (state, device_seq)"),
    QStringLiteral("CREATE INDEX outbox_thread ON outbox (thread, device_seq)"),
    QStringLiteral("CREATE TABLE device_counter (device BLOB PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE retried (entry BLOB PRIMARY KEY, by BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE receipt (entry BLOB PRIMARY KEY, pos INTEGER NOT NULL, header BLOB NOT NULL,"
                   " receipt BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE checkpoint (size INTEGER NOT NULL, epoch INTEGER NOT NULL, note BLOB NOT NULL,"
                   " PRIMARY KEY (epoch, size)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE fault (id INTEGER PRIMARY KEY, pos INTEGER NOT NULL, what TEXT NOT NULL,"
                   " evidence BLOB) STRICT"),
    QStringLiteral("CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE draft (thread BLOB NOT NULL, note INTEGER NOT NULL, text TEXT NOT NULL,"
                   " PRIMARY KEY (thread, note)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE held (blob BLOB PRIMARY KEY, size INTEGER NOT NULL, sha256 BLOB NOT NULL,"
                   " at INTEGER NOT NULL) STRICT, WITHOUT ROWID"),
};

// Projections: derived from entry and outbox alone, so they can be thrown away and folded again.
const QStringList projections{
    QStringLiteral("CREATE TABLE thread (id BLOB PRIMARY KEY, type TEXT NOT NULL, scope BLOB NOT NULL,"
                   " title TEXT NOT NULL, person BLOB NOT NULL, channel TEXT NOT NULL, status TEXT NOT NULL,"
                   " until INTEGER NOT NULL, reason TEXT NOT NULL, state_seq INTEGER NOT NULL,"
                   " assignee BLOB NOT NULL, assign_seq INTEGER NOT NULL, head_seq INTEGER NOT NULL,"
                   " head_leaf BLOB NOT NULL, newest_ord INTEGER NOT NULL, newest_at INTEGER NOT NULL,"
                   " customer_at INTEGER NOT NULL, read_seq INTEGER NOT NULL, unread INTEGER NOT NULL,"
                   " mentions INTEGER NOT NULL, policy BLOB, base BLOB) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE INDEX thread_queue ON thread (assignee, newest_at, id, status, until, unread)"
                   " WHERE type = 'case' AND status <> 'done'"),
    QStringLiteral("CREATE INDEX thread_all ON thread (newest_at, id, unread) WHERE type = 'case'"),
    QStringLiteral("CREATE INDEX thread_team ON thread (type, title) WHERE type IN ('room', 'direct')"),
    QStringLiteral("CREATE INDEX thread_person ON thread (person, newest_at) WHERE type = 'case'"),
    QStringLiteral("CREATE TABLE thread_member (thread BLOB NOT NULL, user BLOB NOT NULL,"
                   " PRIMARY KEY (thread, user)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE thread_policy (thread BLOB NOT NULL, policy BLOB NOT NULL, seq INTEGER NOT NULL,"
                   " linked INTEGER NOT NULL, pending INTEGER, PRIMARY KEY (thread, policy)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE INDEX thread_policy_policy ON thread_policy (policy)"),
    QStringLiteral("CREATE TABLE message (row INTEGER PRIMARY KEY, entry BLOB NOT NULL, thread BLOB NOT NULL,"
                   " ord INTEGER NOT NULL, kind INTEGER NOT NULL, author BLOB NOT NULL, person BLOB NOT NULL,"
                   " at INTEGER NOT NULL, text TEXT NOT NULL, names TEXT NOT NULL, type TEXT NOT NULL,"
                   " quoted TEXT, reply_to BLOB, mentions BLOB, status INTEGER NOT NULL, attachments INTEGER NOT NULL)"
                   " STRICT"),
    QStringLiteral("CREATE UNIQUE INDEX message_entry ON message (entry)"),
    QStringLiteral("CREATE UNIQUE INDEX message_thread ON message (thread, ord)"),
    QStringLiteral("CREATE TABLE delivery (message BLOB PRIMARY KEY, status INTEGER NOT NULL, at INTEGER NOT NULL,"
                   " code INTEGER NOT NULL, text TEXT NOT NULL, may_retry INTEGER NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE provider (id TEXT NOT NULL, message BLOB NOT NULL, PRIMARY KEY (id, message)) STRICT,"
                   " WITHOUT ROWID"),
    QStringLiteral(
        "CREATE TABLE attachment (message BLOB NOT NULL, blob BLOB NOT NULL, idx INTEGER NOT NULL,"
        " size INTEGER NOT NULL, mime TEXT NOT NULL, name TEXT NOT NULL, sha256 BLOB, state INTEGER NOT NULL,"
        " detail TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, pages INTEGER NOT NULL,"
        " PRIMARY KEY (message, blob)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE INDEX attachment_blob ON attachment (blob)"),
    QStringLiteral("CREATE TABLE person (id BLOB PRIMARY KEY, name TEXT NOT NULL, phone TEXT NOT NULL,"
                   " as_of INTEGER NOT NULL, pos INTEGER NOT NULL, facts BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE policy (id BLOB PRIMARY KEY, number TEXT NOT NULL, line TEXT NOT NULL,"
                   " holder BLOB NOT NULL, scope BLOB NOT NULL, as_of INTEGER NOT NULL, pos INTEGER NOT NULL,"
                   " facts BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE staff (id BLOB PRIMARY KEY, login TEXT NOT NULL, name TEXT NOT NULL,"
                   " role TEXT NOT NULL, team TEXT NOT NULL, active INTEGER NOT NULL, pos INTEGER NOT NULL) STRICT,"
                   " WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE scope (id BLOB PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL,"
                   " pos INTEGER NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE scope_grant (scope BLOB NOT NULL, user BLOB NOT NULL, given INTEGER NOT NULL,"
                   " pos INTEGER NOT NULL, PRIMARY KEY (scope, user)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE device (id BLOB PRIMARY KEY, user BLOB NOT NULL, public_key BLOB NOT NULL,"
                   " name TEXT NOT NULL, revoked INTEGER NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE read_marker (thread BLOB NOT NULL, user BLOB NOT NULL, seq INTEGER NOT NULL,"
                   " PRIMARY KEY (thread, user)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE heads (pos INTEGER PRIMARY KEY, covers INTEGER NOT NULL, root BLOB NOT NULL) STRICT"),
};

// External content: the text lives once, in its table, and a delete with the old text removes the terms for good.
const QStringList searchTables{
    QStringLiteral("CREATE VIRTUAL TABLE message_fts USING fts5(text, names, content='message', content_rowid='row',"
                   " tokenize='unicode61 remove_diacritics 2', prefix='2 3', columnsize=0)"),
    QStringLiteral("INSERT INTO message_fts (message_fts, rank) VALUES ('secure-delete', 1)"),
    QStringLiteral("CREATE TABLE record (row INTEGER PRIMARY KEY, what INTEGER NOT NULL, id BLOB NOT NULL,"
                   " text TEXT NOT NULL, UNIQUE (what, id)) STRICT"),
    QStringLiteral("CREATE VIRTUAL TABLE record_fts USING fts5(text, content='record', content_rowid='row',"
                   " tokenize='unicode61 remove_diacritics 2', prefix='2 3', columnsize=0)"),
    QStringLiteral("INSERT INTO record_fts (record_fts, rank) VALUES ('secure-delete', 1)"),
    QStringLiteral("CREATE TABLE message_identifier (token TEXT NOT NULL, row INTEGER NOT NULL,"
                   " PRIMARY KEY (token, row)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE record_identifier (token TEXT NOT NULL, row INTEGER NOT NULL,"
                   " PRIMARY KEY (token, row)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE INDEX record_identifier_row ON record_identifier (row)"),
};

// What is not here: windows of history. A thread without holes is here whole.
const QStringList historyTables{
    // Scopes of which the feed brought the tail only. Their threads are still to be listed below these positions; 0:
    // all
    // of that group are.
    QStringLiteral("CREATE TABLE window_scope (scope BLOB PRIMARY KEY, conversations INTEGER NOT NULL,"
                   " records INTEGER NOT NULL) STRICT, WITHOUT ROWID"),
    // Threads that central named and of which nothing came yet; `pos` is of the newest entry.
    QStringLiteral("CREATE TABLE listed (thread BLOB PRIMARY KEY, scope BLOB NOT NULL, pos INTEGER NOT NULL) STRICT,"
                   " WITHOUT ROWID"),
    QStringLiteral("CREATE INDEX listed_pos ON listed (pos)"),
    QStringLiteral("CREATE INDEX listed_scope ON listed (scope)"),
    // Missing tseqs of a thread, both ends included. All of them stand below the position `pos`.
    QStringLiteral("CREATE TABLE hole (thread BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
                   " pos INTEGER NOT NULL, PRIMARY KEY (thread, first)) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE INDEX hole_pos ON hole (pos)"),
    // The first tseq of the newest window when it came: what is older is history, and counts as read.
    QStringLiteral("CREATE TABLE thread_window (thread BLOB PRIMARY KEY, first INTEGER NOT NULL) STRICT,"
                   " WITHOUT ROWID"),
};

// For a central that is restored to an earlier point: what shows that an entry was in the log, and what waits to be
// given back.
const QStringList restoreTables{
    QStringLiteral("CREATE TABLE voucher (entry BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE lost_entry (entry BLOB PRIMARY KEY, pos INTEGER NOT NULL, thread BLOB NOT NULL,"
                   " kind INTEGER NOT NULL, header BLOB NOT NULL, salt BLOB NOT NULL, content BLOB NOT NULL,"
                   " blobs BLOB NOT NULL, voucher BLOB NOT NULL, receipt BLOB NOT NULL, code TEXT NOT NULL) STRICT,"
                   " WITHOUT ROWID"),
};

// `held` and `checksum` count and sum the thread's entries (models/log/checksum.h).
const QStringList moveColumns{
    QStringLiteral("ALTER TABLE thread ADD COLUMN place_seq INTEGER NOT NULL DEFAULT 0"),
    QStringLiteral("UPDATE thread SET place_seq = head_seq"),
    QStringLiteral("ALTER TABLE thread ADD COLUMN held INTEGER NOT NULL DEFAULT 0"),
    QStringLiteral("ALTER TABLE thread ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0"),
    QStringLiteral("CREATE INDEX thread_scope ON thread (scope)"),
};

// What remains to be done after scopes and threads were lost, and what their author keeps.
const QStringList closingTables{
    QStringLiteral("CREATE TABLE closing (number INTEGER PRIMARY KEY AUTOINCREMENT, what INTEGER NOT NULL,"
                   " id BLOB NOT NULL, gone INTEGER NOT NULL) STRICT"),
    // Scopes that differed from central's: `waits` until they are delivered anew; the row goes when the sums agree.
    QStringLiteral("CREATE TABLE differing (scope BLOB PRIMARY KEY, waits INTEGER NOT NULL) STRICT, WITHOUT ROWID"),
    QStringLiteral("CREATE TABLE kept_draft (number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL) STRICT"),
};

const std::array<sql::Migration, 6> history{
    sql::Migration{1, QStringLiteral("first"), logTables + projections + searchTables, {}},
    sql::Migration{2, QStringLiteral("search index that deletes securely"), firstDeletions(), {}},
    sql::Migration{3, QStringLiteral("windows of history"), historyTables, {}},
    sql::Migration{4, QStringLiteral("restore"), restoreTables, {}},
    sql::Migration{5, QStringLiteral("moves and checksums of threads"), moveColumns, sumThreads},
    sql::Migration{6, QStringLiteral("closings"), closingTables, {}},
};

const std::array<sql::Migration, 1> media{
    sql::Migration{1,
                   QStringLiteral("first"),
                   {QStringLiteral("CREATE TABLE chunk (id INTEGER PRIMARY KEY, blob BLOB NOT NULL, n INTEGER NOT NULL,"
                                   " at INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (blob, n)) STRICT")},
                   {}},
};

} // namespace

const QStringList& firstDeletions()
{
    static const QStringList statements{
        QStringLiteral("INSERT INTO message_fts (rowid, text, names) VALUES (1, 'first', '')"),
        QStringLiteral("INSERT INTO message_fts (message_fts, rowid, text, names) VALUES ('delete', 1, 'first', '')"),
        QStringLiteral("INSERT INTO record_fts (rowid, text) VALUES (1, 'first')"),
        QStringLiteral("INSERT INTO record_fts (record_fts, rowid, text) VALUES ('delete', 1, 'first')"),
    };
    return statements;
}

std::span<const sql::Migration> historySchema()
{
    return history;
}

std::span<const sql::Migration> mediaSchema()
{
    return media;
}

} // namespace holdfast::local
