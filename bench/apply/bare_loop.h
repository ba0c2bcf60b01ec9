// The rows of a filled desk, taken out and inserted again by a C loop.
#pragma once

#include "bench/support/bare_sqlite.h"

#include <variant>
#include <vector>

namespace holdfast::bench {

using Value = std::variant<std::monostate, qint64, double, QByteArray, std::string>; // bytes: blob; string: text

struct BareRow
{
    qint64 batch = 0; // number of the transaction
    size_t table = 0;
    std::vector<Value> values;
};

class BareLoop
{
public:
    // Reads every row of `source`, with the batch of `batchEntries` log positions to which it belongs.
    BareLoop(BareDatabase& source, int batchEntries);

    // Inserts them into an empty database of the same schema, a transaction per batch; answers the seconds it took.
    [[nodiscard]] double fill(BareDatabase& target) const;
    [[nodiscard]] size_t rows() const { return rows_.size(); }

private:
    std::vector<BareRow> rows_; // by batch, then table
};

} // namespace holdfast::bench
