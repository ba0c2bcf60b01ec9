// Erasing contents: what is destroyed, under which keys what remains goes on, and what remembers it. Design section 2,
// "Keys and erasure at central".
#pragma once

#include "central/store/append.h"
#include "central/store/erasure_journal.h"
#include "models/domain/project.h"
#include "storage/sql/connection.h"

namespace holdfast::store {

struct Context;

// Exactly one of the three.
struct ErasureRequest
{
    std::vector<EntryId> entries;
    std::optional<ThreadId> thread;
    std::optional<PersonId> person; // the person's facts and every case of his; policies stay with their system
    QString reason;                 // a word; no personal text
};

// What goes from one thread. Structural kinds are never among the entries.
struct ThreadErasure
{
    ThreadId thread;
    std::vector<EntryId> entries;
    bool whole = false;
    bool person = false;
    friend bool operator==(const ThreadErasure&, const ThreadErasure&) = default;
};

struct ErasureReport
{
    qint64 threads = 0;
    qint64 entries = 0;
    qint64 blobs = 0;
    bool settled = true; // false: older keys or freed pages are still to be destroyed; the housekeeper does it
};

class ErasureReads
{
public:
    explicit ErasureReads(Context& context) : context_(context) {}
    // notFound: no such entry, thread or person. denied: a structural kind. With an entry go the steps of its files.
    // What was erased before is left out; an answer without threads means that nothing is left to erase.
    [[nodiscard]] Result<std::vector<ThreadErasure>> plan(const ErasureRequest& request);
    // Of the inbox, what brought the entries of the plan; see raw_traces.h.
    [[nodiscard]] Result<std::vector<qint64>> rawBodies(const std::vector<ThreadErasure>& plan);
    // Of these, the ones whose contents are here.
    [[nodiscard]] Result<std::vector<EntryId>> withContent(const std::vector<EntryId>& entries);
    // What the entry `erasure` says to desks; notFound.
    [[nodiscard]] Result<domain::EraseContents> erasure(const EntryId& erasure);

protected:
    Context& context_;
};

// In the appender's transaction.
class ErasureWrites : public ErasureReads
{
public:
    using ErasureReads::ErasureReads;
    // The entries that say so: one a thread, more where the ids of one do not fit into an entry.
    [[nodiscard]] std::vector<EntryToAppend> entriesOf(const ThreadErasure& erasure, const QString& reason);
    // Journal first; then contents, files and jobs go, and the thread's next key generation begins. What remains is
    // moved to it afterwards, in pieces (rekeying.h). Called once the entries are appended.
    [[nodiscard]] Result<ErasureReport> perform(const ThreadErasure& erasure);
    [[nodiscard]] Status forgetRawBodies(const std::vector<qint64>& bodies); // by their inbox ids

private:
    [[nodiscard]] Result<qint64> deleteBlobs(const ThreadErasure& erasure);
    [[nodiscard]] Status deleteContents(const ThreadErasure& erasure);
    [[nodiscard]] Status forgetPerson(const ThreadErasure& erasure);
};

// The row by which desks are told. Called in the order of the log, after the entry's header is a row.
[[nodiscard]] Status noteErasure(sql::Connection& db, const domain::EraseContents& erasure, Position pos,
                                 const ScopeId& scope, bool everyone);

} // namespace holdfast::store
