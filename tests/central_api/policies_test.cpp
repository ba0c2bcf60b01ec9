// Lines of the policy system: taken once, walled in, and for people whom a channel met before.
#include "models/base/digest.h"
#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <QJsonDocument>

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QString phone = QStringLiteral("+27825550143");

QByteArray personLine(const QString& reference, const QString& name, const QStringList& phones)
{
    const QJsonObject person{{QStringLiteral("ref"), reference},
                             {QStringLiteral("name"), name},
                             {QStringLiteral("phones"), QJsonArray::fromStringList(phones)},
                             {QStringLiteral("as_of"), qint64(1762000000000000)}};
    return QJsonDocument(QJsonObject{{QStringLiteral("person"), person}}).toJson(QJsonDocument::Compact) + '\n';
}

QByteArray policyLine(const QString& number, const QString& holder, const QJsonArray& facts = {})
{
    const QJsonObject policy{{QStringLiteral("number"), number},
                             {QStringLiteral("product"), QStringLiteral("Motor")},
                             {QStringLiteral("holder"), holder},
                             {QStringLiteral("facts"), facts},
                             {QStringLiteral("as_of"), qint64(1762000000000000)}};
    return QJsonDocument(QJsonObject{{QStringLiteral("policy"), policy}}).toJson(QJsonDocument::Compact) + '\n';
}

struct Loads
{
    [[nodiscard]] QJsonObject load(const QByteArray& lines)
    {
        const Answer answer = fixture.postRaw(QStringLiteral("/v1/policies"), lines, fixture.adminToken());
        CHECK(answer.status == 200);
        return answer.body;
    }
    [[nodiscard]] int count(const QJsonObject& report, const char* field)
    {
        return report.value(QLatin1StringView(field)).toInt(-1);
    }
    template <typename T>
    [[nodiscard]] T read(std::function<Result<T>(store::StoreReader&)> job)
    {
        std::promise<Result<T>> answer;
        fixture.store->read<T>(std::move(job), [&answer](Result<T> result) { answer.set_value(std::move(result)); });
        auto result = answer.get_future().get();
        REQUIRE(result);
        return *result;
    }
    [[nodiscard]] std::optional<PersonId> byPhone(const QString& number)
    {
        return read<std::optional<PersonId>>(
            [&](store::StoreReader& reader) { return reader.people().personByPhone(number); });
    }
    ApiFixture fixture;
};

} // namespace

TEST_CASE("lines are taken once; changed ones again; bad ones are named and hold nobody up")
{
    Loads office;
    const QByteArray file = personLine(QStringLiteral("P-1"), QStringLiteral("Thandi"), {phone}) +
                            policyLine(QStringLiteral("HL1"), QStringLiteral("P-1"));
    QJsonObject report = office.load(file);
    CHECK(office.count(report, "accepted") == 2);
    report = office.load(file);
    CHECK(office.count(report, "accepted") == 0);
    CHECK(office.count(report, "unchanged") == 2);
    const QByteArray deep = "{\"person\":" + QByteArray(20, '[') + QByteArray(20, ']') + "}\n";
    report = office.load("no JSON\n\n" + deep + policyLine(QStringLiteral("HL2"), QStringLiteral("nobody")) +
                         personLine(QStringLiteral("P-1"), QStringLiteral("Thandi Nkosi"), {phone}));
    CHECK(office.count(report, "accepted") == 1);
    CHECK(office.count(report, "rejected_count") == 3);
    const QJsonArray rejected = report.value(QStringLiteral("rejected")).toArray();
    REQUIRE(rejected.size() == 3);
    CHECK(rejected[0][QStringLiteral("line")].toInt() == 1);
    CHECK(rejected[1][QStringLiteral("line")].toInt() == 3);
    CHECK(rejected[2][QStringLiteral("line")].toInt() == 4);
}

TEST_CASE("a line that would not fit an entry is rejected, not written")
{
    Loads office;
    (void)office.load(personLine(QStringLiteral("P-1"), QString(500, u'n'), {phone}));
    // Just under the limit of a line; with the holder's name it is over that of an entry.
    QJsonArray facts;
    const QJsonObject fact{{QStringLiteral("label"), QStringLiteral("l")},
                           {QStringLiteral("value"), QString(470, u'v')}};
    while (policyLine(QStringLiteral("HL1"), QStringLiteral("P-1"), facts).size() < 65'000)
        facts.append(fact);
    const QJsonObject report = office.load(policyLine(QStringLiteral("HL1"), QStringLiteral("P-1"), facts));
    CHECK(office.count(report, "accepted") == 0);
    CHECK(office.count(report, "rejected_count") == 1);
}

TEST_CASE("the number of lines and of named rejections is capped")
{
    Loads office;
    const QJsonObject report = office.load(QByteArray("x\n").repeated(1500));
    CHECK(office.count(report, "rejected_count") == 1500);
    CHECK(report.value(QStringLiteral("rejected")).toArray().size() == 1000);
    const Answer many = office.fixture.postRaw(QStringLiteral("/v1/policies"), QByteArray("\n").repeated(100'001),
                                               office.fixture.adminToken());
    CHECK(many.status == 413);
}

TEST_CASE("somebody who wrote before the policy system named him is one person with one case")
{
    Loads office;
    domain::PersonFacts met;
    met.name = QStringLiteral("T");
    met.phones = {phone};
    met.providerUserIds = {QStringLiteral("ZA.123")};
    met.asOf = office.fixture.clock.now();
    const PersonId person = office.fixture.random.id<PersonId>();
    store::AppendBatch batch;
    batch.entries = {store::centralEntry(office.fixture.clock, office.fixture.random, person, domain::Kind::personFacts,
                                         domain::toJson(met))};
    batch.entries.front().newThreadScope = office.fixture.store->organisation().everyone;
    std::promise<bool> appended;
    office.fixture.store->append(std::move(batch),
                                 [&appended](const auto& results) { appended.set_value(results.has_value()); });
    REQUIRE(appended.get_future().get());

    (void)office.load(personLine(QStringLiteral("P-1"), QStringLiteral("Thandi Nkosi"), {phone}) +
                      policyLine(QStringLiteral("HL1"), QStringLiteral("P-1")) +
                      // Another person of the policy system with the same phone stays another.
                      personLine(QStringLiteral("P-2"), QStringLiteral("Sipho Nkosi"), {phone}));
    const auto facts =
        office.read<domain::PersonFacts>([&](store::StoreReader& reader) { return reader.people().person(person); });
    CHECK(facts.name == QStringLiteral("Thandi Nkosi"));
    CHECK(facts.providerUserIds == met.providerUserIds);
    const auto policies = office.read<std::vector<PolicyId>>(
        [&](store::StoreReader& reader) { return reader.people().policiesHeldBy(person, 5); });
    CHECK(policies.size() == 1);
    CHECK(office.byPhone(phone) != std::nullopt);
}

TEST_CASE("what is stored of a line tells nobody who guesses it")
{
    Loads office;
    const QByteArray line = personLine(QStringLiteral("P-1"), QStringLiteral("Thandi"), {phone});
    (void)office.load(line);
    const auto reference = office.read<std::optional<store::PeopleReads::Reference>>([](store::StoreReader& reader) {
        return reader.people().reference(QStringLiteral("person"), QStringLiteral("P-1"));
    });
    REQUIRE(reference);
    CHECK(reference->digest.size() == 32);
    CHECK(reference->digest != sha256({line.trimmed()}).toBytes());
}
