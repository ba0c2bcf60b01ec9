// Checkpoints: a log.heads entry over everything before it, then a signed note over the log up to that entry.
#pragma once

#include "central/store/anchor.h"
#include "central/store/context.h"
#include "central/store/daily_anchor.h"
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
    Checkpointer(Context& context, LogWriter& writer, HeadsKeeper& heads, const Anchor& anchor, DailyAnchor daily)
        : context_(context), writer_(writer), heads_(heads), anchor_(anchor), daily_(std::move(daily))
    {}
    // The newest note; a new one only if entries came after the last. After COMMIT the anchors are made to hold it.
    [[nodiscard]] Result<QByteArray> run();

private:
    [[nodiscard]] Result<QByteArray> inTransaction();
    [[nodiscard]] Status recordKeyChanges();
    [[nodiscard]] Status stage(domain::Kind kind, const QByteArray& content);

    Context& context_;
    LogWriter& writer_;
    HeadsKeeper& heads_;
    const Anchor& anchor_;
    DailyAnchor daily_;
    QByteArray anchored_; // what this session wrote into the anchor last
};

} // namespace holdfast::store
