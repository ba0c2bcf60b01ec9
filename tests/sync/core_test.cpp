#include "storage/sync/core.h"
#include "tests/support/seeded_random.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::sync;

namespace {

class HeldTime : public CoreTime
{
public:
    [[nodiscard]] qint64 steadyMs() const override { return steady; }
    [[nodiscard]] Timestamp wall() const override { return Timestamp{steady * 1000}; }
    qint64 steady = 1000;
};

struct Core
{
    HeldTime time;
    test::SeededRandom random{1};
    SyncCore core{CoreIdentity{OrgId(), QByteArray(32, 'k')}, time, random};
    std::vector<Action> last;

    void on(const Event& event) { last = core.on(event); }
    template <typename A>
    [[nodiscard]] const A* find() const
    {
        for (const Action& action : last) {
            if (const A* found = std::get_if<A>(&action))
                return found;
        }
        return nullptr;
    }
    // Signed in, caught up, with nothing to send; the long poll is in flight.
    void bringOnline()
    {
        on(event::Started{"refresh", "c0", 0, 0, {}, {}});
        on(event::TokensAnswered{find<action::AskTokens>()->request,
                                 Tokens{"token", "refresh2", Timestamp{time.steady * 1000 + 600'000'000}, {}}});
        const RequestNumber poll = find<action::AskChanges>()->request;
        on(event::OutboxRead{});
        Changes nothing;
        nothing.cursor = "c0";
        on(event::ChangesAnswered{poll, nothing});
    }
    PushEntry offer()
    {
        PushEntry entry;
        entry.entry = random.id<EntryId>();
        on(event::OutboxChanged{});
        event::OutboxRead read;
        read.next = {entry};
        read.waiting = 1;
        on(read);
        return entry;
    }
};

Failure failed(int status, const QString& code = {}, std::optional<qint64> after = std::nullopt)
{
    return {{ErrorCode::unavailable, QStringLiteral("No.")}, status, code, after};
}

} // namespace

TEST_CASE("After catching up the desk polls for 25 seconds and is online")
{
    Core c;
    c.bringOnline();
    REQUIRE(c.find<action::AskChanges>());
    CHECK(c.find<action::AskChanges>()->waitSeconds == 25);
    CHECK(c.core.state().link == views::SyncState::Link::online);
    CHECK_FALSE(c.core.state().catchingUp);
}

TEST_CASE("Retry-After is a lower bound that other good news does not shorten")
{
    Core c;
    c.bringOnline();
    c.offer();
    const RequestNumber push = c.find<action::AskPush>()->request;
    c.on(event::PushAnswered{push, tl::unexpected(failed(503, {}, 7000))});
    REQUIRE(c.find<action::SetTimer>());
    CHECK(c.find<action::SetTimer>()->delayMs >= 7000);
}

TEST_CASE("A whole batch that central refuses is halved until the one entry is found and set aside")
{
    Core c;
    c.bringOnline();
    const PushEntry entry = c.offer();
    const RequestNumber push = c.find<action::AskPush>()->request;
    c.on(event::PushAnswered{push, tl::unexpected(failed(409, QStringLiteral("conflict")))});
    REQUIRE(c.find<action::MarkOutbox>());
    CHECK(c.find<action::MarkOutbox>()->marks[0].entry == entry.entry);
    CHECK(c.find<action::MarkOutbox>()->marks[0].code == QStringLiteral("same_id_other_bytes"));
}

TEST_CASE("A refusal without central's code may be a proxy's and never sets an entry aside")
{
    Core c;
    c.bringOnline();
    c.offer();
    c.on(event::PushAnswered{c.find<action::AskPush>()->request, tl::unexpected(failed(400))});
    CHECK_FALSE(c.find<action::MarkOutbox>());
}

TEST_CASE(
    "An acceptance without the log's receipt leaves the entry in the outbox, and is a fault once the key is settled")
{
    Core c;
    c.bringOnline();
    const PushEntry entry = c.offer();
    const auto acceptWithoutReceipt = [&c, &entry] {
        REQUIRE(c.find<action::AskPush>());
        PushResult result;
        result.entry = entry.entry;
        result.verdict = PushResult::Verdict::accepted;
        c.on(event::PushAnswered{c.find<action::AskPush>()->request, PushAnswer{{result}}});
        CHECK_FALSE(c.find<action::MarkOutbox>());
    };
    acceptWithoutReceipt();
    CHECK_FALSE(c.find<action::RecordFault>()); // the log's key may have changed: the proofs tell
    REQUIRE(c.find<action::AskProofs>());
    c.on(event::ProofsAnswered{c.find<action::AskProofs>()->request, Proofs()});
    event::ProofsChecked good;
    good.verdict = event::ProofsChecked::Verdict::good;
    c.on(good);
    c.on(event::TimerFired{Timer::push});
    event::OutboxRead again;
    again.next = {entry};
    again.waiting = 1;
    c.on(again);
    acceptWithoutReceipt();
    CHECK(c.find<action::RecordFault>());
    CHECK(c.core.state().faultAt);
    REQUIRE(c.find<action::Publish>());
    CHECK(c.find<action::Publish>()->state.detail.contains(QStringLiteral("receipt")));
}

TEST_CASE("401 asks for a new token; a spent refresh token asks for the person")
{
    Core c;
    c.bringOnline();
    c.on(event::ChangesAnswered{c.find<action::AskChanges>()->request, tl::unexpected(failed(401))});
    REQUIRE(c.find<action::AskTokens>());
    const RequestNumber renewal = c.find<action::AskTokens>()->request;
    c.on(event::TokensAnswered{renewal, tl::unexpected(failed(401, QStringLiteral("denied")))});
    CHECK(c.find<action::AskSignIn>());
    CHECK(c.find<action::SaveRefresh>()->refresh.isEmpty());
    CHECK(c.core.state().link == views::SyncState::Link::offline);
    CHECK_FALSE(c.core.state().detail.isEmpty());
}

TEST_CASE("A refusal of a renewal without central's code may be a proxy's and ends no sign-in")
{
    Core c;
    c.bringOnline();
    c.on(event::ChangesAnswered{c.find<action::AskChanges>()->request, tl::unexpected(failed(401))});
    c.on(event::TokensAnswered{c.find<action::AskTokens>()->request, tl::unexpected(failed(403))});
    CHECK_FALSE(c.find<action::AskSignIn>());
    CHECK_FALSE(c.find<action::SaveRefresh>());
    CHECK(c.find<action::SetTimer>());
}

TEST_CASE("An answer from before a sign-in ended does not hide that the person must sign in")
{
    Core c;
    c.bringOnline();
    const RequestNumber poll = c.find<action::AskChanges>()->request;
    c.offer();
    c.on(event::PushAnswered{c.find<action::AskPush>()->request, tl::unexpected(failed(401))});
    const RequestNumber renewal = c.find<action::AskTokens>()->request;
    c.on(event::TokensAnswered{renewal, tl::unexpected(failed(401, QStringLiteral("denied")))});
    const QString words = c.core.state().detail;
    Changes nothing;
    nothing.cursor = "c0";
    c.on(event::ChangesAnswered{poll, nothing});
    CHECK(c.core.state().link == views::SyncState::Link::offline);
    CHECK(c.core.state().detail == words);
}

TEST_CASE("Over a line that breaks the feed comes in smaller pages, and in larger ones again when they arrive")
{
    Core c;
    c.bringOnline();
    const auto asked = [&c] { return c.find<action::AskChanges>(); };
    REQUIRE(asked());
    CHECK(asked()->limit == feedBatch);
    const auto answer = [&](const Outcome<Changes>& outcome) {
        c.on(event::ChangesAnswered{asked()->request, outcome});
    };
    answer(tl::unexpected(failed(0)));
    c.on(event::TimerFired{Timer::poll});
    REQUIRE(asked());
    CHECK(asked()->limit == feedBatch / 2);
    for (int i = 0; i < 10; ++i) {
        answer(tl::unexpected(failed(0)));
        c.on(event::TimerFired{Timer::poll});
        REQUIRE(asked());
    }
    const int least = asked()->limit;
    CHECK(least > 0);
    CHECK(least < 20);
    Changes page;
    page.cursor = "next";
    page.more = true;
    answer(page);
    c.on(event::BatchApplied{{}, {}, {}});
    REQUIRE(asked());
    CHECK(asked()->limit == 2 * least);
}

TEST_CASE("An answer that brings rows but no new cursor is not asked for again at once")
{
    Core c;
    c.bringOnline();
    Changes same;
    same.cursor = "c0";
    same.entries.append(WireEntry{"header", QByteArray("salt"), QByteArray("content")});
    c.on(event::ChangesAnswered{c.find<action::AskChanges>()->request, same});
    REQUIRE(c.find<action::ApplyBatch>());
    c.on(event::BatchApplied{});
    CHECK_FALSE(c.find<action::AskChanges>());
    CHECK(c.find<action::SetTimer>());
}

TEST_CASE("An upload that was refused with an older token does not end the newer one")
{
    Core c;
    c.bringOnline();
    const RequestNumber poll = c.find<action::AskChanges>()->request;
    const EntryId entry = c.random.id<EntryId>();
    c.on(event::OutboxChanged{});
    event::OutboxRead read;
    read.waiting = 1;
    read.needsUpload = entry;
    c.on(read);
    REQUIRE(c.find<action::UploadBlobs>());
    c.on(event::ChangesAnswered{poll, tl::unexpected(failed(401))});
    const RequestNumber renewal = c.find<action::AskTokens>()->request;
    c.on(event::TokensAnswered{renewal,
                               Tokens{"token2", "refresh3", Timestamp{c.time.steady * 1000 + 600'000'000}, {}}});
    c.on(event::UploadsEnded{entry, tl::unexpected(failed(401))});
    CHECK_FALSE(c.find<action::AskTokens>());
}

TEST_CASE("However wrong the computer's clock is, a token is not renewed again and again")
{
    Core c;
    c.on(event::Started{"refresh", "c0", 0, 0, {}, {}});
    const Tokens ended{"token", "refresh2", Timestamp{-365LL * 86'400 * 1'000'000}, {}};
    c.on(event::TokensAnswered{c.find<action::AskTokens>()->request, ended});
    REQUIRE(c.find<action::SetTimer>());
    CHECK(c.find<action::SetTimer>()->timer == Timer::token);
    CHECK(c.find<action::SetTimer>()->delayMs >= 60'000);
}

TEST_CASE("An entry that stands for a minute while central answers makes the transport anew")
{
    Core c;
    c.bringOnline();
    c.offer();
    c.time.steady += 59'000;
    c.on(event::TimerFired{Timer::watchdog});
    CHECK_FALSE(c.find<action::RestartTransport>());
    c.time.steady += 2'000;
    c.on(event::TimerFired{Timer::watchdog});
    CHECK(c.find<action::RestartTransport>());
}

TEST_CASE("An entry with attachments waits for its upload")
{
    Core c;
    c.bringOnline();
    const EntryId entry = c.random.id<EntryId>();
    c.on(event::OutboxChanged{});
    event::OutboxRead read;
    read.waiting = 1;
    read.needsUpload = entry;
    c.on(read);
    REQUIRE(c.find<action::UploadBlobs>());
    CHECK_FALSE(c.find<action::AskPush>());
    c.on(event::UploadsEnded{entry, true});
    CHECK(c.find<action::ReadOutbox>());
}

TEST_CASE("Waiting grows to its cap with full jitter")
{
    test::SeededRandom random(3);
    Backoff backoff;
    qint64 largest = 0;
    for (int i = 0; i < 200; ++i) {
        const qint64 wait = backoff.next(random);
        CHECK(wait >= Backoff::floorMs);
        CHECK(wait <= Backoff::capMs);
        largest = std::max(largest, wait);
    }
    CHECK(largest > Backoff::capMs / 2);
    backoff.reset();
    CHECK(backoff.next(random) <= Backoff::baseMs);
}
