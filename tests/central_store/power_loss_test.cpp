// The power goes at any moment: the embedded store has every entry and every webhook's body that it acknowledged.
#include "tests/central_store/store_fixture.h"
#include "tests/disk_support/simulated_disk.h"
#include "tests/disk_support/sql_faults.h"

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;
using Outcome = AppendResult::Outcome;

namespace {

constexpr int cutsPerStore = 4;

int seeds()
{
    const int asked = qEnvironmentVariableIntValue("HOLDFAST_POWER_SEEDS");
    return asked > 0 ? asked : 10;
}

// A store at work until its power goes. The anchor and the keys are on another disk, which is never a moment late.
class WorkingStore
{
public:
    explicit WorkingStore(quint64 seed)
        : fixture_(Dialect::embedded), dice_(seed), room_(fixture_.openRoom()), desk_(fixture_)
    {
        desk_.enrol();
        fixture_.close();
    }

    [[nodiscard]] QStringList live(SimulatedDisk& disk)
    {
        disk.keepApart();
        fixture_.open();
        disk.cutPower(1 + int(dice_() % 500));
        while (!disk.isOff())
            step();
        fixture_.close();
        const QString kept = disk.powerUp(dice_);
        QStringList lost = look();
        fixture_.close();
        for (QString& one : lost)
            one += QStringLiteral(" (") + kept + u')';
        return lost;
    }

    [[nodiscard]] size_t promised() const { return entries_.size() + bodies_.size(); }

private:
    void step()
    {
        switch (dice_() % 8) {
        case 0:
        case 1:
        case 2:
            say();
            return;
        case 3:
        case 4:
        case 5:
            takeBody();
            return;
        case 6:
            keepFile();
            return;
        default:
            (void)await<QByteArray>([&](auto done) { fixture_.store().checkpointNow(std::move(done)); });
        }
    }

    // Several callers at once, as the appender groups them.
    void say()
    {
        std::vector<std::future<Result<std::vector<AppendResult>>>> answers;
        for (quint64 caller = 0; caller <= dice_() % 4; ++caller) {
            AppendBatch batch;
            batch.entries = {desk_.say(room_.thread, QStringLiteral("Message %1").arg(++written_))};
            auto promise = std::make_shared<std::promise<Result<std::vector<AppendResult>>>>();
            answers.push_back(promise->get_future());
            fixture_.store().append(std::move(batch),
                                    [promise](auto results) { promise->set_value(std::move(results)); });
        }
        for (auto& answer : answers) {
            const Result<std::vector<AppendResult>> results = answer.get();
            if (results && results->front().outcome == Outcome::accepted)
                entries_.push_back(results->front());
        }
    }

    void takeBody()
    {
        const QByteArray body = "body " + QByteArray::number(++written_) + QByteArray(int(dice_() % 3000), '.');
        const auto id = await<qint64>([&](auto done) { fixture_.store().putRaw(QStringLiteral("main"), body, done); });
        if (id)
            bodies_.emplace_back(*id, body);
    }

    void keepFile()
    {
        const QByteArray bytes = fixture_.random.bytes(int(dice_() % 600'000) + 1);
        BlobFacts facts;
        facts.id = fixture_.random.id<BlobId>();
        facts.thread = room_.thread;
        facts.size = bytes.size();
        facts.mime = QStringLiteral("image/jpeg");
        facts.sha256 = sha256({bytes});
        auto at = fixture_.write<BlobFacts>([&](StoreWriter& writer) { return writer.blobs().begin(facts); });
        while (at && !at->complete) {
            const QByteArray chunk = bytes.mid(qsizetype(at->nextChunk * blobChunkBytes), blobChunkBytes);
            at = await<BlobFacts>(
                [&](auto done) { fixture_.store().putBlobChunk(facts.id, at->nextChunk, chunk, done); });
        }
        if (at)
            files_.emplace_back(facts.id, facts.sha256);
    }

    [[nodiscard]] QStringList look()
    {
        QStringList lost;
        Result<std::unique_ptr<Store>> opened = Store::open(fixture_.config(), fixture_.clock, fixture_.random);
        if (!opened)
            return {QStringLiteral("its opening: ") + opened.error().text};
        opened->reset();
        fixture_.open();
        for (const AppendResult& result : entries_) {
            const auto entry =
                fixture_.read<FeedEntry>([&](StoreReader& reader) { return reader.feed().entry(result.entry); });
            if (!entry || entry->header != result.header)
                lost += QStringLiteral("an entry that was acknowledged");
        }
        for (const auto& [id, body] : bodies_) {
            const auto item = fixture_.read<InboxItem>([id](StoreReader& reader) { return reader.inbox().item(id); });
            if (!item || item->bytes != body)
                lost += QStringLiteral("a webhook's body");
        }
        for (const auto& [id, hash] : files_) {
            const auto facts = fixture_.read<Digest>([id](StoreReader& reader) { return reader.blobs().hash(id); });
            if (!facts || *facts != hash)
                lost += QStringLiteral("an attachment");
        }
        const auto report = await<VerifyReport>([&](auto done) { fixture_.store().verify(done); });
        if (!report || !report->good())
            lost += QStringLiteral("its own proof");
        return lost;
    }

    StoreFixture fixture_;
    std::mt19937_64 dice_;
    StoreFixture::Room room_;
    Desk desk_;
    std::vector<AppendResult> entries_;
    std::vector<std::pair<qint64, QByteArray>> bodies_;
    std::vector<std::pair<BlobId, Digest>> files_;
    int written_ = 0;
};

} // namespace

TEST_CASE("a store that loses its power keeps every promise", "[power]")
{
    SimulatedDisk disk;
    size_t promised = 0;
    for (int seed = 1; seed <= seeds(); ++seed) {
        WorkingStore store(static_cast<quint64>(seed));
        for (int cut = 1; cut <= cutsPerStore; ++cut) {
            INFO("seed " << seed << ", cut " << cut);
            const QStringList lost = store.live(disk);
            INFO(lost.join(QStringLiteral(", ")).toStdString());
            CHECK(lost.isEmpty());
        }
        promised += store.promised();
    }
    CHECK(promised > size_t(seeds())); // else there was nothing to lose
}

TEST_CASE("a store that does not wait for its disk is caught", "[power]")
{
    struct Weakened
    {
        Weakened() { sql_faults::replace("synchronous=FULL", "synchronous=NORMAL"); }
        ~Weakened() { sql_faults::replace({}, {}); }
    };
    SimulatedDisk disk;
    const Weakened weakened;
    bool caught = false;
    for (int seed = 1; seed <= 100 && !caught; ++seed) {
        WorkingStore store(static_cast<quint64>(seed));
        for (int cut = 1; cut <= cutsPerStore && !caught; ++cut)
            caught = !store.live(disk).isEmpty();
    }
    CHECK(caught);
}
