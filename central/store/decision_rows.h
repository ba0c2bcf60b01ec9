// The projections that decide acceptance, collected while entries are staged and written with them.
#pragma once

#include "central/store/bulk.h"
#include "central/store/context.h"
#include "central/store/thread_table.h"
#include "models/domain/project.h"

#include <functional>
#include <map>

namespace holdfast::store {

// Appender's thread only; empty between transactions.
class DecisionRows
{
public:
    explicit DecisionRows(Context& context) : context_(context) {}
    // Changes `thread` in memory and collects rows.
    void apply(const domain::Entry& entry, const std::vector<domain::RowChange>& changes, ThreadFacts& thread);
    [[nodiscard]] Status flush();
    void clear();

private:
    struct Visitor;
    using Write = std::function<Status(sql::Connection&)>;

    Context& context_;
    BulkRows providerMessages_;
    BulkRows custody_;
    std::map<EntryId, std::pair<domain::DeliveryStatus, Timestamp>> deliveries_;
    std::map<std::pair<EntryId, domain::DeliveryStatus>, bool> deliverySeen_;
    std::map<ThreadId, std::pair<Position, Timestamp>> facts_;
    std::map<Digest, PersonId> identities_;
    std::vector<Write> rare_; // in the order of the log
};

} // namespace holdfast::store
