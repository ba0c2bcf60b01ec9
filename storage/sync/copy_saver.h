// Writes a copy of an attachment outside the encrypted store, and records that it did.
#pragma once

#include "models/views/desk.h"
#include "storage/local/desk_settings.h"
#include "storage/local/outbox.h"

#include <QThreadPool>

namespace holdfast::sync {

// The order is: have the verified bytes, make the record durable in the outbox, write. So a file without a record
// cannot be; a record whose file could not be written can. GUI thread; the file is written on a thread of its own.
class CopySaver
{
public:
    CopySaver(local::Outbox& outbox, local::DeskSettings& settings, views::DeskReader& reader);
    ~CopySaver();

    [[nodiscard]] QFuture<Result<void>> save(const views::CopyOrder& order);

private:
    [[nodiscard]] QFuture<Result<EntryId>> record(const ThreadId& acts, const views::CopyOrder& order);

    local::Outbox& outbox_;
    local::DeskSettings& settings_;
    views::DeskReader& reader_;
    QThreadPool files_;
};

} // namespace holdfast::sync
