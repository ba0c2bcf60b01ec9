// RFC 6962 roots, and the map of thread heads over them.
#pragma once

#include "verify/bytes.h"

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

namespace verify {

// The tree over leaves that come one after the other.
class Tree
{
public:
    void append(Bytes leaf);
    [[nodiscard]] uint64_t size() const { return size_; }
    [[nodiscard]] Bytes root() const;

private:
    uint64_t size_ = 0;
    std::vector<Bytes> edge_; // roots of complete subtrees, largest first
};

class Heads
{
public:
    Heads();
    void set(const Bytes& thread, uint64_t threadSeq, const Bytes& leaf);
    void remove(const Bytes& thread);
    Bytes root(); // recomputes only what changed since the last call

private:
    [[nodiscard]] const Bytes& node(size_t level, size_t index) const;

    static constexpr size_t levelCount = 17;                // 65,536 leaves up to one root
    std::map<size_t, std::map<Bytes, Bytes>> buckets_;      // thread -> its record's leaf
    std::vector<std::unordered_map<size_t, Bytes>> levels_; // nodes above buckets that are in use
    std::vector<Bytes> empty_;                              // the node of each level above empty buckets alone
    std::set<size_t> changed_;
};

} // namespace verify
