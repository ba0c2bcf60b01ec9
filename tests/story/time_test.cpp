// What time does to the path, on programs that go by the phone's time.
#include "tests/story_support/desk_window.h"
#include "tests/story_support/organisation.h"
#include "tests/test_time/phone_clock.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/shell/desk_frame.h"

#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::story;
using namespace std::chrono_literals;

TEST_CASE("a desk back after eight hours shows its stale reply again and sends it only when told to")
{
    const QString customer = QStringLiteral("+27825550143");
    const QString name = QStringLiteral("Thandiwe Mokoena");
    const QTemporaryDir folder;
    OrganisationOptions options;
    options.folder = folder.filePath(QStringLiteral("org"));
    options.testTime = true;
    Organisation organisation(options);
    const QString trouble = organisation.setUp();
    INFO(trouble.toStdString());
    REQUIRE(trouble.isEmpty());
    auto clock = test::PhoneClock::follow(organisation.controlAddress());
    REQUIRE(clock.has_value());
    DeskWindow desk(folder.filePath(QStringLiteral("desk")), ui::Scheme::light, std::move(*clock));
    REQUIRE(desk.enrol(organisation.server(), QStringLiteral("lerato"), organisation.password(),
                       QStringLiteral("seven quiet herons wade")));
    PhoneRemote& phone = organisation.phone();
    REQUIRE_FALSE(phone.write(customer, name, QStringLiteral("Shall I wait for the tow truck?")).isEmpty());
    REQUIRE(desk.openThreadOf(name));

    organisation.stopCentral();
    REQUIRE(waitUntil([&] { return desk.syncState().link == views::SyncState::Link::offline; }));
    const QString answer = QStringLiteral("Yes, it comes within the hour.");
    REQUIRE(desk.reply(answer));
    phone.advanceTime(8h);
    REQUIRE(organisation.startCentral().isEmpty());
    REQUIRE(waitUntil(
        [&] {
            const auto message = desk.message(answer);
            return message && message->notSent && message->mayRetry;
        },
        60));
    CHECK(phone.timesReceived(answer) == 0);

    desk.frame()->conversation().retryFailed();
    REQUIRE(waitUntil(
        [&] {
            const auto message = desk.message(answer);
            return message && message->status == domain::DeliveryStatus::delivered;
        },
        60));
    CHECK(phone.timesReceived(answer) == 1);
}
