#include "storage/local/row_batch_sql.h"

namespace holdfast::local::rows {

const QString message = QStringLiteral(
    "INSERT INTO message (row, entry, thread, ord, kind, author, person, at, text, names, type, quoted, reply_to,"
    " mentions, status, attachments) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

const QString messageTerms =
    QStringLiteral("INSERT INTO message_fts (rowid, text, names) SELECT m.row, m.text, m.names FROM json_each(?) AS j"
                   " CROSS JOIN message AS m ON m.row = j.value->>0");

const QString messageIdentifier = QStringLiteral("INSERT OR IGNORE INTO message_identifier (token, row)"
                                                 " SELECT value->>0, value->>1 FROM json_each(?)");

// The lattice of domain::supersedes(): the enum's numbers are its order. Equal ones: the earlier time, so that the
// order of arrival does not matter.
const QString delivery = QStringLiteral(
    "INSERT INTO delivery (message, status, at, code, text, may_retry) SELECT unhex(value->>0), value->>1, value->>2,"
    " value->>3, value->>4, value->>5 FROM json_each(?) WHERE true ON CONFLICT (message) DO UPDATE SET"
    " status = excluded.status, at = excluded.at, code = excluded.code, text = excluded.text,"
    " may_retry = excluded.may_retry WHERE excluded.status > status OR (excluded.status = status AND excluded.at < "
    "at)");

const QString provider =
    QStringLiteral("INSERT OR IGNORE INTO provider (id, message) SELECT value->>0, unhex(value->>1) FROM json_each(?)");

// A lattice too: expected < failed < good < mismatch, and facts are filled in but never emptied.
const QString attachment = QStringLiteral(
    "INSERT INTO attachment (message, blob, idx, size, mime, name, sha256, state, detail, width, height, pages)"
    " SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3, value->>4, value->>5, unhex(value->>6),"
    " value->>7, value->>8, value->>9, value->>10, 0 FROM json_each(?) WHERE true ON CONFLICT (message, blob) DO "
    "UPDATE SET"
    " idx = max(idx, excluded.idx),"
    " size = CASE WHEN excluded.size >= 0 AND (excluded.state >= state OR size < 0) THEN excluded.size ELSE size END,"
    " mime = CASE WHEN excluded.mime <> '' AND (excluded.state >= state OR mime = '') THEN excluded.mime ELSE mime END,"
    " name = CASE WHEN name = '' THEN excluded.name ELSE name END,"
    " sha256 = CASE WHEN excluded.sha256 IS NOT NULL AND (excluded.state >= state OR sha256 IS NULL)"
    " THEN excluded.sha256 ELSE sha256 END,"
    " width = CASE WHEN excluded.width > 0 THEN excluded.width ELSE width END,"
    " height = CASE WHEN excluded.height > 0 THEN excluded.height ELSE height END,"
    " detail = CASE WHEN excluded.state > state THEN excluded.detail ELSE detail END,"
    " state = max(state, excluded.state)");

const QString link = QStringLiteral(
    "INSERT INTO thread_policy (thread, policy, linked, seq) SELECT unhex(value->>0), unhex(value->>1), value->>2,"
    " value->>3 FROM json_each(?) WHERE true ON CONFLICT (thread, policy) DO UPDATE SET linked = excluded.linked,"
    " seq = excluded.seq WHERE excluded.seq >= seq");

const QString pendingLink = QStringLiteral(
    "INSERT INTO thread_policy (thread, policy, linked, seq, pending) SELECT unhex(value->>0), unhex(value->>1), 0, 0,"
    " value->>2 FROM json_each(?) WHERE true ON CONFLICT (thread, policy) DO UPDATE SET pending = excluded.pending");

const QString marker = QStringLiteral(
    "INSERT INTO read_marker (thread, user, seq) SELECT unhex(value->>0), unhex(value->>1), value->>2 FROM json_each(?)"
    " WHERE true ON CONFLICT (thread, user) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq");

const QString member = QStringLiteral("INSERT OR IGNORE INTO thread_member (thread, user) SELECT unhex(value->>0),"
                                      " unhex(value->>1) FROM json_each(?)");

const QString person = QStringLiteral(
    "INSERT INTO person (id, name, phone, as_of, pos, facts) SELECT unhex(value->>0), value->>1, value->>2, value->>3,"
    " value->>4, unhex(value->>5) FROM json_each(?) WHERE true ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
    " phone = excluded.phone, as_of = excluded.as_of, pos = excluded.pos, facts = excluded.facts"
    " WHERE (excluded.as_of, excluded.pos) > (as_of, pos)");

const QString policy = QStringLiteral(
    "INSERT INTO policy (id, number, line, holder, scope, as_of, pos, facts) SELECT unhex(value->>0), value->>1,"
    " value->>2, unhex(value->>3), unhex(value->>4), value->>5, value->>6, unhex(value->>7) FROM json_each(?)"
    " WHERE true ON CONFLICT (id) DO UPDATE SET number = excluded.number, line = excluded.line,"
    " holder = excluded.holder, scope = excluded.scope, as_of = excluded.as_of, pos = excluded.pos,"
    " facts = excluded.facts WHERE (excluded.as_of, excluded.pos) > (as_of, pos)");

const QString personWinners = QStringLiteral("SELECT p.id FROM json_each(?) AS j CROSS JOIN person AS p"
                                             " ON p.id = unhex(j.value->>0) AND p.pos = j.value->>1");

const QString policyWinners = QStringLiteral("SELECT p.id FROM json_each(?) AS j CROSS JOIN policy AS p"
                                             " ON p.id = unhex(j.value->>0) AND p.pos = j.value->>1");

const QString staff = QStringLiteral(
    "INSERT INTO staff (id, login, name, role, team, active, pos) SELECT unhex(value->>0), value->>1, value->>2,"
    " value->>3, value->>4, value->>5, value->>6 FROM json_each(?) WHERE true ON CONFLICT (id) DO UPDATE SET"
    " login = excluded.login, name = excluded.name, role = excluded.role, team = excluded.team,"
    " active = excluded.active, pos = excluded.pos WHERE excluded.pos > pos");

const QString scope = QStringLiteral(
    "INSERT INTO scope (id, type, name, pos) SELECT unhex(value->>0), value->>1, value->>2, value->>3"
    " FROM json_each(?) WHERE true ON CONFLICT (id) DO UPDATE SET type = excluded.type, name = excluded.name,"
    " pos = excluded.pos WHERE excluded.pos > pos");

const QString grant = QStringLiteral(
    "INSERT INTO scope_grant (scope, user, given, pos) SELECT unhex(value->>0), unhex(value->>1), value->>2, value->>3"
    " FROM json_each(?) WHERE true ON CONFLICT (scope, user) DO UPDATE SET given = excluded.given, pos = excluded.pos"
    " WHERE excluded.pos > pos");

// A device keeps its first key; a revocation that came first stays.
const QString device = QStringLiteral(
    "INSERT INTO device (id, user, public_key, name, revoked) SELECT unhex(value->>0), unhex(value->>1),"
    " unhex(value->>2), value->>3, 0 FROM json_each(?) WHERE true ON CONFLICT (id) DO UPDATE SET user = excluded.user,"
    " public_key = excluded.public_key, name = excluded.name WHERE length(public_key) = 0");

const QString revoked =
    QStringLiteral("INSERT INTO device (id, user, public_key, name, revoked) SELECT unhex(value->>0), x'', x'', '', 1"
                   " FROM json_each(?) WHERE true ON CONFLICT (id) DO UPDATE SET revoked = 1");

const QString heads = QStringLiteral("INSERT OR IGNORE INTO heads (pos, covers, root) SELECT value->>0, value->>1,"
                                     " unhex(value->>2) FROM json_each(?)");

// Pending links decide before accepted ones; the first policy is the one linked first.
const QString firstPolicy =
    QStringLiteral("UPDATE thread SET policy = (SELECT tp.policy FROM thread_policy AS tp WHERE tp.thread = thread.id"
                   " AND coalesce(tp.pending, tp.linked) = 1 ORDER BY tp.seq = 0, tp.seq, tp.policy LIMIT 1)"
                   " WHERE id IN (SELECT unhex(value->>0) FROM json_each(?))");

} // namespace holdfast::local::rows
