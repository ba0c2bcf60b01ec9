// People and policies of the policy system become entries. Loading the same lines again appends nothing.
#pragma once

#include "central/policies/policy_lines.h"
#include "central/store/store.h"

#include <map>
#include <memory>
#include <set>

namespace holdfast::policies {

struct LoadReport
{
    int accepted = 0;
    int unchanged = 0;
    struct Rejected
    {
        int line = 0; // from 1
        QString text;
    };
    std::vector<Rejected> rejected; // the first maxRejectedKept
    int rejectedCount = 0;
};

constexpr int maxLines = 100'000; // of one call
constexpr size_t maxRejectedKept = 1000;

// Appends in batches, each all or nothing; a bad line is reported and the others go on. Thread-safe.
class PolicyLoader
{
public:
    explicit PolicyLoader(store::Store& store) : store_(store) {}
    // tooLarge: more than maxLines.
    void load(const QByteArray& lines, std::function<void(Result<LoadReport>)> done);

private:
    struct Run;
    void nextBatch(const std::shared_ptr<Run>& run);
    [[nodiscard]] Result<std::vector<store::EntryToAppend>> compose(store::StoreWriter& writer, Run& run) const;

    store::Store& store_;
};

} // namespace holdfast::policies
