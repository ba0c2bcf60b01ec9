#include "tests/support/string_makers.h"
#include "tests/sync/small_log.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::sync;
using test::SmallLog;
using Verdict = event::ProofsChecked::Verdict;

namespace {

event::ProofsChecked check(const SmallLog& log, const Proofs& proofs, const Verified& last, quint64 held)
{
    const auto result = checkProofs(proofs, log.identity(), last, {log.thread}, log.own(held));
    REQUIRE(result);
    return result->verdict;
}

} // namespace

TEST_CASE("A good proof verifies from nothing and from an earlier checkpoint")
{
    const SmallLog log(5);
    const auto fresh = check(log, log.proofs(0), {}, 5);
    CHECK(fresh.verdict == Verdict::good);
    CHECK(fresh.size == 6);
    CHECK(fresh.covers == 5);
    CHECK(fresh.behind.isEmpty());
    CHECK(fresh.ahead.isEmpty());
    CHECK(check(log, log.proofs(3), {3, log.root(3)}, 5).verdict == Verdict::good);
}

TEST_CASE("A desk that holds more or less than central proves says so without crying fault")
{
    const SmallLog log(5);
    CHECK(check(log, log.proofs(0), {}, 6).behind == QList<ThreadId>{log.thread});
    CHECK(check(log, log.proofs(0), {}, 4).ahead == QList<ThreadId>{log.thread});
    Proofs omitted = log.proofs(0);
    omitted.threads.clear();
    CHECK(check(log, omitted, {}, 5).behind == QList<ThreadId>{log.thread});
    CHECK(check(log, omitted, {}, 0).behind.isEmpty());
}

TEST_CASE("T3 T5 T9: another history, a shorter log, a foreign signature and another leaf are faults")
{
    const SmallLog log(5);
    const SmallLog other(5, 'x');
    CHECK(check(log, log.proofs(3), {3, other.root(3)}, 5).verdict == Verdict::fault);
    CHECK(check(log, log.proofs(0), {9, log.root(3)}, 5).verdict == Verdict::fault);
    CHECK(check(log, log.proofs(0), {6, other.root(6)}, 5).verdict == Verdict::fault);
    CHECK(check(other, log.proofs(0), {}, 5).verdict == Verdict::fault); // its own leaf differs
    Proofs unsignedNote = log.proofs(0);
    unsignedNote.checkpoint =
        log::signCheckpoint({log.org, Epoch{}, 6, log.root(6)}, *log::SigningKey::fromSeed(QByteArray(32, 'z')));
    CHECK(check(log, unsignedNote, {}, 5).verdict == Verdict::fault);
    Proofs moved = log.proofs(0);
    moved.headsPos = Position{2};
    CHECK(check(log, moved, {}, 5).verdict == Verdict::fault);
    Proofs changed = log.proofs(0);
    changed.heads.content = changed.heads.content->replace('0', '1').replace('a', 'b');
    CHECK(check(log, changed, {}, 5).verdict == Verdict::fault);
    Proofs wrongHead = log.proofs(0);
    wrongHead.threads[0].head.leaf = other.leaves[4];
    CHECK(check(log, wrongHead, {}, 5).verdict == Verdict::fault);
}

TEST_CASE("A thread is a fault only when proofs still disagree after the feed was heard, with it unchanged")
{
    WitnessLedger ledger;
    const ThreadId thread = *ThreadId::fromBytes(QByteArray(16, 't'));
    const auto isFault = [&](quint64 feedAnswers) {
        static_cast<void>(ledger.ask(10, 10));
        return ledger.settle({9, 9, feedAnswers}, {thread}, {}).behind == thread;
    };
    ledger.owe(thread, Position{3});
    CHECK(ledger.ask(3, 10).isEmpty()); // the checkpoint does not reach it
    REQUIRE(ledger.ask(10, 10).size() == 1);
    CHECK_FALSE(isFault(0));
    ledger.owe(thread, Position{5}); // it changed: the count begins anew
    CHECK_FALSE(isFault(4));
    CHECK_FALSE(isFault(4)); // the feed may be about to close the thread's scope
    CHECK_FALSE(isFault(5)); // this answer may be older than the disagreement
    CHECK(isFault(6));
    ledger.owe(thread, Position{7});
    static_cast<void>(ledger.ask(10, 10));
    CHECK_FALSE(ledger.settle({9, 9, 7}, {}, {}).behind);
    CHECK(ledger.isEmpty());
}
