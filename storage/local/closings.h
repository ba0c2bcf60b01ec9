// What this desk owes after it lost scopes, threads or contents: the word to central that all of it is gone.
#pragma once

#include "models/domain/project.h"
#include "storage/local/database.h"
#include "storage/local/media_store.h"
#include "storage/sql/connection.h"

#include <QList>

namespace holdfast::local {

// What this person may no longer see, what nobody may, and what is delivered from its beginning.
struct Closings
{
    QList<ScopeId> scopes;
    QList<ThreadId> threads;
    QList<ScopeId> opened = {};
    QList<ThreadId> openedThreads = {};
    QList<ScopeId> windows = {}; // of `opened`: the feed brings their tail only
    QList<domain::EraseContents> erased = {};
    [[nodiscard]] bool isEmpty() const { return scopes.isEmpty() && threads.isEmpty() && erased.isEmpty(); }
};

// closing.what
enum class Closed : int { scope = 0, thread = 1, erasure = 2 };

struct Acknowledgement
{
    qint64 number = 0; // of this desk
    Closed what = Closed::scope;
    QByteArray id; // 16 bytes: of the scope, the thread, or the entry that erased
};

// In the transaction that destroys the rows: a crash from here on leaves nothing forgotten. Answers their numbers.
[[nodiscard]] Result<QList<qint64>> noteClosings(sql::WriteConnection& connection, const Closings& closings);

// What comes back is not owed any more: saying that it is gone would be untrue from here on.
[[nodiscard]] Status forgetClosings(sql::WriteConnection& connection, const Closings& closings);

// Durably, once the bytes have left the media file and both write-ahead logs: from here on it may be acknowledged.
QFuture<Result<void>> noteGone(Database& database, const QList<qint64>& numbers);

// At the start, before anything new is written: what a crash or a full disk kept from being erased goes now.
QFuture<Result<void>> finishClosings(Database& database, MediaStore& media, Timestamp now);

// What the next request of the feed has to say.
struct FeedNotes
{
    QList<Acknowledgement> closed; // oldest first; at most 200
    QList<ScopeId> again;          // that differed, were dropped, and are to be delivered from their beginning
};

QFuture<Result<FeedNotes>> feedNotes(Database& database);
QFuture<Result<void>> forgetAcknowledgements(Database& database, const QList<Acknowledgement>& told);

} // namespace holdfast::local
