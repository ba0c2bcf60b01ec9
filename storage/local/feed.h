// What arrives from central and what applying it changed, as plain values.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/domain/project.h"
#include "models/log/checksum.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QSet>

#include <optional>
#include <vector>

namespace holdfast::local {

// Exactly the bytes that came. Salt and content are absent together: the entry was erased.
struct FeedEntry
{
    QByteArray header;
    std::optional<QByteArray> salt;
    std::optional<QByteArray> content;
    QByteArray voucher = {}; // by which a restored central knows the entry again; empty: none was given
};

struct ScopeEvent
{
    ScopeId scope;
    bool opened = true;  // false: closed; its rows must go
    bool window = false; // opened, and the feed brings its tail only
};

enum class Arrival {
    feed,   // each thread in its order, all of what is newer than before
    history // of threads that are here or were listed, in any order, to fill what is missing
};

// The newest window of a thread begins here: what is older is history.
struct NewestWindow
{
    ThreadId thread;
    ThreadSeq first;
};

struct ThreadEvent
{
    ThreadId thread;
    bool opened = true; // false: moved to where this person sees nothing; its rows must go
};

// What central counts in a scope that this desk has caught up with.
struct ScopeSum
{
    ScopeId scope;
    log::Checksum checksum;
};

struct FeedBatch
{
    std::vector<FeedEntry> entries; // in pos order per scope; of history: in pos order
    std::vector<ScopeEvent> scopes;
    QByteArray cursor; // stored in the same transaction; empty: leave the old one
    std::vector<ThreadEvent> threads = {};
    QList<ScopeSum> sums = {};                // compared once all entries are stored
    QList<domain::EraseContents> erased = {}; // applied before everything else
    Arrival arrival = Arrival::feed;
    QList<NewestWindow> windows = {}; // of history: those that are among the entries
};

// A check of the log that failed. Kept until someone looks at it; the entry is stored, never dropped.
struct Fault
{
    Position pos;
    QString what; // plain words
};

struct Applied
{
    int stored = 0;                     // entries that were new here
    QHash<ThreadId, Position> advanced; // threads of which this brought newer entries than were here; the newest's
    QSet<ThreadId> threads;             // whose rows changed
    QSet<ThreadId> closed;              // that this desk held or was told to destroy
    QList<BlobId> wanted;               // good attachments whose bytes are not here yet, newest last
    QSet<BlobId> blobs;                 // attachments whose state changed
    QList<BlobId> erased;               // whose chunks the applier removes from the media file
    QList<qint64> closings;             // numbers of what was noted to be acknowledged
    bool destroyed = false;             // rows were erased that must leave the write-ahead logs too
    std::optional<Error> left;          // that could not be done now; the next start tries again
    QSet<EntryId> settled;              // entries of this desk's outbox that central has accepted
    bool listsChanged = false;          // order, counts or rows of lists
    std::optional<Fault> fault;         // the first one of this batch
};

} // namespace holdfast::local
