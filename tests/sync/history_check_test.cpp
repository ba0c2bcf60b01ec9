// What central answers for history is believed only as far as it is proven.
#include "models/domain/kinds.h"
#include "models/log/entry.h"
#include "storage/sync/history_check.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::sync;

namespace {

// A log of one conversation, every entry of which stands in the tree that the desk verified, but the last ones.
class OneThread
{
public:
    explicit OneThread(quint64 size, quint64 verifiedSize)
    {
        Digest prev;
        for (quint64 i = 0; i < size; ++i) {
            log::AuthorPart part;
            part.entryId = *EntryId::fromBytes(sha256({QByteArray::number(i)}).toBytes().first(16));
            part.thread = thread;
            part.kind = domain::number(domain::Kind::customerMessage);
            const QByteArray bytes = log::encode(log::Header{
                log::encode(part), {}, Epoch{1}, Position{i}, ScopeId(), ThreadSeq{i + 1}, Timestamp{1}, prev});
            prev = log::leafHash(bytes);
            headers_.push_back(bytes);
            leaves_.push_back(prev);
        }
        verified.size = verifiedSize;
        verified.root = log::treeRoot(std::span(leaves_).first(verifiedSize));
    }

    [[nodiscard]] WireEntry entry(quint64 seq) const { return {headers_[seq - 1], QByteArray(32, 's'), "{}"}; }
    [[nodiscard]] log::Proof proof(quint64 seq) const
    {
        return *log::inclusionProof(seq - 1, std::span(leaves_).first(verified.size));
    }
    [[nodiscard]] HistoryRange range(quint64 first, quint64 last) const
    {
        HistoryRange range;
        range.thread = thread;
        range.newest = ThreadSeq{headers_.size()};
        for (quint64 seq = last; seq >= first; --seq)
            range.entries.append(entry(seq));
        return range;
    }

    const ThreadId thread = *ThreadId::fromBytes(QByteArray(16, 't'));
    Verified verified;

private:
    std::vector<QByteArray> headers_;
    std::vector<Digest> leaves_;
};

CheckedHistory check(const OneThread& log, const HistoryRange& range, RangeRequest asked)
{
    asked.thread = log.thread;
    return checkHistory({{range}, false}, {asked}, log.verified);
}

RangeRequest below(quint64 seq)
{
    RangeRequest asked;
    asked.below = ThreadSeq{seq};
    return asked;
}

RangeRequest newestWindow()
{
    RangeRequest asked;
    asked.alone = true;
    asked.state = true;
    return asked;
}

} // namespace

TEST_CASE("A range that continues what is here needs no proof, and comes in the order of the log")
{
    const OneThread log(40, 30);
    const CheckedHistory good = check(log, log.range(5, 9), below(10));
    REQUIRE_FALSE(good.refused);
    REQUIRE(good.batch.entries.size() == 5);
    CHECK(good.batch.entries.front().header == log.entry(5).header);
    CHECK(good.batch.arrival == local::Arrival::history);
    CHECK(good.batch.windows.isEmpty());
    CHECK(good.answered.contains(log.thread));

    CHECK(check(log, log.range(5, 8), below(10)).refused); // the newest of it was left out
    HistoryRange gap = log.range(5, 9);
    gap.entries.remove(2);
    CHECK(check(log, gap, below(10)).refused);
    HistoryRange twice = log.range(5, 9);
    twice.entries.insert(2, twice.entries[2]);
    CHECK(check(log, twice, below(10)).refused);
    HistoryRange other = log.range(5, 9);
    other.entries[3].header = "not of the format";
    const CheckedHistory refused = check(log, other, below(10));
    CHECK(refused.refused);
    CHECK(refused.batch.entries.empty());
    HistoryRange stranger = log.range(5, 9);
    stranger.thread = *ThreadId::fromBytes(QByteArray(16, 'x'));
    CHECK(check(log, stranger, below(10)).batch.entries.empty()); // not asked for: passed over
}

TEST_CASE("A range that stands alone is proven, or is the newest and newer than what was verified")
{
    const OneThread log(40, 30);
    RangeRequest alone = below(21);
    alone.alone = true;
    HistoryRange range = log.range(11, 20);
    CHECK(check(log, range, alone).refused);
    range.inclusion = log.proof(19);
    CHECK(check(log, range, alone).refused);
    range.inclusion = log.proof(20);
    CHECK_FALSE(check(log, range, alone).refused);

    CHECK_FALSE(check(log, log.range(31, 40), newestWindow()).refused);
    CHECK(check(log, log.range(31, 39), newestWindow()).refused); // it says itself that there is a newer one
    RangeRequest late = below(36);
    late.alone = true;
    CHECK(check(log, log.range(31, 35), late).refused);
}

TEST_CASE("What decides a conversation's state is older than its window, and each of it is proven")
{
    const OneThread log(40, 30);
    HistoryRange range = log.range(35, 40);
    range.state = {{log.entry(20), log.proof(20)}, {log.entry(1), log.proof(1)}};
    const CheckedHistory good = check(log, range, newestWindow());
    REQUIRE_FALSE(good.refused);
    CHECK(good.batch.entries.size() == 8);
    REQUIRE(good.batch.windows.size() == 1);
    CHECK(good.batch.windows.first().first.value == 35);

    HistoryRange unproven = range;
    unproven.state[1].inclusion = log.proof(2);
    CHECK(check(log, unproven, newestWindow()).refused);
    HistoryRange inside = range;
    inside.state.append({log.entry(36), log.proof(30)});
    CHECK(check(log, inside, newestWindow()).refused);
    RangeRequest without = newestWindow();
    without.state = false;
    CHECK(check(log, range, without).refused);
}
