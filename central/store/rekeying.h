// After an erasure: what remains of a thread is encrypted anew under the next generation of its key, so that the older
// ones can be destroyed. In pieces, because a thread may hold years; what is still to be done is a row, so that a crash
// between two pieces loses nothing but time.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

namespace holdfast::store {

struct Context;

// In the appender's transaction, behind the lock of the log's head.
class RekeyingWrites
{
public:
    explicit RekeyingWrites(Context& context) : context_(context) {}
    // The next generation: from now on everything of the thread is written under it.
    [[nodiscard]] Status begin(const ThreadId& thread);
    // One piece of what any erasure left to do; the last one of a thread destroys its older keys. False: nothing is
    // left.
    [[nodiscard]] Result<bool> step();

private:
    Context& context_;
};

} // namespace holdfast::store
