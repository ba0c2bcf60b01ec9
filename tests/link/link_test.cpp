// A desk behind a line of 1 Mbit/s that is late, loses and breaks off: nothing is lost, nothing comes twice.
#include "tests/link/lossy_link.h"
#include "tests/story_support/desk_window.h"
#include "tests/story_support/ledger.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

#include <cstdio>

using namespace holdfast;
using namespace holdfast::test;
using holdfast::story::waitUntil;

namespace {

const QString passphrase = QStringLiteral("seven quiet herons wade");
constexpr local::PassphraseCost leastCost{64 * 1024, 3, 1};
constexpr Weather badLine{1'000'000, 120, 0.03, 0.004, 0};
constexpr int settleSeconds = 900;

class LinkRun
{
public:
    LinkRun(const QString& storeUrl, quint64 seed)
        : organisation_({folder_.filePath(QStringLiteral("org")), storeUrl, 0}), ledger_(organisation_), dice_(seed)
    {
        const QString trouble = organisation_.setUp();
        INFO(trouble.toStdString());
        REQUIRE(trouble.isEmpty());
        link_ = std::make_unique<LossyLink>(quint16(organisation_.server().port()), seed);
        QDir().mkpath(dataDir());
        session_ =
            std::make_unique<sync::DeskSession>(sync::SessionOptions{dataDir(), {}, {}, leastCost}, clock_, random_);
        auto enrolling = session_->enrol(link_->url(), QStringLiteral("lerato"), organisation_.password(), passphrase);
        REQUIRE(waitUntil([&enrolling] { return enrolling.isFinished(); }, 120));
        REQUIRE(enrolling.result());
    }

    void run(int rounds, const Weather& weather)
    {
        link_->setWeather(weather);
        for (int customer = 0; customer < 9; ++customer)
            ledger_.customerWrites();
        REQUIRE(waitUntil([this] { return cases().size() == 9; }, settleSeconds));
        for (int round = 0; round < rounds && ledger_.isGood(); ++round) {
            if (round % 6 == 5) // a reply to a conversation that has moved on is held back
                ledger_.customerWrites();
            act(round);
            const bool pause = waitUntil([] { return false; }, 0);
            Q_UNUSED(pause)
        }
        REQUIRE(ledger_.settle(*session_->desk(), settleSeconds));
        ledger_.count(*session_->desk());
        session_.reset();
        ledger_.countDatabase(dataDir(), passphrase);
        const QString trouble = organisation_.verify();
        if (!trouble.isEmpty())
            ledger_.isWrong(trouble);
        organisation_.stop();
    }

    [[nodiscard]] const story::LedgerCounts& counts() const { return ledger_.counts(); }
    [[nodiscard]] LinkTally tally() const { return link_->tally(); }

private:
    [[nodiscard]] QString dataDir() const { return folder_.filePath(QStringLiteral("desk")); }

    template <typename T>
    Result<T> finished(QFuture<Result<T>> future)
    {
        REQUIRE(waitUntil([&future] { return future.isFinished(); }, 60));
        return future.result();
    }

    QList<views::ThreadRow> cases()
    {
        const auto page = finished(session_->desk()->reader.threads({views::View::all, false, 200, {}, {}}));
        return page ? page->rows : QList<views::ThreadRow>();
    }

    void act(int round)
    {
        views::Desk& desk = *session_->desk();
        const QList<views::ThreadRow> all = cases();
        const ThreadId thread = all[qsizetype(dice_() % quint64(all.size()))].id;
        const QString text = QStringLiteral("desk %1").arg(round);
        if (round % 3 == 2) {
            const auto note = finished(desk.acts.note(thread, text, {}));
            REQUIRE(note);
            return ledger_.acknowledged(*note, story::Ledger::Act::internal, text);
        }
        const auto header = finished(desk.reader.thread(thread));
        REQUIRE(header);
        const auto reply = finished(desk.acts.reply(thread, text, {}, std::nullopt, header->newest));
        REQUIRE(reply);
        ledger_.acknowledged(*reply, story::Ledger::Act::reply, text);
    }

    SystemClock clock_;
    SystemRandom random_;
    QTemporaryDir folder_;
    story::Organisation organisation_;
    story::Ledger ledger_;
    std::mt19937_64 dice_;
    std::unique_ptr<LossyLink> link_;
    std::unique_ptr<sync::DeskSession> session_;
};

} // namespace

TEST_CASE("A line with loss, delay, breaks and 1 Mbit/s loses nothing and doubles nothing", "[link]")
{
    const int asked = qEnvironmentVariableIntValue("HOLDFAST_LINK_ROUNDS");
    const quint64 seed = std::random_device()();
    Weather weather = badLine;
    if (asked > 0)
        weather.hole = 0.0005; // each is noticed only when a poll's time is over, so the short run has none
    QElapsedTimer time;
    time.start();
    LinkRun run({}, seed);
    run.run(asked > 0 ? asked : 24, weather);
    const LinkTally tally = run.tally();
    std::printf("our own lossy proxy, 1 Mbit/s, %d ms each way, seed %llu: %d connections, %lld packets, %lld lost, "
                "%lld breaks, %lld silent; %lld KiB in %lld s\n%s\n",
                weather.delayMs, static_cast<unsigned long long>(seed), tally.connections,
                static_cast<long long>(tally.packets), static_cast<long long>(tally.lost),
                static_cast<long long>(tally.cuts), static_cast<long long>(tally.holes),
                static_cast<long long>(tally.bytes / 1024), static_cast<long long>(time.elapsed() / 1000),
                qUtf8Printable(run.counts().words()));
    INFO("seed " << seed << '\n' << run.counts().words().toStdString());
    CHECK(run.counts().wrong.isEmpty());
    CHECK(run.counts().acknowledged == (asked > 0 ? asked : 24));
    CHECK(run.counts().repliesOnce > 0);
    CHECK(tally.lost > 0);
    CHECK(tally.cuts > 0);
}
