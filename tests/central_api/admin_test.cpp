// What administrators do through the API: keys of other systems, grants, passwords, the inbox, the record of it.
#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QByteArray aPerson = R"({"person":{"ref":"P-1","name":"Thandi Nkosi","as_of":1762000000000000}})";

QByteArray keyIn(const Answer& answer)
{
    return answer.body.value(QStringLiteral("key")).toString().toLatin1();
}

// The acts of administrators in the audit, in order.
QStringList actsOf(ApiFixture& fixture)
{
    const ScopeId audit = fixture.store->organisation().audit;
    std::promise<QStringList> promise;
    fixture.store->read<QStringList>(
        [audit](store::StoreReader& reader) -> Result<QStringList> {
            const auto page = reader.feed().entriesOfScope(audit, 0, 100'000, 1000, 1024 * 1024);
            if (!page)
                return tl::unexpected(page.error());
            QStringList acts;
            for (const store::FeedEntry& entry : page->entries) {
                const auto content = domain::parseContent(entry.kind, entry.content.value_or(QByteArray()));
                const auto* act = std::get_if<domain::RecordedAct>(&content);
                if (act && entry.kind == domain::number(domain::Kind::administered))
                    acts.append(act->fields.value(QStringLiteral("act")).toString());
            }
            return acts;
        },
        [&promise](Result<QStringList> acts) { promise.set_value(acts.value_or(QStringList())); });
    return promise.get_future().get();
}

} // namespace

TEST_CASE("an API key loads policies and people, and does nothing else")
{
    ApiFixture fixture;
    const QJsonObject named{{QStringLiteral("name"), QStringLiteral("policies")}};
    const Answer added = fixture.post(QStringLiteral("/v1/api-keys"), named, fixture.adminToken());
    REQUIRE(added.status == 200);
    const QByteArray key = keyIn(added);
    REQUIRE(key.size() > 40);
    CHECK(fixture.post(QStringLiteral("/v1/api-keys"), named, fixture.adminToken()).status == 409);

    CHECK(fixture.postRaw(QStringLiteral("/v1/policies"), aPerson, key).status == 200);
    for (const char* path : {"/v1/users", "/v1/scopes", "/v1/grants", "/v1/export", "/v1/verify", "/v1/inbox/replay",
                             "/v1/api-keys/policies/rotate", "/v1/devices", "/v1/acts", "/v1/changes"}) {
        const QJsonObject body{{QStringLiteral("name"), QStringLiteral("x")},
                               {QStringLiteral("login"), QStringLiteral("x")},
                               {QStringLiteral("scope"), QStringLiteral("x")},
                               {QStringLiteral("role"), QStringLiteral("agent")},
                               {QStringLiteral("kind"), QStringLiteral("key.shown")},
                               {QStringLiteral("public_key"), QString(64, u'0')},
                               {QStringLiteral("proof"), QStringLiteral("AAAA")},
                               {QStringLiteral("password"), QStringLiteral("long enough for one")}};
        INFO(path);
        CHECK(fixture.post(QString::fromLatin1(path), body, key).status == 403);
    }
    CHECK(fixture.call("GET", QStringLiteral("/v1/api-keys"), {}, key).status == 403);

    const Answer rotated = fixture.post(QStringLiteral("/v1/api-keys/policies/rotate"), {}, fixture.adminToken());
    REQUIRE(rotated.status == 200);
    CHECK(fixture.postRaw(QStringLiteral("/v1/policies"), aPerson, key).status == 401);
    CHECK(fixture.postRaw(QStringLiteral("/v1/policies"), aPerson, keyIn(rotated)).status == 200);
    CHECK(fixture.post(QStringLiteral("/v1/api-keys/policies/revoke"), {}, fixture.adminToken()).status == 200);
    CHECK(fixture.postRaw(QStringLiteral("/v1/policies"), aPerson, keyIn(rotated)).status == 401);
    CHECK(fixture.post(QStringLiteral("/v1/api-keys/policies/rotate"), {}, fixture.adminToken()).status == 404);
    CHECK(fixture.post(QStringLiteral("/v1/api-keys/nobody/revoke"), {}, fixture.adminToken()).status == 404);
    CHECK(fixture.post(QStringLiteral("/v1/api-keys"), named, fixture.adminToken()).status == 200);

    const Answer list = fixture.call("GET", QStringLiteral("/v1/api-keys"), {}, fixture.adminToken());
    CHECK(list.body.value(QStringLiteral("api_keys")).toArray().size() == 1);
    CHECK_FALSE(list.raw.contains("holdfast_key_"));
    CHECK(actsOf(fixture) == QStringList{QStringLiteral("api_key.added"), QStringLiteral("api_key.rotated"),
                                         QStringLiteral("api_key.revoked"), QStringLiteral("api_key.added")});
}

TEST_CASE("a grant ends, and with it what the desk is fed")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const Answer before = fixture.post(QStringLiteral("/v1/changes"), {}, desk.token);
    const QJsonObject grant{{QStringLiteral("login"), QStringLiteral("lerato")},
                            {QStringLiteral("scope"), QStringLiteral("motor")}};
    const Answer ended = fixture.post(QStringLiteral("/v1/grants/end"), grant, fixture.adminToken());
    REQUIRE(ended.status == 200);
    CHECK(ended.body.value(QStringLiteral("ended")).toBool());
    CHECK_FALSE(fixture.post(QStringLiteral("/v1/grants/end"), grant, fixture.adminToken())
                    .body.value(QStringLiteral("ended"))
                    .toBool());
    CHECK(fixture.post(QStringLiteral("/v1/grants/end"), grant, desk.token).status == 403);
    const Answer after =
        fixture.post(QStringLiteral("/v1/changes"),
                     {{QStringLiteral("cursor"), before.body.value(QStringLiteral("cursor"))}}, desk.token);
    const QJsonArray scopes = after.body.value(QStringLiteral("scopes")).toArray();
    REQUIRE(scopes.size() == 1);
    CHECK(scopes[0][QStringLiteral("event")].toString() == QStringLiteral("closed"));
    CHECK(scopes[0][QStringLiteral("scope")].toString() == motor.toHexString());
    CHECK(actsOf(fixture).last() == QStringLiteral("grant.ended"));
}

TEST_CASE("nobody can shut the last administrator out, and who was disabled can come back")
{
    ApiFixture fixture;
    const auto set = [&](const char* login, const char* act) {
        return fixture
            .post(QStringLiteral("/v1/users/%1/%2").arg(QLatin1String(login), QLatin1String(act)), {},
                  fixture.adminToken())
            .status;
    };
    CHECK(set("admin", "disable") == 409);
    fixture.addUser(QStringLiteral("lerato"));
    fixture.addUser(QStringLiteral("nomsa"), QStringLiteral("administrator"));
    CHECK(set("lerato", "disable") == 200);
    const QJsonObject credentials{{QStringLiteral("login"), QStringLiteral("lerato")},
                                  {QStringLiteral("password"), QStringLiteral("correct horse battery")}};
    CHECK(fixture.post(QStringLiteral("/v1/sign-in"), credentials).status == 401);
    CHECK(set("lerato", "enable") == 200);
    CHECK(fixture.post(QStringLiteral("/v1/sign-in"), credentials).status == 200);
    CHECK(actsOf(fixture).last() == QStringLiteral("user.enabled"));
    CHECK(set("nomsa", "disable") == 200);
    CHECK(set("admin", "disable") == 409); // a disabled one cannot help
    CHECK(set("nomsa", "enable") == 200);
    CHECK(set("nobody", "enable") == 404);
}

TEST_CASE("who is added to a team may read it, and a team that is not there is refused")
{
    ApiFixture fixture;
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {});
    const auto add = [&](const char* team) {
        return fixture
            .post(QStringLiteral("/v1/users"),
                  {{QStringLiteral("login"), QStringLiteral("lerato")},
                   {QStringLiteral("name"), QStringLiteral("Lerato")},
                   {QStringLiteral("role"), QStringLiteral("agent")},
                   {QStringLiteral("team"), QLatin1String(team)},
                   {QStringLiteral("password"), QStringLiteral("correct horse battery")}},
                  fixture.adminToken())
            .status;
    };
    CHECK(add("motr") == 404);
    REQUIRE(add("motor") == 200);
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QJsonArray opened =
        fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).body.value(QStringLiteral("scopes")).toArray();
    const auto isMotor = [&](const auto& scope) {
        return scope[QStringLiteral("scope")].toString() == motor.toHexString();
    };
    CHECK(std::any_of(opened.begin(), opened.end(), isMotor));
}

TEST_CASE("a new password replaces the old one and signs its holders out")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QString path = QStringLiteral("/v1/users/lerato/password");
    const auto set = [&](const QString& password, const QByteArray& token) {
        return fixture.post(path, {{QStringLiteral("password"), password}}, token).status;
    };
    CHECK(set(QStringLiteral("another good one"), desk.token) == 403);
    CHECK(set(QStringLiteral("short"), fixture.adminToken()) == 400);
    CHECK(set(QStringLiteral("another good one"), fixture.adminToken()) == 200);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 401);
    const auto signIn = [&](const QString& password) {
        return fixture
            .post(QStringLiteral("/v1/sign-in"),
                  {{QStringLiteral("login"), QStringLiteral("lerato")}, {QStringLiteral("password"), password}})
            .status;
    };
    CHECK(signIn(QStringLiteral("correct horse battery")) == 401);
    CHECK(signIn(QStringLiteral("another good one")) == 200);
    CHECK(actsOf(fixture).last() == QStringLiteral("password.set"));
}

TEST_CASE("bodies that could not be read wait again when an administrator says so")
{
    ApiFixture fixture;
    std::promise<qint64> put;
    fixture.store->putRaw(QStringLiteral("main"), "body",
                          [&put](const Result<qint64>& id) { put.set_value(id.value_or(0)); });
    const qint64 id = put.get_future().get();
    std::promise<bool> failed;
    fixture.store->write<void>(
        [id](store::StoreWriter& writer) { return writer.inbox().failed(id, QStringLiteral("No JSON.")); },
        [&failed](const Status& status) { failed.set_value(status.has_value()); });
    REQUIRE(failed.get_future().get());
    const auto replay = [&] {
        const Answer answer = fixture.post(QStringLiteral("/v1/inbox/replay"), {}, fixture.adminToken());
        CHECK(answer.status == 200);
        return answer.body.value(QStringLiteral("waiting")).toInt();
    };
    CHECK(replay() == 1);
    CHECK(fixture.commits == 1); // whoever reads them was told
    CHECK(replay() == 0);
    CHECK(fixture.commits == 1);
}

TEST_CASE("whoever watches central sees what was refused, and whether the store takes entries")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId thread = fixture.addCase(motor);
    Desk desk = fixture.signIn(QStringLiteral("lerato"));
    CHECK(fixture.call("GET", QStringLiteral("/readyz"), {}).status == 200);
    QJsonObject forged = fixture.entry(desk, thread, domain::Kind::internalNote,
                                       domain::toJson(domain::InternalNote{QStringLiteral("Note"), {}}));
    forged.insert(QStringLiteral("sig"), QString::fromLatin1(QByteArray(64, 'x').toBase64()));
    (void)fixture.push(desk, forged);
    const QByteArray figures = fixture.call("GET", QStringLiteral("/metrics"), {}).raw;
    for (const char* line : {"\nholdfast_bad_entry_signatures_total 1\n", "\nholdfast_conflicting_ids_total 0\n",
                             "\nholdfast_store_fault 0\n", "\nholdfast_test_counter_total 7\n"}) {
        INFO(line);
        CHECK(figures.contains(line));
    }
}

TEST_CASE("the hasher turns everything away once it was stopped")
{
    SystemRandom random;
    api::PasswordHasher hasher({8 * 1024, 1, 1}, random);
    hasher.stop();
    std::optional<ErrorCode> code;
    hasher.verify(QStringLiteral("x"), QString(), [&code](const Result<bool>& good) { code = good.error().code; });
    CHECK(code == ErrorCode::unavailable);
}

TEST_CASE("exports whose readers leave hold up nobody")
{
    ApiFixture fixture;
    http::Client client(http::ClientOptions{});
    // More than there are reader threads.
    for (int i = 0; i < 6; ++i) {
        http::ClientRequest request;
        request.method = "POST";
        request.url = fixture.url() + "/v1/export";
        request.headers.set("Authorization", "Bearer " + fixture.adminToken());
        request.sink = [](QByteArrayView) { return false; };
        std::promise<Result<http::ClientResponse>> answer;
        client.send(std::move(request),
                    [&answer](Result<http::ClientResponse> response) { answer.set_value(std::move(response)); });
        CHECK_FALSE(answer.get_future().get());
    }
    const Answer whole = fixture.post(QStringLiteral("/v1/export"), {}, fixture.adminToken());
    CHECK(whole.status == 200);
    CHECK(whole.raw.count("\"kind\":\"log.exported\"") == 7);
}
