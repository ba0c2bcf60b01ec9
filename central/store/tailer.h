// The tail of the log as it grows, whoever appends to it.
#pragma once

#include "central/store/feed.h"

#include <vector>

namespace holdfast::store {

// One step of the log's growth. When `from` is not where the last step ended, what lies between was not read: it was
// too much, or nobody waited.
struct Tail
{
    quint64 from = 0;
    quint64 to = 0;
    std::vector<FeedEntry> entries; // all with from <= pos < to, in order, opened
};

// Called on the tailer's thread, one call at a time: hand over and return.
class TailListener
{
public:
    virtual ~TailListener() = default;
    virtual void grew(Tail tail) = 0;
    // A sign-in, device or key was ended, here or at another central: sessions must be asked for anew.
    virtual void signInsEnded() = 0;
    // Every 50 ms or so while somebody waits.
    virtual void tick() = 0;
};

// Thread-safe.
class Tailer
{
public:
    virtual ~Tailer() = default;
    // At most one, for the life of the store.
    virtual void listen(TailListener& listener) = 0;
    // Whether anybody waits: what other centrals append is looked for only then.
    virtual void watch(bool somebodyWaits) = 0;
    [[nodiscard]] virtual quint64 knownSize() const = 0; // as far as the listener was told
};

} // namespace holdfast::store
