// A whole desk on disk, as an enrolment and a long catch-up would leave it.
#pragma once

#include "bench/support/sample_log.h"
#include "storage/local/desk_directory.h"
#include "storage/local/key_slots.h"

namespace holdfast::bench {

struct DeskOptions
{
    QString folder; // the console's data folder
    QString passphrase;
    LogSize size;
    quint64 seed = 5;
};

struct MadeDesk
{
    qint64 entries = 0;
    qint64 messages = 0;
    double seconds = 0; // of applying alone, the making of the entries left out
};

// 64 MiB and three passes: the least that a desk's key may cost.
constexpr local::PassphraseCost floorCost{64 * 1024, 3, 1};

[[nodiscard]] SampleLog sampleLogOf(const DeskOptions& options);
[[nodiscard]] local::DeskFiles filesOf(const DeskOptions& options, const SampleLog& source);
[[nodiscard]] MadeDesk makeDesk(const DeskOptions& options, SampleLog& source, RandomSource& random);

} // namespace holdfast::bench
