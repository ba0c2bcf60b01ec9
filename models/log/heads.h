// The map of thread heads: one root that says which entry is the newest of every thread.
#pragma once

#include "models/base/ids.h"
#include "models/log/tree.h"

#include <map>
#include <unordered_map>

namespace holdfast::log {

constexpr unsigned headsBuckets = 65536;

struct ThreadHead
{
    ThreadId thread;
    ThreadSeq threadSeq;
    Digest leaf;
    friend bool operator==(const ThreadHead&, const ThreadHead&) = default;
};

// thread(16) || u64be(tseq) || leaf(32)
[[nodiscard]] QByteArray headRecord(const ThreadHead& head);
[[nodiscard]] unsigned bucketOf(const ThreadId& thread); // first two bytes of SHA-256(thread)

struct HeadProof
{
    quint64 indexInBucket = 0;
    quint64 bucketSize = 0;
    Proof inBucket;
    Proof ofBucket; // inclusion of the bucket's root among the 65,536
};

[[nodiscard]] bool verifyHead(const ThreadHead& head, const HeadProof& proof, const Digest& headsRoot);

// Holds every head in memory; set() marks a bucket dirty, root() recomputes dirty buckets only. Not thread-safe.
class HeadsMap
{
public:
    HeadsMap();
    void set(const ThreadHead& head);
    [[nodiscard]] Digest root();
    [[nodiscard]] Result<HeadProof> prove(const ThreadId& thread); // notFound for an unknown thread
    [[nodiscard]] qsizetype size() const { return size_; }

private:
    struct Bucket
    {
        std::map<ThreadId, ThreadHead> heads;
        bool dirty = false;
    };
    void refresh();

    std::unordered_map<unsigned, Bucket> buckets_;
    std::vector<std::vector<Digest>> levels_; // levels_[0]: the leaves of the bucket roots; the last: the root
    std::vector<unsigned> dirty_;
    qsizetype size_ = 0;
};

} // namespace holdfast::log
