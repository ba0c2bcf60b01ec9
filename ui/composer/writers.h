// The narrow paths out of a composer. A page of the composer holds exactly one of them, so that a note has no way to
// reach a customer: the type that its page knows cannot say "reply".
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/views/values.h"

#include <QFuture>

namespace holdfast::views {
struct OutgoingFile;
}

namespace holdfast::ui {

class NoteWriter
{
public:
    virtual ~NoteWriter() = default;
    virtual QFuture<Result<EntryId>> writeNote(const QString& text, const QList<UserId>& mentions) = 0;
};

class RoomWriter
{
public:
    virtual ~RoomWriter() = default;
    virtual QFuture<Result<EntryId>> writeToRoom(const QString& text, const QList<UserId>& mentions) = 0;
};

class ReplyWriter
{
public:
    virtual ~ReplyWriter() = default;
    virtual QFuture<Result<EntryId>> writeReply(const QString& text, const QList<views::OutgoingFile>& files,
                                                std::optional<EntryId> replyTo) = 0;
};

// Where unsent text of one thread and mode is kept.
class DraftKeeper
{
public:
    virtual ~DraftKeeper() = default;
    virtual QFuture<Result<QString>> load() = 0;
    virtual QFuture<Result<void>> save(const QString& text) = 0;
};

} // namespace holdfast::ui
