// Checkpoints: a log.heads entry over everything before it, then a signed note over the log up to that entry.
#pragma once

#include "central/store/anchor.h"
#include "central/store/context.h"
#include "central/store/heads_keeper.h"
#include "central/store/log_writer.h"

namespace holdfast::store {

struct CheckpointRow
{
    quint64 size = 0;
    Position headsPos;
    QByteArray note;
};

[[nodiscard]] Result<std::optional<CheckpointRow>> newestCheckpoint(sql::Connection& db);

// Appender's thread only, outside a transaction.
class Checkpointer
{
public:
    Checkpointer(Context& context, LogWriter& writer, HeadsKeeper& heads, const Anchor& anchor)
        : context_(context), writer_(writer), heads_(heads), anchor_(anchor)
    {}
    // The newest note; a new one only if entries came after the last. After COMMIT the anchor is made to hold it.
    [[nodiscard]] Result<QByteArray> run();

private:
    [[nodiscard]] Result<QByteArray> inTransaction();

    Context& context_;
    LogWriter& writer_;
    HeadsKeeper& heads_;
    const Anchor& anchor_;
    QByteArray anchored_; // what this session wrote into the anchor last
};

} // namespace holdfast::store
