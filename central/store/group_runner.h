// Runs one group of work in one transaction; each batch within it succeeds or fails alone.
#pragma once

#include "central/store/append_queue.h"
#include "central/store/context.h"
#include "central/store/log_writer.h"
#include "central/store/raw_rows.h"

namespace holdfast::store {

// What to tell the caller of one piece of work, once COMMIT succeeded.
using Outcome = std::variant<std::monostate, Result<std::vector<AppendResult>>, Status, Result<qint64>>;

// Appender's thread only.
class GroupRunner
{
public:
    GroupRunner(Context& context, LogWriter& writer) : context_(context), writer_(writer), raw_(context) {}
    // An error means that nothing was committed and no outcome counts.
    [[nodiscard]] Result<std::vector<Outcome>> run(const std::vector<Work>& group);

private:
    [[nodiscard]] Status runAll(const std::vector<Work>& group, std::vector<Outcome>& outcomes);
    [[nodiscard]] Status stageTogether(std::span<const Work> works, std::span<Outcome> outcomes);
    [[nodiscard]] Status append(const AppendWork& work, Outcome& outcome);
    [[nodiscard]] Result<std::vector<AppendResult>> appendInside(const AppendBatch& batch, bool& undo);
    [[nodiscard]] Status write(const WriteWork& work, Outcome& outcome);
    // Runs `body` behind a savepoint. The status is of the savepoint itself; `keep` answers whether to keep what it
    // did.
    [[nodiscard]] Status behindSavepoint(const std::function<bool()>& body);

    Context& context_;
    LogWriter& writer_;
    RawRows raw_;
};

} // namespace holdfast::store
