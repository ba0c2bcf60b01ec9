#include "sample/history.h"
#include "tests/support/string_makers.h"

#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::sample;

namespace {

const Timestamp end{1'792'000'000'000'000};

struct Totals
{
    qint64 messages = 0, photos = 0, documents = 0;
    QSet<ThreadId> threads;
    QByteArray digestInput;
    bool ordered = true;
};

Totals run(qint64 messages)
{
    const World world = makeWorld(7, end, {});
    History history(world, 7, end, {messages, 120, 20});
    Totals totals;
    Timestamp last{0};
    while (const auto happening = history.next()) {
        totals.threads.insert(happening->thread);
        totals.ordered = totals.ordered && happening->at.value >= last.value - 60'000'000;
        last.value = std::max(last.value, happening->at.value);
        if (std::holds_alternative<domain::CustomerMessage>(happening->content) ||
            std::holds_alternative<domain::AgentReply>(happening->content) ||
            std::holds_alternative<domain::InternalNote>(happening->content) ||
            std::holds_alternative<domain::RoomMessage>(happening->content))
            ++totals.messages;
        if (happening->file) {
            totals.photos += happening->file->mime == QStringLiteral("image/jpeg");
            totals.documents += happening->file->mime == QStringLiteral("application/pdf");
            totals.digestInput += happening->file->bytes.left(4000);
        }
        totals.digestInput += happening->entry.toBytes();
    }
    return totals;
}

} // namespace

TEST_CASE("the insurer has the promised size and unique identities")
{
    const World world = makeWorld(7, end, {});
    CHECK(world.staff.size() == 20);
    CHECK(world.teams.size() == 5);
    CHECK(world.people.size() == 300);
    CHECK(world.policies.size() == 500);
    QSet<QString> phones, numbers, logins;
    for (const auto& person : world.people)
        phones.insert(person.facts.phones.first());
    for (const auto& policy : world.policies)
        numbers.insert(policy.facts.number);
    for (const auto& profile : world.staff)
        logins.insert(profile.login);
    CHECK(phones.size() == 300);
    CHECK(numbers.size() == 500);
    CHECK(logins.size() == 20);
    CHECK(world.people.first().facts.phones.first() == QStringLiteral("+27825550143"));
}

TEST_CASE("twenty thousand messages come in order, with photos and documents, the same for the same seed")
{
    const Totals first = run(20000);
    CHECK(first.messages >= 20000);
    CHECK(first.messages < 24000);
    CHECK(first.photos > 50);
    CHECK(first.documents > 10);
    CHECK(first.threads.size() > 500);
    CHECK(first.ordered);
    const Totals second = run(2000);
    CHECK(second.digestInput == run(2000).digestInput);
}

TEST_CASE("photos are pictures, documents are PDF, policy lines are JSON")
{
    Dice dice(3);
    for (const Scene scene : {Scene::car, Scene::windscreen, Scene::ceiling}) {
        const MediaFile photo = makePhoto(dice, scene);
        const QImage image = QImage::fromData(photo.bytes, "jpeg");
        CHECK(image.size() == QSize(960, 720));
    }
    const MediaFile pdf = makePdf(dice, QStringLiteral("a.pdf"), QStringLiteral("Title (1)"), {QStringLiteral("line")});
    CHECK(pdf.bytes.startsWith("%PDF-1.4"));
    CHECK(pdf.bytes.contains("Title \\(1\\)"));
    const World world = makeWorld(7, end, {10, 20});
    const QList<QByteArray> lines = policyFile(world).trimmed().split('\n');
    CHECK(lines.size() == 30);
    for (const QByteArray& line : lines)
        CHECK(QJsonDocument::fromJson(line).isObject());
}
