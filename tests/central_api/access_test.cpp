// The access function, held to one table: role x kind x thread type, and the acts beside writing.
#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace holdfast;
using access::Act;
using domain::Kind;
using domain::ThreadType;

namespace {

constexpr ThreadType allTypes[] = {ThreadType::customerCase, ThreadType::room,   ThreadType::direct,
                                   ThreadType::person,       ThreadType::policy, ThreadType::organisation,
                                   ThreadType::audit};

// What staff may write, said a second time and in another way than the code says it.
bool staffMayWrite(Kind kind, ThreadType type)
{
    const bool talk = type == ThreadType::room || type == ThreadType::direct;
    switch (kind) {
    case Kind::roomMessage:
        return talk;
    case Kind::threadRead:
        return talk || type == ThreadType::customerCase;
    case Kind::agentReply:
    case Kind::internalNote:
    case Kind::threadAssigned:
    case Kind::threadState:
    case Kind::threadLinked:
    case Kind::threadMoved:
        return type == ThreadType::customerCase;
    default:
        return false;
    }
}

access::Rights rightsOf(test::ApiFixture& fixture, const access::Caller& caller)
{
    std::promise<access::Rights> promise;
    fixture.store->read<access::Rights>(
        [&caller](store::StoreReader& reader) { return access::Rights::of(reader, caller); },
        [&promise](Result<access::Rights> rights) { promise.set_value(rights.value()); });
    return promise.get_future().get();
}

} // namespace

TEST_CASE("every role, kind and thread type gets the answer of the table")
{
    test::ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    fixture.addUser(QStringLiteral("riaan"), QStringLiteral("supervisor"));
    const ScopeId mine = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato"), QStringLiteral("riaan")});
    const ScopeId other = fixture.addTeam(QStringLiteral("home"), {});
    const auto lerato = fixture.signIn(QStringLiteral("lerato"));
    const auto riaan = fixture.signIn(QStringLiteral("riaan"));
    const auto agent = rightsOf(fixture, {lerato.user, lerato.device, access::Role::agent});
    const auto supervisor = rightsOf(fixture, {riaan.user, riaan.device, access::Role::agent});
    const auto passwordOnly = rightsOf(fixture, {lerato.user, {}, access::Role::agent});
    const auto key = rightsOf(fixture, {{}, {}, access::Role::apiKey});
    const ScopeId everyone = fixture.store->organisation().everyone;
    const ScopeId audit = fixture.store->organisation().audit;

    int allowed = 0;
    for (const auto* staff : {&agent, &supervisor}) {
        for (const Kind kind : domain::allKinds()) {
            for (const ThreadType type : allTypes) {
                const bool due = staffMayWrite(kind, type);
                const auto team = domain::ScopeType::team;
                CHECK(staff->may(Act::write, {mine, type, kind, team}) == due);
                CHECK(staff->may(Act::write, {mine, type, kind}) == (due && kind != Kind::threadMoved));
                CHECK_FALSE((kind == Kind::threadMoved &&
                             staff->may(Act::write, {mine, type, kind, domain::ScopeType::audit})));
                CHECK_FALSE(staff->may(Act::write, {other, type, kind}));
                CHECK_FALSE(staff->may(Act::write, {everyone, type, kind}));
                const bool isAct = type == ThreadType::audit && kind == Kind::fileSaved;
                CHECK(staff->may(Act::write, {audit, type, kind}) == isAct);
                CHECK_FALSE(key.may(Act::write, {mine, type, kind}));
                allowed += due ? 1 : 0;
            }
        }
        for (const ThreadType type : allTypes)
            CHECK_FALSE(staff->may(Act::write, {mine, type, std::nullopt})); // a kind of a newer version
        CHECK(staff->may(Act::read, {mine, ThreadType::customerCase, {}}));
        CHECK(staff->may(Act::read, {everyone, ThreadType::person, {}}));
        CHECK_FALSE(staff->may(Act::read, {other, ThreadType::customerCase, {}}));
        CHECK_FALSE(staff->may(Act::read, {audit, ThreadType::audit, {}}));
        CHECK_FALSE(staff->may(Act::upload, {other, ThreadType::customerCase, {}}));
        CHECK_FALSE(staff->may(Act::administer));
        CHECK_FALSE(staff->may(Act::exportLog));
        CHECK_FALSE(staff->may(Act::loadPolicies));
        CHECK(staff->may(Act::readLog));
        CHECK(staff->may(Act::enrolDevice));
        CHECK(staff->may(Act::recordOwnAct));
    }
    CHECK(allowed == 22); // the table is not empty
    CHECK(agent.may(Act::push));
    CHECK_FALSE(key.may(Act::push));
    CHECK(key.may(Act::loadPolicies));
    CHECK_FALSE(key.may(Act::read, {everyone, ThreadType::person, {}}));
    CHECK_FALSE(key.may(Act::administer));
    CHECK_FALSE(key.may(Act::readLog));
    CHECK_FALSE(key.may(Act::enrolDevice));
    CHECK_FALSE(key.may(Act::recordOwnAct));
    // Without an enrolled device a password enrols one, and reads and writes nothing.
    CHECK(passwordOnly.may(Act::enrolDevice));
    CHECK(passwordOnly.readable().empty());
    CHECK_FALSE(passwordOnly.may(Act::readLog));
    CHECK_FALSE(passwordOnly.may(Act::read, {mine, ThreadType::customerCase, {}}));
    CHECK_FALSE(passwordOnly.may(Act::upload, {mine, ThreadType::customerCase, {}}));
    CHECK_FALSE(passwordOnly.may(Act::write, {mine, ThreadType::customerCase, Kind::agentReply}));
}

TEST_CASE("a password without a device feeds nobody, also after the device was revoked")
{
    test::ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId thread = fixture.addCase(motor);
    auto desk = fixture.signIn(QStringLiteral("lerato"));
    const QJsonObject proofs{{QStringLiteral("from"), 0},
                             {QStringLiteral("threads"), QJsonArray{thread.toHexString()}}};
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 200);
    CHECK(fixture
              .post(QStringLiteral("/v1/devices/") + desk.device.toHexString() + QStringLiteral("/revoke"), {},
                    fixture.adminToken())
              .status == 200);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 401);
    const auto again = fixture.post(QStringLiteral("/v1/sign-in"),
                                    {{QStringLiteral("login"), QStringLiteral("lerato")},
                                     {QStringLiteral("password"), QStringLiteral("correct horse battery")}});
    REQUIRE(again.status == 200);
    const QByteArray bare = again.body.value(QStringLiteral("token")).toString().toLatin1();
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, bare).status == 403);
    CHECK(fixture.post(QStringLiteral("/v1/proofs"), proofs, bare).status == 403);
}

TEST_CASE("a proof names no thread that its caller may not see")
{
    test::ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ScopeId home = fixture.addTeam(QStringLiteral("home"), {});
    const ThreadId mine = fixture.addCase(motor);
    const ThreadId foreign = fixture.addCase(home);
    const auto desk = fixture.signIn(QStringLiteral("lerato"));
    std::promise<bool> checkpoint;
    fixture.store->checkpointNow([&checkpoint](const auto& note) { checkpoint.set_value(note.has_value()); });
    REQUIRE(checkpoint.get_future().get());
    const auto answer =
        fixture.post(QStringLiteral("/v1/proofs"),
                     {{QStringLiteral("from"), 0},
                      {QStringLiteral("threads"), QJsonArray{mine.toHexString(), foreign.toHexString()}}},
                     desk.token);
    REQUIRE(answer.status == 200);
    const QJsonArray threads = answer.body.value(QStringLiteral("threads")).toArray();
    REQUIRE(threads.size() == 1);
    CHECK(threads[0][QStringLiteral("thread")].toString() == mine.toHexString());
}

TEST_CASE("a disabled account has no rights, whatever its token says")
{
    test::ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const auto desk = fixture.signIn(QStringLiteral("lerato"));
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 200);
    CHECK(fixture.post(QStringLiteral("/v1/users/lerato/disable"), {}, fixture.adminToken()).status == 200);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 401);
}

TEST_CASE("staff may not use the administrator's routes; nobody may use any without a token")
{
    test::ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const auto desk = fixture.signIn(QStringLiteral("lerato"));
    const QJsonObject user{{QStringLiteral("login"), QStringLiteral("eve")},
                           {QStringLiteral("name"), QStringLiteral("Eve")},
                           {QStringLiteral("role"), QStringLiteral("administrator")},
                           {QStringLiteral("password"), QStringLiteral("long enough password")}};
    const QJsonObject scope{{QStringLiteral("name"), QStringLiteral("x")}};
    const QJsonObject grant{{QStringLiteral("login"), QStringLiteral("lerato")},
                            {QStringLiteral("scope"), QStringLiteral("x")}};
    const QJsonObject room{{QStringLiteral("scope"), QStringLiteral("x")},
                           {QStringLiteral("title"), QStringLiteral("x")}};
    const std::vector<std::pair<QString, QJsonObject>> routes = {
        {QStringLiteral("/v1/users"), user},
        {QStringLiteral("/v1/users/admin/disable"), {}},
        {QStringLiteral("/v1/scopes"), scope},
        {QStringLiteral("/v1/grants"), grant},
        {QStringLiteral("/v1/rooms"), room},
        {QStringLiteral("/v1/devices/00000000000000000000000000000000/revoke"), {}},
        {QStringLiteral("/v1/policies"), {}},
        {QStringLiteral("/v1/export"), {}},
        {QStringLiteral("/v1/verify"), {}},
    };
    for (const auto& [path, body] : routes) {
        INFO(path.toStdString());
        CHECK(fixture.post(path, body, desk.token).status == 403);
        CHECK(fixture.post(path, body).status == 401);
        CHECK(fixture.post(path, body, "not-a-token").status == 401);
    }
    for (const char* path : {"/v1/changes", "/v1/entries", "/v1/proofs", "/v1/blobs", "/v1/acts"}) {
        QJsonObject body{{QStringLiteral("entries"), QJsonArray()},
                         {QStringLiteral("from"), 0},
                         {QStringLiteral("threads"), QJsonArray()},
                         {QStringLiteral("thread"), QString(32, u'0')},
                         {QStringLiteral("blob"), QString(32, u'0')},
                         {QStringLiteral("size"), 1},
                         {QStringLiteral("mime"), QStringLiteral("x")},
                         {QStringLiteral("sha256"), QString(64, u'0')},
                         {QStringLiteral("kind"), QStringLiteral("key.shown")}};
        INFO(path);
        CHECK(fixture.post(QLatin1StringView(path), body).status == 401);
    }
}
