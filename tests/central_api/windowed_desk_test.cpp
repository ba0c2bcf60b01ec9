// A new desk of the real kind at a real central: its newest windows, all the rest behind them, and no false alarm.
#include "storage/sync/desk_session.h"
#include "tests/central_api/api_fixture.h"
#include "tests/sync/waiting.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QString password = QStringLiteral("correct horse battery");
const QString passphrase = QStringLiteral("blue lamp by the river");
const local::PassphraseCost cheap{64 * 1024, 3, 1};

class OfficeDesk
{
public:
    explicit OfficeDesk(ApiFixture& central) : central_(central) {}

    void enrol(const QString& login)
    {
        session_ = make();
        const QUrl url(QString::fromLatin1(central_.url()));
        REQUIRE(finished(session_->probe(url)).has_value());
        REQUIRE(finished(session_->enrol(url, login, password, passphrase)).has_value());
        REQUIRE(session_->desk());
    }
    void restart()
    {
        session_.reset();
        session_ = make();
        REQUIRE(finished(session_->unlock(passphrase)).has_value());
    }

    [[nodiscard]] views::Desk& desk() { return *session_->desk(); }
    [[nodiscard]] int messagesOf(const ThreadId& thread)
    {
        const auto newest = finished(desk().reader.newestMessages(thread, 200));
        if (!newest || newest->messages.isEmpty())
            return 0;
        int count = static_cast<int>(newest->messages.size());
        views::MessagePage page = *newest;
        while (page.moreBefore) {
            const auto older = finished(desk().reader.messagesBefore(thread, page.messages.first().key, 200));
            REQUIRE(older.has_value());
            page = *older;
            count += static_cast<int>(page.messages.size());
        }
        return count;
    }
    [[nodiscard]] bool isVerified() { return desk().news.syncState().verifiedUpTo > 0; }
    [[nodiscard]] bool hasFault() { return desk().news.syncState().faultAt.has_value(); }

private:
    std::unique_ptr<sync::DeskSession> make()
    {
        return std::make_unique<sync::DeskSession>(sync::SessionOptions{folder_.path(), {}, [] {}, cheap}, clock_,
                                                   random_);
    }

    ApiFixture& central_;
    QTemporaryDir folder_;
    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<sync::DeskSession> session_;
};

void makeCheckpoint(ApiFixture& central)
{
    std::promise<bool> made;
    central.store->checkpointNow([&made](const Result<QByteArray>& note) { made.set_value(note.has_value()); });
    REQUIRE(made.get_future().get());
}

} // namespace

TEST_CASE("A new desk gets all of its conversations behind their newest windows, verified, and keeps them")
{
    ApiFixture central;
    central.addUser(QStringLiteral("lerato"));
    const ScopeId motor = central.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId large = central.addCase(motor);
    std::vector<ThreadId> cases;
    for (int i = 0; i < 60; ++i)
        cases.push_back(central.addCase(motor));
    for (int i = 0; i < 700; ++i)
        central.customerWrites(large, QStringLiteral("Message %1").arg(i));
    makeCheckpoint(central);

    OfficeDesk desk(central);
    desk.enrol(QStringLiteral("lerato"));
    CHECK(becomes([&] { return desk.messagesOf(large) == 701; }));
    for (const ThreadId& thread : cases)
        CHECK(becomes([&] { return desk.messagesOf(thread) == 1; }));
    const auto header = finished(desk.desk().reader.thread(large));
    REQUIRE(header.has_value());
    CHECK(header->row.unread <= 50); // what was there before this desk is history, beyond its newest window
    CHECK(becomes([&] {
        return !finished(desk.desk().reader.search({QStringLiteral("\"Message 3\""), 5, {}}))->hits.isEmpty();
    }));
    makeCheckpoint(central);
    central.customerWrites(large, QStringLiteral("Live"));
    makeCheckpoint(central);
    CHECK(becomes([&] { return desk.messagesOf(large) == 702 && desk.isVerified(); }));
    CHECK_FALSE(desk.hasFault());

    desk.restart();
    CHECK(desk.messagesOf(large) == 702);
    central.customerWrites(large, QStringLiteral("After the night"));
    makeCheckpoint(central);
    CHECK(becomes([&] { return desk.messagesOf(large) == 703 && desk.isVerified(); }));
    CHECK_FALSE(desk.hasFault());
}

TEST_CASE("A scope that is given later opens as a window, and one that is taken in the middle of it leaves nothing")
{
    ApiFixture central;
    central.addUser(QStringLiteral("lerato"));
    const ScopeId motor = central.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ScopeId home = central.addTeam(QStringLiteral("home"), {});
    const ThreadId kept = central.addCase(motor);
    const ThreadId lost = central.addCase(home);
    for (int i = 0; i < 1500; ++i)
        central.customerWrites(lost, QStringLiteral("Message %1").arg(i));
    makeCheckpoint(central);
    OfficeDesk desk(central);
    desk.enrol(QStringLiteral("lerato"));
    CHECK(becomes([&] { return desk.messagesOf(kept) == 1; }));
    const auto grant = [&](const QString& path) {
        return central
                   .post(path,
                         {{QStringLiteral("login"), QStringLiteral("lerato")},
                          {QStringLiteral("scope"), QStringLiteral("home")}},
                         central.adminToken())
                   .status == 200;
    };
    REQUIRE(grant(QStringLiteral("/v1/grants")));
    central.customerWrites(kept, QStringLiteral("wake"));
    CHECK(becomes([&] { return desk.messagesOf(lost) > 0; }));
    REQUIRE(grant(QStringLiteral("/v1/grants/end"))); // whatever of the 1,500 has come by now
    central.customerWrites(kept, QStringLiteral("wake"));
    CHECK(becomes([&] { return desk.messagesOf(kept) == 3 && desk.messagesOf(lost) == 0; }));
    REQUIRE(grant(QStringLiteral("/v1/grants")));
    central.customerWrites(kept, QStringLiteral("wake"));
    CHECK(becomes([&] { return desk.messagesOf(lost) == 1501; }));
    CHECK_FALSE(desk.hasFault());
}
