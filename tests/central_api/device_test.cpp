// Numbers and runs of a device, over HTTP on both stores: what is set back goes on, what is used twice is held back.
#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

QString outcome(const QJsonObject& result)
{
    return result.value(QStringLiteral("result")).toString() + u' ' + result.value(QStringLiteral("code")).toString();
}

QString codeOf(const Answer& answer)
{
    return answer.body.value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString();
}

ApiOptions onStore(bool postgres)
{
    ApiOptions options;
    options.postgres = postgres;
    return options;
}

struct Office
{
    explicit Office(bool postgres) : fixture(onStore(postgres))
    {
        fixture.addUser(QStringLiteral("lerato"));
        thread = fixture.addCase(fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")}));
        desk = fixture.signIn(QStringLiteral("lerato"));
    }
    [[nodiscard]] QJsonObject note(const QString& text)
    {
        domain::InternalNote content;
        content.text = text;
        return fixture.entry(desk, thread, Kind::internalNote, domain::toJson(content));
    }
    // A run named by one digit, after another.
    [[nodiscard]] Answer begin(char run, char after = 0, bool live = false)
    {
        QJsonObject body{{QStringLiteral("run"), nameOf(run)}, {QStringLiteral("live"), live}};
        if (after != 0)
            body.insert(QStringLiteral("after"), nameOf(after));
        return fixture.post(QStringLiteral("/v1/runs"), body, desk.token);
    }
    [[nodiscard]] Answer push(char run, const QJsonObject& entry)
    {
        return fixture.post(QStringLiteral("/v1/entries"),
                            {{QStringLiteral("run"), nameOf(run)}, {QStringLiteral("entries"), QJsonArray{entry}}},
                            desk.token);
    }
    [[nodiscard]] QString pushed(char run)
    {
        const Answer answer = push(run, note(QStringLiteral("A note")));
        return answer.status == 200 ? outcome(answer.body.value(QStringLiteral("results")).toArray().at(0).toObject())
                                    : codeOf(answer);
    }
    [[nodiscard]] QJsonObject listed()
    {
        const Answer answer = fixture.call("GET", QStringLiteral("/v1/devices"), {}, fixture.adminToken());
        return answer.body.value(QStringLiteral("devices")).toArray().at(0).toObject();
    }
    [[nodiscard]] Answer release()
    {
        const QString id = listed().value(QStringLiteral("device")).toString();
        return fixture.post(QStringLiteral("/v1/devices/%1/release").arg(id), {}, fixture.adminToken());
    }

    ApiFixture fixture;
    ThreadId thread;
    Desk desk;

private:
    [[nodiscard]] static QString nameOf(char run) { return QString(32, QLatin1Char(run)); }
};

const QString taken = QStringLiteral("accepted ");
const QString heldBack = QStringLiteral("refused device_copied");

} // namespace

TEST_CASE("a number of a device is given once: the same entry is a duplicate, another one must be numbered anew")
{
    Office office(GENERATE(false, true));
    const QJsonObject first = office.note(QStringLiteral("First"));
    REQUIRE(outcome(office.fixture.push(office.desk, first)) == taken);
    CHECK(outcome(office.fixture.push(office.desk, first)) == QStringLiteral("duplicate "));
    --office.desk.nextSeq;
    CHECK(outcome(office.fixture.push(office.desk, office.note(QStringLiteral("Other")))) ==
          QStringLiteral("refused number_used"));
    CHECK(outcome(office.fixture.push(office.desk, office.note(QStringLiteral("Other")))) == taken);
    // Two in one request.
    const QJsonObject one = office.note(QStringLiteral("One"));
    --office.desk.nextSeq;
    const QJsonObject two = office.note(QStringLiteral("Two"));
    const Answer both = office.fixture.post(QStringLiteral("/v1/entries"),
                                            {{QStringLiteral("entries"), QJsonArray{one, two}}}, office.desk.token);
    const QJsonArray results = both.body.value(QStringLiteral("results")).toArray();
    CHECK(outcome(results.at(0).toObject()) == taken);
    CHECK(outcome(results.at(1).toObject()) == QStringLiteral("refused number_used"));
    CHECK(office.begin('1').body.value(QStringLiteral("newest")).toInt() == int(office.desk.nextSeq) - 1);
}

TEST_CASE("runs of one profile follow each other, also after it was set back, night for night")
{
    Office office(GENERATE(false, true));
    REQUIRE(office.begin('1').status == 200);
    CHECK(office.begin('1').status == 200); // the answer was lost
    CHECK(office.pushed('1') == taken);
    REQUIRE(office.begin('2', '1').status == 200);
    CHECK(office.pushed('2') == taken);
    CHECK(office.pushed('1') == QStringLiteral("other_run")); // a request of the run before that came late
    REQUIRE(office.begin('3', '1').status == 200);            // set back to where '1' ended
    CHECK(office.pushed('3') == taken);
    REQUIRE(office.begin('4', '1').status == 200);
    REQUIRE(office.begin('5', '4').status == 200);
    REQUIRE(office.begin('6').status == 200); // to before its first run
    CHECK(office.pushed('6') == taken);
    CHECK_FALSE(office.listed().value(QStringLiteral("copied")).toBool());
    // What central does not know it may have forgotten itself.
    REQUIRE(office.begin('8', '7').status == 200);
    REQUIRE(office.begin('a', '9', true).status == 200);
    CHECK(office.pushed('a') == taken);
}

TEST_CASE("a run that was superseded and is alive, or one that was left and comes back, is a second copy")
{
    Office office(GENERATE(false, true));
    REQUIRE(office.begin('1').status == 200);
    REQUIRE(office.begin('2', '1').status == 200);
    REQUIRE(office.begin('3', '1').status == 200); // a profile that was set back, or a copy: nothing tells yet
    SECTION("the run that was left is alive")
    {
        CHECK(codeOf(office.begin('4', '2', true)) == QStringLiteral("device_copied"));
    }
    SECTION("the run that was left is gone on from")
    {
        CHECK(codeOf(office.begin('4', '2')) == QStringLiteral("device_copied"));
    }
    SECTION("the run that both come from is alive")
    {
        CHECK(codeOf(office.begin('4', '1', true)) == QStringLiteral("device_copied"));
    }
    SECTION("a run speaks again after another did")
    {
        CHECK(codeOf(office.begin('2', '1')) == QStringLiteral("device_copied"));
    }
    CHECK(codeOf(office.begin('5', '3')) == QStringLiteral("device_copied"));
    CHECK(office.pushed('3') == heldBack);
    CHECK(outcome(office.fixture.push(office.desk, office.note(QStringLiteral("Without a run")))) == heldBack);
    CHECK(office.listed().value(QStringLiteral("copied")).toBool());
    CHECK(office.fixture.store->incidents().copiedDevices == 1); // told once
    // The person still reads.
    CHECK(office.fixture.post(QStringLiteral("/v1/changes"), {}, office.desk.token).status == 200);

    REQUIRE(office.release().status == 200);
    CHECK(office.release().status == 409);
    CHECK(office.pushed('3') == QStringLiteral("other_run"));
    REQUIRE(office.begin('6', '3', true).status == 200);
    CHECK(office.pushed('6') == taken);
}

TEST_CASE("only a device begins runs, and only an administrator releases one")
{
    Office office(false);
    const QJsonObject body{{QStringLiteral("run"), QString(32, QLatin1Char('1'))}};
    CHECK(office.fixture.post(QStringLiteral("/v1/runs"), body).status == 401);
    const Desk unbound = office.fixture.signInUnbound(QStringLiteral("lerato"));
    CHECK(office.fixture.post(QStringLiteral("/v1/runs"), body, unbound.token).status == 403);
    const QString id = office.listed().value(QStringLiteral("device")).toString();
    CHECK(office.fixture.post(QStringLiteral("/v1/devices/%1/release").arg(id), {}, office.desk.token).status == 403);
}
