#include "models/domain/content.h"
#include "models/log/checkpoint.h"
#include "models/log/entry.h"
#include "models/log/signing.h"
#include "storage/sync/witness.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::sync;
using Verdict = event::ProofsChecked::Verdict;

namespace {

// A log of one thread with `count` entries, then its heads entry and a checkpoint over all.
struct SmallLog
{
    OrgId org = *OrgId::fromBytes(QByteArray(16, 'o'));
    ThreadId thread = *ThreadId::fromBytes(QByteArray(16, 't'));
    log::SigningKey key = std::move(*log::SigningKey::fromSeed(QByteArray(32, 'k')));
    std::vector<QByteArray> headers;
    std::vector<Digest> leaves;
    QByteArray heads;
    QByteArray salt = QByteArray(32, 's');

    explicit SmallLog(quint64 count, char mark = 'e')
    {
        for (quint64 i = 0; i < count; ++i)
            append(thread, ThreadSeq{i + 1}, 1, QByteArray(1, mark));
        log::HeadsMap map;
        map.set({thread, ThreadSeq{count}, leaves.back()});
        heads = domain::toJson(domain::LogHeads{map.root(), Position{count}});
        append(*ThreadId::fromBytes(QByteArray(16, 'l')), ThreadSeq{1}, domain::number(domain::Kind::logHeads), heads);
    }
    void append(const ThreadId& to, ThreadSeq seq, log::KindNumber kind, const QByteArray& content)
    {
        log::AuthorPart part;
        part.thread = to;
        part.kind = kind;
        part.commit = log::commitment(salt, kind, content);
        log::Header header;
        header.authorPart = log::encode(part);
        header.pos = Position{leaves.size()};
        header.threadSeq = seq;
        headers.push_back(log::encode(header));
        leaves.push_back(log::leafHash(headers.back()));
    }
    [[nodiscard]] Digest root(size_t size) const { return log::treeRoot(std::span(leaves).first(size)); }
    [[nodiscard]] Proofs proofs(quint64 from) const
    {
        Proofs proofs;
        const size_t size = leaves.size();
        proofs.checkpoint = log::signCheckpoint({org, Epoch{}, size, root(size)}, key);
        if (from > 0)
            proofs.consistency = *log::consistencyProof(from, leaves);
        proofs.headsPos = Position{size - 1};
        proofs.heads = {headers.back(), salt, heads};
        proofs.inclusion = *log::inclusionProof(size - 1, leaves);
        log::HeadsMap map;
        map.set({thread, ThreadSeq{size - 1}, leaves[size - 2]});
        proofs.threads.append({{thread, ThreadSeq{size - 1}, leaves[size - 2]}, *map.prove(thread)});
        return proofs;
    }
    [[nodiscard]] CoreIdentity identity() const { return {org, key.publicKey()}; }
    [[nodiscard]] OwnThreads own(quint64 held) const
    {
        return [this, held](const ThreadId&, ThreadSeq seq) -> Result<OwnThread> {
            OwnThread own{ThreadSeq{held}, {}};
            if (seq.value > 0 && seq.value <= held && seq.value <= leaves.size())
                own.leaf = leaves[seq.value - 1];
            return own;
        };
    }
};

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

TEST_CASE("Another history, a shorter log, a foreign signature and another leaf are faults")
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
