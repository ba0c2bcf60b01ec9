#include "verify/entry.h"

namespace verify {
namespace {

// RFC 8949: a first byte of three bits major type and five bits argument, in the shortest form (4.2.1).
class Cbor
{
public:
    explicit Cbor(std::string_view bytes) : rest_(bytes) {}

    void array(uint64_t count) { good_ = head(4) == count && good_; }
    void version() { good_ = head(0) == 1 && good_; }
    void number(uint64_t& out) { out = head(0); }
    void bytes(Bytes& out, size_t least, size_t most)
    {
        const uint64_t size = head(2);
        good_ = good_ && size <= rest_.size() && size >= least && size <= most;
        if (!good_)
            return;
        out = rest_.substr(0, size);
        rest_.remove_prefix(size);
    }
    void bytes(Bytes& out, size_t exactly) { bytes(out, exactly, exactly); }
    [[nodiscard]] bool complete() const { return good_ && rest_.empty(); }

private:
    uint64_t head(unsigned major)
    {
        const unsigned first = next();
        unsigned argument = first & 31;
        good_ = good_ && first >> 5 == major && argument <= 27;
        if (!good_ || argument < 24)
            return argument;
        uint64_t value = 0;
        const unsigned follow = 1U << (argument - 24);
        for (unsigned i = 0; i < follow; ++i)
            value = value << 8 | next();
        // Each longer form must be needed: 24 for one byte, 2^8 for two, 2^16 for four, 2^32 for eight.
        const uint64_t least = follow == 1 ? 24 : uint64_t(1) << (4 * follow);
        good_ = good_ && value >= least;
        return value;
    }
    unsigned next()
    {
        good_ = good_ && !rest_.empty();
        if (!good_)
            return 0;
        const auto byte = static_cast<uint8_t>(rest_[0]);
        rest_.remove_prefix(1);
        return byte;
    }

    std::string_view rest_;
    bool good_ = true;
};

bool decodeAuthorPart(Entry& entry)
{
    Cbor cbor(entry.authorPart);
    cbor.array(9);
    cbor.version();
    cbor.bytes(entry.entryId, 16);
    cbor.bytes(entry.thread, 16);
    cbor.number(entry.kind);
    cbor.bytes(entry.author, 16);
    cbor.bytes(entry.device, 16);
    cbor.number(entry.deviceSeq);
    cbor.number(entry.claimedAt);
    cbor.bytes(entry.commit, 32);
    return cbor.complete() && entry.kind <= UINT32_MAX && entry.claimedAt <= INT64_MAX;
}

} // namespace

std::optional<Entry> decodeEntry(std::string_view header)
{
    Entry entry;
    Cbor cbor(header);
    cbor.array(9);
    cbor.version();
    cbor.bytes(entry.authorPart, 1, 160);
    cbor.bytes(entry.signature, 0, 64);
    cbor.number(entry.epoch);
    cbor.number(entry.pos);
    cbor.bytes(entry.scope, 16);
    cbor.number(entry.threadSeq);
    cbor.number(entry.centralAt);
    cbor.bytes(entry.prev, 32);
    const bool signatureFits = entry.signature.empty() || entry.signature.size() == 64;
    if (!cbor.complete() || !signatureFits || entry.centralAt > INT64_MAX || !decodeAuthorPart(entry))
        return std::nullopt;
    return entry;
}

} // namespace verify
