// What a desk remembers catches what hashes alone cannot: T3 to T6, T8, T10 and T14, and the log's key changed with and
// without proof.
#include "tests/support/string_makers.h"
#include "tests/sync/small_log.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::sync;
using test::SmallLog;
using Verdict = event::ProofsChecked::Verdict;

namespace {

// A desk's memory of what it verified: each look is one exchange.
struct Witness
{
    CoreIdentity identity;
    Verified last;

    explicit Witness(const SmallLog& log) : identity(log.identity()) {}
    event::ProofsChecked look(const SmallLog& shown)
    {
        const auto result = checkProofs(shown.proofs(last.size), identity, last, {}, shown.own(0));
        REQUIRE(result);
        if (result->verdict.verdict == Verdict::good) {
            last = result->verified;
            const auto& followed = result->verdict.followed;
            identity.handovers.insert(identity.handovers.end(), followed.begin(), followed.end());
        }
        return result->verdict;
    }
};

log::SigningKey keyOf(char seed)
{
    return std::move(*log::SigningKey::fromSeed(QByteArray(32, seed)));
}

} // namespace

TEST_CASE("T4: two desks are shown different histories: the next exchange with the other one tells")
{
    const SmallLog one(9, 'a', 4);
    const SmallLog other(9, 'b', 4);
    Witness first(one);
    Witness second(one);
    CHECK(first.look(one).verdict == Verdict::good);
    CHECK(second.look(other).verdict == Verdict::good);
    // Whichever history central goes on with, one of the two desks holds a note that it does not continue.
    SmallLog grown(9, 'a', 4);
    grown.grow(3);
    CHECK(first.look(grown).verdict == Verdict::good);
    CHECK(second.look(grown).verdict == Verdict::fault);
    CHECK(second.last.size == 10); // what was verified before stays, as evidence
    CHECK(second.last.root == other.root(10));
}

TEST_CASE("T3 T5: a cut tail or a store rolled back behind a desk is seen by the desk that verified more")
{
    const SmallLog now(20);
    const SmallLog before(12);
    Witness fresh(now);
    CHECK(fresh.look(before).verdict == Verdict::good); // without memory nothing tells
    Witness witness(now);
    CHECK(witness.look(now).verdict == Verdict::good);
    const auto verdict = witness.look(before);
    CHECK(verdict.verdict == Verdict::fault);
    CHECK(verdict.faultAt == 21);
    CHECK(verdict.detail.contains(QStringLiteral("shorter")));
}

TEST_CASE("T6: a log written anew and signed with the stolen key is good to a stranger and a fault to a witness")
{
    const SmallLog truth(15);
    const SmallLog forged(15, 'x', 7);
    Witness stranger(truth);
    CHECK(stranger.look(forged).verdict == Verdict::good);
    Witness witness(truth);
    CHECK(witness.look(truth).verdict == Verdict::good);
    CHECK(witness.look(forged).verdict == Verdict::fault);
}

TEST_CASE("T8: an older head of a thread does not pass for its newest")
{
    const SmallLog log(8);
    Proofs stale = log.proofs(0);
    stale.threads[0].head = {log.thread, ThreadSeq{7},
                             log.leaves[6]}; // was logged once, and is not in the map any more
    const auto result = checkProofs(stale, log.identity(), {}, {log.thread}, log.own(7));
    REQUIRE(result);
    CHECK(result->verdict.verdict == Verdict::fault);
    // A whole older map with its inclusion proof: the desk that holds more says that central is behind.
    const SmallLog older(7);
    const auto behind = checkProofs(older.proofs(0), log.identity(), {}, {log.thread}, log.own(8));
    REQUIRE(behind);
    CHECK(behind->verdict.behind == QList<ThreadId>{log.thread});
}

TEST_CASE("T10: proofs of the two ends say nothing for a history between them: each step is in the tree")
{
    // immudb's linear fake: the part between two proven points was checked at its ends alone.
    const SmallLog truth(16);
    for (quint64 fork = 1; fork < 15; ++fork) {
        SmallLog fake(16);
        fake.leaves[fork] = SmallLog(16, 'x', fork).leaves[fork]; // both ends as they were, one step between them not
        Witness witness(truth);
        witness.last = {fork, truth.root(fork), {}};
        CHECK(witness.look(fake).verdict == Verdict::good); // it is another log; consistent with what came before it
        CHECK(witness.look(truth).verdict == Verdict::fault);
        // The true note with proofs from the faked leaves leads nowhere.
        Proofs mixed = fake.proofs(fork);
        mixed.checkpoint = truth.note();
        const auto result = checkProofs(mixed, truth.identity(), {fork, truth.root(fork), {}}, {}, truth.own(0));
        REQUIRE(result);
        CHECK(result->verdict.verdict == Verdict::fault);
    }
}

TEST_CASE("T14: an epoch is followed forward with proof of consistency, never back and never without")
{
    const SmallLog log(9);
    SmallLog restored(9);
    restored.epoch = Epoch{3};
    Witness witness(log);
    CHECK(witness.look(log).verdict == Verdict::good);
    CHECK(witness.look(restored).verdict == Verdict::good);
    CHECK(witness.last.epoch == Epoch{3});
    CHECK(witness.look(log).verdict == Verdict::fault); // the same entries, of an epoch that is over
    SmallLog another(9, 'x', 3);
    another.epoch = Epoch{4};
    CHECK(witness.look(another).verdict == Verdict::fault);
    CHECK(witness.last.epoch == Epoch{3});
}

TEST_CASE("The log's key is followed by a handover that the known key signed, and only with a consistent log")
{
    const log::SigningKey second = keyOf('2');
    const log::SigningKey third = keyOf('3');
    SmallLog log(9);
    Witness witness(log);
    CHECK(witness.look(log).verdict == Verdict::good);

    SmallLog changed(9);
    const log::KeyHandover one = log::handOver(log.org, *log.key, second.publicKey());
    const log::KeyHandover two = log::handOver(log.org, second, third.publicKey());
    changed.useKey('3');
    CHECK(witness.look(changed).verdict == Verdict::fault); // an unknown key
    changed.handovers = {two};
    CHECK(witness.look(changed).verdict == Verdict::fault); // that leads from elsewhere
    changed.handovers = {{one.previous, third.publicKey(), one.signature}};
    CHECK(witness.look(changed).verdict == Verdict::fault); // signed for another key
    SmallLog forked(9, 'x', 3);
    forked.useKey('3');
    forked.handovers = {one, two};
    CHECK(witness.look(forked).verdict == Verdict::fault); // a good key on another history
    CHECK(witness.identity.handovers.empty());

    changed.handovers = {one, two};
    CHECK(witness.look(changed).verdict == Verdict::good);
    CHECK(witness.identity.newestLogKey() == third.publicKey());
    CHECK(witness.look(log).verdict == Verdict::fault); // the old key is over
    CHECK(witness.look(changed).verdict == Verdict::good);
}
