// The desk that several benchmarks share: made by holdfast-bench-desk, opened by the others with the same options.
#pragma once

#include "bench/support/desk_maker.h"
#include "bench/support/table.h"

#include <algorithm>

namespace holdfast::bench {

// --folder F --messages N. A tenth of the messages, at most 100,000, stand in one room.
[[nodiscard]] inline DeskOptions benchDesk()
{
    DeskOptions options;
    options.folder = option("--folder", QString());
    if (options.folder.isEmpty())
        giveUp(QStringLiteral("--folder is missing"));
    options.passphrase = QStringLiteral("a passphrase for benchmarks only");
    const qint64 messages = option("--messages", 20000);
    options.size.longThread = std::clamp<qint64>(messages / 10, 1000, 100'000);
    options.size.messages = qMax<qint64>(1, messages - options.size.longThread);
    return options;
}

} // namespace holdfast::bench
