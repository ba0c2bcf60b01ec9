// Checkpoints and proofs, checked with the code that desks use.
#include "models/log/checkpoint.h"
#include "tests/central_store/store_fixture.h"
#include "tests/central_store/tail_recorder.h"

#include <QFile>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;

namespace {

struct Checked
{
    log::Checkpoint checkpoint;
    ProofAnswer answer;
};

Checked proofs(StoreFixture& fixture, quint64 from, const std::vector<ThreadId>& threads)
{
    const Result<ProofAnswer> answer =
        await<ProofAnswer>([&](auto done) { fixture.store().proofs(from, threads, done); });
    INFO((answer ? std::string() : answer.error().text.toStdString()));
    REQUIRE(answer);
    const auto checkpoint = log::openCheckpoint(answer->checkpoint, fixture.store().organisation().logPublicKey);
    REQUIRE(checkpoint);
    CHECK(log::verifyInclusion(log::leafHash(answer->heads.header), answer->heads.pos.value, checkpoint->size,
                               answer->inclusion, checkpoint->root));
    REQUIRE(answer->heads.content);
    const domain::Content content = domain::parseContent(answer->heads.kind, *answer->heads.content);
    const auto* heads = std::get_if<domain::LogHeads>(&content);
    REQUIRE(heads);
    CHECK(heads->covers == answer->heads.pos);
    for (const ThreadProof& proof : answer->threads)
        CHECK(log::verifyHead(proof.head, proof.proof, heads->headsRoot));
    return {*checkpoint, *answer};
}

} // namespace

TEST_CASE("a checkpoint is one heads entry and one note, and is not repeated without news")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    (void)fixture.openRoom();
    const auto size = [&] {
        return fixture.read<LogHead>([](StoreReader& reader) { return reader.feed().head(); })->size;
    };
    const quint64 before = size();
    const QByteArray note = fixture.checkpoint();
    CHECK(size() == before + 1);
    CHECK(fixture.checkpoint() == note);
    CHECK(size() == before + 1);
    const auto opened = log::openCheckpoint(note, fixture.store().organisation().logPublicKey);
    REQUIRE(opened);
    CHECK(opened->size == before + 1);
    CHECK(opened->org == fixture.store().organisation().id);
    QFile anchor(fixture.config().keyDirectory + QStringLiteral("/anchor.note"));
    REQUIRE(anchor.open(QIODevice::ReadOnly));
    CHECK(anchor.readAll() == note);
}

TEST_CASE("appends are checkpointed by themselves")
{
    TailRecorder recorder;
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fixture.close();
    fixture.config().checkpointInterval = std::chrono::milliseconds(20);
    fixture.open();
    fixture.store().tailer().listen(recorder);
    (void)fixture.openRoom();
    quint64 size = 0;
    quint64 covered = 0;
    // The tail grows with each append, the log.heads entry included.
    for (int i = 0; i < 100 && (covered == 0 || covered != size); ++i) {
        size = fixture.read<LogHead>([](StoreReader& reader) { return reader.feed().head(); })->size;
        const auto note =
            fixture.read<QByteArray>([](StoreReader& reader) { return reader.feed().newestCheckpoint(); });
        if (note)
            covered = log::openCheckpoint(*note, fixture.store().organisation().logPublicKey)->size;
        if (covered != size)
            REQUIRE(recorder.waitForSize(size + 1));
    }
    CHECK(covered == size);
    fixture.close();
}

TEST_CASE("proofs verify at every size, across tiles and restarts")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    std::vector<ThreadId> threads;
    for (int i = 0; i < 7; ++i)
        threads.push_back(fixture.openRoom().thread);
    log::Checkpoint last;
    int step = 0;
    for (const int count : {1, 2, 240, 15, 300, 3}) {
        std::vector<EntryToAppend> entries;
        for (int i = 0; i < count; ++i) {
            domain::ThreadState state;
            entries.push_back(
                fixture.central(threads[size_t(i) % 5], domain::Kind::threadState, domain::toJson(state)));
        }
        (void)fixture.append(std::move(entries));
        (void)fixture.checkpoint();
        if (++step == 3) {
            fixture.close();
            fixture.open();
        }
        const Checked now = proofs(fixture, last.size, threads);
        CHECK(now.answer.threads.size() == threads.size());
        if (last.size > 0)
            CHECK(log::verifyConsistency(last.size, now.checkpoint.size, last.root, now.checkpoint.root,
                                         now.answer.consistency));
        else
            CHECK(now.answer.consistency.empty());
        last = now.checkpoint;
    }
    // Entries behind the newest checkpoint do not disturb its proofs, nor does a restart that finds them there.
    (void)fixture.append(
        {fixture.central(threads[0], domain::Kind::threadState, domain::toJson(domain::ThreadState()))});
    const ThreadId later = fixture.openRoom().thread;
    threads.push_back(later);
    CHECK(proofs(fixture, 0, threads).answer.threads.size() == 7);
    // A desk that verified more than there is here gets what there is, and judges by itself.
    const Checked tooFar = proofs(fixture, last.size + 1000, {});
    CHECK(tooFar.answer.consistency.empty());
    CHECK(tooFar.checkpoint.size == last.size);
}
