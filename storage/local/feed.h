// What arrives from central and what applying it changed, as plain values.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/domain/project.h"
#include "models/log/checksum.h"

#include <QByteArray>
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
};

struct ScopeEvent
{
    ScopeId scope;
    bool opened = true; // false: closed; its rows must go
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
    std::vector<FeedEntry> entries; // in pos order per scope
    std::vector<ScopeEvent> scopes;
    QByteArray cursor; // stored in the same transaction; empty: leave the old one
    std::vector<ThreadEvent> threads = {};
    QList<ScopeSum> sums = {};                // compared once all entries are stored
    QList<domain::EraseContents> erased = {}; // applied before everything else
};

// A check of the log that failed. Kept until someone looks at it; the entry is stored, never dropped.
struct Fault
{
    Position pos;
    QString what; // plain words
};

struct Applied
{
    int stored = 0;             // entries that were new here
    QSet<ThreadId> threads;     // whose rows changed
    QSet<ThreadId> closed;      // that this desk held or was told to destroy
    QList<BlobId> wanted;       // good attachments whose bytes are not here yet, newest last
    QSet<BlobId> blobs;         // attachments whose state changed
    QList<BlobId> erased;       // whose chunks the applier removes from the media file
    QList<qint64> closings;     // numbers of what was noted to be acknowledged
    bool destroyed = false;     // rows were erased that must leave the write-ahead logs too
    std::optional<Error> left;  // that could not be done now; the next start tries again
    QSet<EntryId> settled;      // entries of this desk's outbox that central has accepted
    bool listsChanged = false;  // order, counts or rows of lists
    std::optional<Fault> fault; // the first one of this batch
};

} // namespace holdfast::local
