#include "central/store/schema.h"

#include "central/store/device_runs.h"
#include "central/store/scope_sums.h"

namespace holdfast::store {

namespace {

// {INT} and {BLOB} are the dialect's words for a 64-bit number and for bytes; {STRICT} and {KEYED} end a table
// ({KEYED}: its rows live in the primary key's index where the dialect can). Order within `tables` does not matter.
const char* const logTables[] = {
    // `edge`: roots of the complete subtrees, largest first, 32 bytes each. One row.
    "CREATE TABLE log_head (id {INT} PRIMARY KEY CHECK (id = 1), epoch {INT} NOT NULL, size {INT} NOT NULL, "
    "edge {BLOB} NOT NULL){STRICT}",
    // Columns beside `bytes` are copies for lookups; verifying compares them.
    "CREATE TABLE entry_header (pos {INT} PRIMARY KEY, entry_id {BLOB} NOT NULL, thread {BLOB} NOT NULL, "
    "tseq {INT} NOT NULL, scope {BLOB} NOT NULL, kind {INT} NOT NULL, author {BLOB} NOT NULL, "
    "leaf {BLOB} NOT NULL, bytes {BLOB} NOT NULL){STRICT}",
    "CREATE UNIQUE INDEX entry_header_thread ON entry_header (thread, tseq)",
    "CREATE INDEX entry_header_scope ON entry_header (scope, pos)",
    "CREATE TABLE entry_position (entry_id {BLOB} PRIMARY KEY, pos {INT} NOT NULL){KEYED}",
    // `sealed`: nonce || AES-256-GCM of salt || content || tag under the thread's key of `generation`.
    "CREATE TABLE content (pos {INT} PRIMARY KEY, generation {INT} NOT NULL, sealed {BLOB} NOT NULL){STRICT}",
    "CREATE TABLE thread_key (thread {BLOB} NOT NULL, generation {INT} NOT NULL, kek_epoch {INT} NOT NULL, "
    "wrapped {BLOB} NOT NULL, PRIMARY KEY (thread, generation)){KEYED}",
    "CREATE TABLE tile_root (level {INT} NOT NULL, idx {INT} NOT NULL, root {BLOB} NOT NULL, "
    "PRIMARY KEY (level, idx)){KEYED}",
    "CREATE TABLE checkpoint (size {INT} PRIMARY KEY, heads_pos {INT} NOT NULL, note {BLOB} NOT NULL){STRICT}",
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value {BLOB} NOT NULL){STRICT}",
};

const char* const threadTables[] = {
    "CREATE TABLE thread_head (thread {BLOB} PRIMARY KEY, tseq {INT} NOT NULL, pos {INT} NOT NULL, "
    "leaf {BLOB} NOT NULL, scope {BLOB} NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, person {BLOB}, "
    "channel TEXT NOT NULL, assignee {BLOB}, newest_customer {INT} NOT NULL, newest_reply {INT} NOT NULL, "
    "newest_move {INT} NOT NULL, customer_at {INT} NOT NULL, reply_at {INT} NOT NULL){KEYED}",
    "CREATE INDEX thread_head_person ON thread_head (person, channel) WHERE person IS NOT NULL",
    "CREATE TABLE thread_policy (thread {BLOB} NOT NULL, policy {BLOB} NOT NULL, "
    "PRIMARY KEY (thread, policy)){KEYED}",
    "CREATE INDEX thread_policy_policy ON thread_policy (policy)",
    // Lookups are HMACs: nothing here names a person in clear.
    "CREATE TABLE identity (lookup {BLOB} PRIMARY KEY, person {BLOB} NOT NULL){KEYED}",
    "CREATE TABLE newest_facts (thread {BLOB} PRIMARY KEY, pos {INT} NOT NULL, as_of {INT} NOT NULL){KEYED}",
    "CREATE TABLE outside_reference (lookup {BLOB} PRIMARY KEY, thread {BLOB} NOT NULL, digest {BLOB} NOT NULL){KEYED}",
    "CREATE TABLE provider_message (lookup {BLOB} PRIMARY KEY, entry_id {BLOB} NOT NULL, thread {BLOB} NOT "
    "NULL){KEYED}",
    "CREATE TABLE delivery (entry_id {BLOB} PRIMARY KEY, status {INT} NOT NULL, at {INT} NOT NULL){KEYED}",
    "CREATE TABLE delivery_seen (entry_id {BLOB} NOT NULL, status {INT} NOT NULL, "
    "PRIMARY KEY (entry_id, status)){KEYED}",
    "CREATE TABLE custody (pos {INT} PRIMARY KEY, entry_id {BLOB} NOT NULL, thread {BLOB} NOT NULL, "
    "step TEXT NOT NULL, at {INT} NOT NULL){STRICT}",
    "CREATE INDEX custody_entry ON custody (entry_id, pos)",
};

const char* const workTables[] = {
    "CREATE TABLE inbox_day (day {INT} PRIMARY KEY, kek_epoch {INT} NOT NULL, wrapped {BLOB} NOT NULL){STRICT}",
    "CREATE TABLE raw_inbox (id {INT} PRIMARY KEY, received_at {INT} NOT NULL, day {INT} NOT NULL, "
    "channel TEXT NOT NULL, sealed {BLOB} NOT NULL, state {INT} NOT NULL, error TEXT NOT NULL){STRICT}",
    "CREATE INDEX raw_inbox_waiting ON raw_inbox (state, id) WHERE state <> 1",
    "CREATE INDEX raw_inbox_day ON raw_inbox (day)",
    "CREATE TABLE job (kind {INT} NOT NULL, entry_id {BLOB} NOT NULL, part {BLOB} NOT NULL, thread {BLOB} NOT NULL, "
    "channel TEXT NOT NULL, state TEXT NOT NULL, callback TEXT, attempts {INT} NOT NULL, due_at {INT} NOT NULL, "
    "ord {INT} NOT NULL, error TEXT NOT NULL, generation {INT} NOT NULL, sealed {BLOB} NOT NULL, "
    "PRIMARY KEY (kind, entry_id, part)){KEYED}",
    "CREATE INDEX job_due ON job (kind, due_at, ord)",
    "CREATE INDEX job_thread ON job (kind, thread, ord)",
    "CREATE UNIQUE INDEX job_callback ON job (callback) WHERE callback IS NOT NULL",
    // `sealed`: the blob's key and its SHA-256, under the thread's key of `generation`.
    "CREATE TABLE blob (blob {BLOB} PRIMARY KEY, thread {BLOB} NOT NULL, size {INT} NOT NULL, mime TEXT NOT NULL, "
    "generation {INT} NOT NULL, sealed {BLOB} NOT NULL, next_chunk {INT} NOT NULL, complete {INT} NOT NULL, "
    "begun_at {INT} NOT NULL, referenced_by {BLOB}){STRICT}",
    "CREATE INDEX blob_orphan ON blob (begun_at) WHERE referenced_by IS NULL",
    "CREATE TABLE blob_chunk (id {SERIAL}, blob {BLOB} NOT NULL, idx {INT} NOT NULL, sealed {BLOB} NOT NULL){STRICT}",
    "CREATE UNIQUE INDEX blob_chunk_index ON blob_chunk (blob, idx)",
};

const char* const accessTables[] = {
    "CREATE TABLE user_account (id {BLOB} PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, "
    "role TEXT NOT NULL, team TEXT NOT NULL, password TEXT NOT NULL, active {INT} NOT NULL){STRICT}",
    "CREATE TABLE sign_in (family {BLOB} PRIMARY KEY, user_id {BLOB} NOT NULL, device {BLOB}, "
    "ended {INT} NOT NULL, begun_at {INT} NOT NULL){KEYED}",
    "CREATE INDEX sign_in_user ON sign_in (user_id)",
    "CREATE TABLE token (hash {BLOB} PRIMARY KEY, kind {INT} NOT NULL, family {BLOB} NOT NULL, "
    "expires_at {INT} NOT NULL, spent {INT} NOT NULL){KEYED}",
    "CREATE INDEX token_expiry ON token (expires_at)",
    "CREATE TABLE api_key (name TEXT PRIMARY KEY, hash {BLOB} NOT NULL UNIQUE, revoked {INT} NOT NULL){STRICT}",
    "CREATE TABLE scope (scope {BLOB} PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, pos {INT} NOT NULL){KEYED}",
    "CREATE TABLE access_grant (user_id {BLOB} NOT NULL, scope {BLOB} NOT NULL, PRIMARY KEY (user_id, scope)){KEYED}",
    "CREATE INDEX access_grant_scope ON access_grant (scope)",
    "CREATE TABLE device (device {BLOB} PRIMARY KEY, user_id {BLOB} NOT NULL, public_key {BLOB} NOT NULL, "
    "name TEXT NOT NULL, revoked {INT} NOT NULL, pos {INT} NOT NULL){KEYED}",
    "CREATE INDEX device_user ON device (user_id)",
};

// Version 2: which policies a person holds, so that a new case can be linked without reading every policy.
const char* const holderTables[] = {
    "CREATE TABLE policy_holder (policy {BLOB} PRIMARY KEY, holder {BLOB} NOT NULL){KEYED}",
    "CREATE INDEX policy_holder_holder ON policy_holder (holder)",
};

// Version 3. Empty for threads from before: their newest reply and assignment then count as somebody else's.
const char* const authorColumns[] = {
    "ALTER TABLE thread_head ADD COLUMN reply_by {BLOB}",
    "ALTER TABLE thread_head ADD COLUMN move_by {BLOB}",
};

// Version 4: when raw bodies were done, and keyed digests.
const char* const housekeepingStatements[] = {
    // The day on which the last body of a day was done; 0: on the day itself.
    "ALTER TABLE inbox_day ADD COLUMN settled_day {INT} NOT NULL DEFAULT 0",
    // Plain hashes of lines with names and ID numbers stood here; from now on they are keyed. A line that comes again
    // is taken for changed once.
    "UPDATE outside_reference SET digest = substr(digest, 1, 0)",
    "CREATE INDEX outside_reference_thread ON outside_reference (thread)",
};

// Version 5. Kinds of threadAssigned, threadState, threadLinked and threadRead: what decides a thread's state is found
// below its newest entries without reading all between.
const char* const historyIndexes[] = {
    "CREATE INDEX entry_header_deciding ON entry_header (thread, kind, tseq) "
    "WHERE kind = 11 OR kind = 12 OR kind = 13 OR kind = 14",
    "CREATE INDEX thread_head_scope ON thread_head (scope)",
};

// Version 6. `device_entry`: which entry has which number of its device. `device_run`: which runs of a device's desk
// there were, in order; `gone`: its profile was set back to before it. `copied_device`: its key is in use on two
// computers.
const char* const deviceRunTables[] = {
    "CREATE TABLE device_entry (device {BLOB} NOT NULL, seq {INT} NOT NULL, entry_id {BLOB} NOT NULL, "
    "PRIMARY KEY (device, seq)){KEYED}",
    "CREATE TABLE device_run (device {BLOB} NOT NULL, run {BLOB} NOT NULL, number {INT} NOT NULL, "
    "gone {INT} NOT NULL, PRIMARY KEY (device, run)){KEYED}",
    "CREATE TABLE copied_device (device {BLOB} PRIMARY KEY){KEYED}",
};

// Version 7: threads that left the scope that their earlier headers name.
const char* const moveTables[] = {
    "ALTER TABLE thread_head ADD COLUMN moved_at {INT}", // position of its newest move
    "CREATE INDEX thread_head_moved ON thread_head (scope, thread) WHERE moved_at IS NOT NULL",
    "CREATE TABLE thread_move (pos {INT} PRIMARY KEY, thread {BLOB} NOT NULL, from_scope {BLOB} NOT NULL, "
    "to_scope {BLOB} NOT NULL){STRICT}",
};

// Version 8: what each scope holds, to compare with what desks hold. A scope's sum is high * 2^32 + low, modulo 2^64.
const char* const checksumTables[] = {
    "ALTER TABLE thread_head ADD COLUMN checksum {INT} NOT NULL DEFAULT 0",
    "CREATE TABLE scope_sum (scope {BLOB} PRIMARY KEY, entries {INT} NOT NULL, high {INT} NOT NULL, "
    "low {INT} NOT NULL){KEYED}",
};

// Version 9: what devices must destroy. `what` 0: a scope, 1: a thread; `gone_at`: when the device said so.
const char* const removalTables[] = {
    "CREATE TABLE removal (device {BLOB} NOT NULL, what {INT} NOT NULL, id {BLOB} NOT NULL, pos {INT} NOT NULL, "
    "gone_at {INT}, PRIMARY KEY (device, what, id)){KEYED}",
    "CREATE INDEX removal_open ON removal (device, pos) WHERE gone_at IS NULL",
};

// Version 10: which entries erased, and of a whole thread below which tseq (else 0); removal.what 2: an erasure.
const char* const erasureTables[] = {
    "CREATE TABLE erasure (pos {INT} PRIMARY KEY, entry_id {BLOB} NOT NULL, thread {BLOB} NOT NULL, "
    "below {INT} NOT NULL){STRICT}",
    // Threads whose older keys are still to be destroyed; what remains up to `seq` is under the newest one.
    "CREATE TABLE rekeying (thread {BLOB} PRIMARY KEY, seq {INT} NOT NULL){KEYED}",
};

// The first fence against changed headers; the tree is the real one.
const char* const wallsSqlCipher[] = {
    "CREATE TRIGGER entry_header_no_update BEFORE UPDATE ON entry_header BEGIN "
    "SELECT RAISE(ABORT, 'headers are never changed'); END",
    "CREATE TRIGGER entry_header_no_delete BEFORE DELETE ON entry_header BEGIN "
    "SELECT RAISE(ABORT, 'headers are never deleted'); END",
};
const char* const wallsPostgres[] = {
    "CREATE FUNCTION refuse_header_change() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RAISE EXCEPTION ''headers are never changed''; END'",
    "CREATE TRIGGER entry_header_no_change BEFORE UPDATE OR DELETE ON entry_header "
    "FOR EACH ROW EXECUTE FUNCTION refuse_header_change()",
    "CREATE TRIGGER entry_header_no_truncate BEFORE TRUNCATE ON entry_header "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_header_change()",
};

QString inDialect(const char* text, sql::Dialect dialect)
{
    const bool here = dialect == sql::Dialect::sqlCipher;
    QString sql = QString::fromLatin1(text);
    sql.replace(QStringLiteral("{SERIAL}"), here ? QStringLiteral("INTEGER PRIMARY KEY")
                                                 : QStringLiteral("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"));
    sql.replace(QStringLiteral("{INT}"), here ? QStringLiteral("INTEGER") : QStringLiteral("BIGINT"));
    sql.replace(QStringLiteral("{BLOB}"), here ? QStringLiteral("BLOB") : QStringLiteral("BYTEA"));
    sql.replace(QStringLiteral("{KEYED}"), here ? QStringLiteral(" STRICT, WITHOUT ROWID") : QString());
    sql.replace(QStringLiteral("{STRICT}"), here ? QStringLiteral(" STRICT") : QString());
    return sql;
}

} // namespace

std::vector<sql::Migration> migrations(sql::Dialect dialect)
{
    std::vector<sql::Migration> steps;
    const auto begin = [&steps](const char* name) {
        steps.emplace_back();
        steps.back().version = int(steps.size());
        steps.back().name = QString::fromLatin1(name);
    };
    const auto add = [&steps, dialect](const auto& texts) {
        for (const char* text : texts)
            steps.back().statements.append(inDialect(text, dialect));
    };
    begin("central store");
    add(logTables);
    add(threadTables);
    add(workTables);
    add(accessTables);
    if (dialect == sql::Dialect::sqlCipher)
        add(wallsSqlCipher);
    else
        add(wallsPostgres);
    begin("policies by holder");
    add(holderTables);
    begin("who replied and assigned last");
    add(authorColumns);
    begin("when raw bodies were done, keyed digests of lines");
    add(housekeepingStatements);
    begin("history from its newest end");
    add(historyIndexes);
    begin("numbers and runs of devices");
    add(deviceRunTables);
    steps.back().then = numberEntries;
    begin("moves of threads");
    add(moveTables);
    begin("checksums of scopes");
    add(checksumTables);
    steps.back().then = sumScopes;
    begin("what devices must destroy");
    add(removalTables);
    begin("erasures");
    add(erasureTables);
    return steps;
}

} // namespace holdfast::store
