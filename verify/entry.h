// An entry's header as docs/log-format.md lays it out.
#pragma once

#include "verify/bytes.h"

namespace verify {

struct Entry
{
    Bytes authorPart;
    Bytes signature;
    uint64_t epoch = 0;
    uint64_t pos = 0;
    Bytes scope;
    uint64_t threadSeq = 0;
    uint64_t centralAt = 0;
    Bytes prev;

    Bytes entryId;
    Bytes thread;
    uint64_t kind = 0;
    Bytes author;
    Bytes device;
    uint64_t deviceSeq = 0;
    uint64_t claimedAt = 0;
    Bytes commit;
};

// Strict deterministic CBOR; nothing for anything else.
std::optional<Entry> decodeEntry(std::string_view header);

} // namespace verify
