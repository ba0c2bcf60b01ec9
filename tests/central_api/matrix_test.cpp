// Who may do what, over real HTTP, from one table: every role at every endpoint of docs/api.md, and every role with
// every kind of the registry into every type of thread. What is not in the table is refused, and a refusal tells
// nothing.
#include "tests/central_api/api_fixture.h"
#include "tests/domain/samples.h"
#include "tests/support/string_makers.h"

#include <QFile>
#include <QRegularExpression>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <functional>
#include <set>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;
using domain::ThreadType;

namespace {

enum class Role {
    nobody,
    disabled,
    agentOfTeam,
    agentOfOther,
    supervisorOfTeam,
    administrator,
    apiKey,
    passwordAlone // the agent of the team, at a computer that was not enrolled
};
constexpr std::array roles{Role::nobody,           Role::disabled,      Role::agentOfTeam, Role::agentOfOther,
                           Role::supervisorOfTeam, Role::administrator, Role::apiKey,      Role::passwordAlone};

const QString marker = QStringLiteral("Zebrafish in the flooded kitchen");

// An office with something to protect: a case of the team "motor", with a file and a policy beside it.
struct Office
{
    Office()
    {
        fixture.addUser(QStringLiteral("thandi"));
        fixture.addUser(QStringLiteral("other"));
        fixture.addUser(QStringLiteral("riaan"), QStringLiteral("supervisor"));
        fixture.addUser(QStringLiteral("gone"));
        motor = fixture.addTeam(QStringLiteral("motor"),
                                {QStringLiteral("thandi"), QStringLiteral("riaan"), QStringLiteral("gone")});
        home = fixture.addTeam(QStringLiteral("home"), {QStringLiteral("other")});
        thread = fixture.addCase(motor);
        room = fixture.addRoom(QStringLiteral("motor"), QStringLiteral("Talk"));
        fixture.customerWrites(thread, marker);
        thandi = fixture.signIn(QStringLiteral("thandi"));
        other = fixture.signIn(QStringLiteral("other"));
        riaan = fixture.signIn(QStringLiteral("riaan"));
        disabled = fixture.signIn(QStringLiteral("gone"));
        admin = fixture.signIn(QStringLiteral("admin"));
        bare = fixture
                   .post(QStringLiteral("/v1/sign-in"),
                         {{QStringLiteral("login"), QStringLiteral("thandi")},
                          {QStringLiteral("password"), QStringLiteral("correct horse battery")}})
                   .body.value(QStringLiteral("token"))
                   .toString()
                   .toLatin1();
        REQUIRE_FALSE(bare.isEmpty());
        REQUIRE(fixture.post(QStringLiteral("/v1/users/gone/disable"), {}, fixture.adminToken()).status == 200);
        putApiKey(QStringLiteral("policies"), key);
        putApiKey(QStringLiteral("spare"), "another-api-key");
        putRecords();
        putBlob();
        std::promise<Result<QByteArray>> note;
        fixture.store->checkpointNow([&note](Result<QByteArray> made) { note.set_value(std::move(made)); });
        REQUIRE(note.get_future().get().has_value());
    }
    void putApiKey(const QString& name, const QByteArray& secret)
    {
        std::promise<Result<bool>> stored;
        fixture.store->write<bool>(
            [&](store::StoreWriter& writer) -> Result<bool> {
                const Status put = writer.accounts().putApiKey(name, api::tokenHash(secret));
                return put ? Result<bool>(true) : tl::unexpected(put.error());
            },
            [&stored](Result<bool> done) { stored.set_value(std::move(done)); });
        REQUIRE(stored.get_future().get().has_value());
    }
    void putRecords()
    {
        domain::PolicyFacts facts;
        facts.number = QStringLiteral("HL-204-118-7");
        auto entry =
            store::centralEntry(fixture.clock, fixture.random, policy, Kind::policyFacts, domain::toJson(facts));
        entry.newThreadScope = motor; // a team may have policies of its own
        fixture.append(std::move(entry));
        domain::PersonFacts someone;
        someone.name = QStringLiteral("Nomvula");
        auto record =
            store::centralEntry(fixture.clock, fixture.random, person, Kind::personFacts, domain::toJson(someone));
        record.newThreadScope = fixture.store->organisation().everyone;
        fixture.append(std::move(record));
    }
    void putBlob()
    {
        REQUIRE(fixture.post(QStringLiteral("/v1/blobs"), blobBody(), thandi.token).status == 200);
        REQUIRE(fixture.callRaw("PUT", QStringLiteral("/v1/blobs/%1/0").arg(blobHex()), bytes, thandi.token).status ==
                200);
    }
    [[nodiscard]] QString blobHex() const { return QString::fromLatin1(blob.toHex()); }
    [[nodiscard]] QJsonObject blobBody() const
    {
        return {{QStringLiteral("thread"), thread.toHexString()},
                {QStringLiteral("blob"), blobHex()},
                {QStringLiteral("size"), bytes.size()},
                {QStringLiteral("mime"), QStringLiteral("text/plain")},
                {QStringLiteral("sha256"), QString::fromLatin1(sha256({bytes}).toHex())}};
    }
    [[nodiscard]] Desk& desk(Role role)
    {
        switch (role) {
        case Role::agentOfTeam:
        case Role::passwordAlone:
            return thandi;
        case Role::agentOfOther:
            return other;
        case Role::supervisorOfTeam:
            return riaan;
        case Role::administrator:
            return admin;
        default:
            return disabled;
        }
    }
    [[nodiscard]] QByteArray token(Role role)
    {
        switch (role) {
        case Role::nobody:
            return {};
        case Role::apiKey:
            return key;
        case Role::passwordAlone:
            return bare;
        default:
            return desk(role).token;
        }
    }
    [[nodiscard]] QString fresh() { return QStringLiteral("fresh%1").arg(++names); }

    ApiFixture fixture;
    ScopeId motor, home;
    ThreadId thread, room;
    PolicyId policy = fixture.random.id<PolicyId>();
    PersonId person = fixture.random.id<PersonId>();
    BlobId blob = fixture.random.id<BlobId>();
    QByteArray bytes = marker.toUtf8();
    QByteArray key = "an-api-key-of-the-policy-system";
    QByteArray bare;
    Desk thandi, other, riaan, disabled, admin;
    int names = 0;
};

struct Endpoint
{
    const char* call; // as docs/api.md writes it
    std::array<int, roles.size()> due;
    std::function<Answer(Office&, Role)> ask;
};

Answer post(Office& office, Role role, const QString& path, const QJsonObject& body)
{
    return office.fixture.post(path, body, office.token(role));
}

QJsonObject note(Office& office, Role role)
{
    const bool person = role != Role::nobody && role != Role::apiKey;
    Desk& desk = person ? office.desk(role) : office.thandi;
    const QByteArray content = domain::toJson(domain::InternalNote{QStringLiteral("note"), {}});
    return {{QStringLiteral("entries"),
             QJsonArray{office.fixture.entry(desk, office.thread, Kind::internalNote, content)}}};
}

// The table. In the order of `roles`: nobody, disabled, agent, agent of another team, supervisor, administrator, API
// key, password alone.
const std::vector<Endpoint>& endpoints()
{
    using O = Office&;
    static const std::vector<Endpoint> all{
        {"POST /v1/devices",
         {401, 401, 200, 200, 200, 200, 403, 200},
         [](O o, Role r) {
             const bool person = r != Role::nobody && r != Role::apiKey && r != Role::disabled;
             // A sign-in of its own, which has no device yet.
             Desk fresh = o.fixture.signInUnbound(person ? o.desk(r).login : QStringLiteral("thandi"));
             if (!person)
                 fresh.token = o.token(r);
             return o.fixture.enrol(fresh, *fresh.key);
         }},
        {"POST /v1/changes",
         {401, 401, 200, 200, 200, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/changes"), {}); }},
        {"POST /v1/entries",
         {401, 401, 200, 200, 200, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/entries"), note(o, r)); }},
        {"POST /v1/threads",
         {401, 401, 200, 200, 200, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/threads"),
                         {{QStringLiteral("scopes"), QJsonArray{o.motor.toHexString()}}});
         }},
        {"POST /v1/history",
         {401, 401, 200, 200, 200, 200, 403, 403},
         [](O o, Role r) {
             const QJsonObject range{{QStringLiteral("thread"), o.thread.toHexString()}};
             return post(o, r, QStringLiteral("/v1/history"), {{QStringLiteral("ranges"), QJsonArray{range}}});
         }},
        {"POST /v1/epochs",
         {401, 401, 404, 404, 404, 404, 403, 403},
         [](O o, Role r) {
             const QString cursor = post(o, r, QStringLiteral("/v1/changes"), {})
                                        .body.value(QStringLiteral("cursor"))
                                        .toString(QStringLiteral("none"));
             return post(o, r, QStringLiteral("/v1/epochs"), {{QStringLiteral("cursor"), cursor}});
         }},
        {"POST /v1/offers",
         {401, 401, 200, 200, 200, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/offers"), {{QStringLiteral("entries"), QJsonArray()}});
         }},
        {"POST /v1/proofs",
         {401, 401, 200, 200, 200, 200, 403, 403},
         [](O o, Role r) {
             return post(
                 o, r, QStringLiteral("/v1/proofs"),
                 {{QStringLiteral("from"), 0}, {QStringLiteral("threads"), QJsonArray{o.thread.toHexString()}}});
         }},
        {"POST /v1/blobs",
         {401, 401, 200, 404, 200, 404, 404, 404},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/blobs"), o.blobBody()); }},
        {"PUT /v1/blobs/ID/N",
         {401, 401, 200, 404, 200, 404, 404, 404},
         [](O o, Role r) {
             return o.fixture.callRaw("PUT", QStringLiteral("/v1/blobs/%1/0").arg(o.blobHex()), o.bytes, o.token(r));
         }},
        {"GET /v1/blobs/ID",
         {401, 401, 206, 404, 206, 404, 404, 404},
         [](O o, Role r) { return o.fixture.call("GET", QStringLiteral("/v1/blobs/") + o.blobHex(), {}, o.token(r)); }},
        {"POST /v1/policies",
         {401, 401, 403, 403, 403, 200, 200, 403},
         [](O o, Role r) { return o.fixture.postRaw(QStringLiteral("/v1/policies"), {}, o.token(r)); }},
        {"POST /v1/users",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/users"),
                         {{QStringLiteral("login"), o.fresh()},
                          {QStringLiteral("name"), QStringLiteral("Fresh")},
                          {QStringLiteral("role"), QStringLiteral("agent")},
                          {QStringLiteral("password"), QStringLiteral("long enough password")}});
         }},
        {"POST /v1/users/LOGIN/disable",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/users/gone/disable"), {}); }},
        {"POST /v1/users/LOGIN/enable",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/users/other/enable"), {}); }},
        {"POST /v1/users/LOGIN/password",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/users/gone/password"),
                         {{QStringLiteral("password"), QStringLiteral("another long password")}});
         }},
        {"POST /v1/scopes",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/scopes"), {{QStringLiteral("name"), o.fresh()}});
         }},
        {"POST /v1/grants",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/grants"),
                         {{QStringLiteral("login"), QStringLiteral("gone")},
                          {QStringLiteral("scope"), QStringLiteral("home")}});
         }},
        {"POST /v1/grants/end",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/grants/end"),
                         {{QStringLiteral("login"), QStringLiteral("gone")},
                          {QStringLiteral("scope"), QStringLiteral("home")}});
         }},
        {"POST /v1/rooms",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(
                 o, r, QStringLiteral("/v1/rooms"),
                 {{QStringLiteral("scope"), QStringLiteral("motor")}, {QStringLiteral("title"), QStringLiteral("x")}});
         }},
        {"GET /v1/devices",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return o.fixture.call("GET", QStringLiteral("/v1/devices"), {}, o.token(r)); }},
        {"POST /v1/devices/ID/revoke",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/devices/%1/revoke").arg(o.disabled.device.toHexString()), {});
         }},
        {"POST /v1/runs",
         {401, 401, 200, 200, 200, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/runs"), {{QStringLiteral("run"), QString(32, QLatin1Char('a'))}});
         }},
        {"POST /v1/devices/ID/release", // nobody's is held back
         {401, 401, 403, 403, 403, 409, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/devices/%1/release").arg(o.other.device.toHexString()), {});
         }},
        {"POST /v1/acts",
         {401, 401, 200, 200, 200, 200, 403, 200},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/acts"), {{QStringLiteral("kind"), QStringLiteral("key.shown")}});
         }},
        {"GET /v1/api-keys",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return o.fixture.call("GET", QStringLiteral("/v1/api-keys"), {}, o.token(r)); }},
        {"POST /v1/api-keys",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             return post(o, r, QStringLiteral("/v1/api-keys"), {{QStringLiteral("name"), o.fresh()}});
         }},
        {"POST /v1/api-keys/NAME/rotate",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/api-keys/spare/rotate"), {}); }},
        {"POST /v1/api-keys/NAME/revoke",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/api-keys/spare/revoke"), {}); }},
        {"POST /v1/inbox/replay",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/inbox/replay"), {}); }},
        {"POST /v1/export",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/export"), {}); }},
        {"POST /v1/verify",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) { return post(o, r, QStringLiteral("/v1/verify"), {}); }},
        {"POST /v1/erase",
         {401, 401, 403, 403, 403, 200, 403, 403},
         [](O o, Role r) {
             // A message of its own, so that what the other rows look for stays.
             const ThreadId victim = o.fixture.addCase(o.motor);
             const auto entries = o.fixture.read<std::vector<store::FeedEntry>>([&victim](store::StoreReader& reader) {
                 return reader.feed().entriesOfThread(victim, ThreadSeq{2}, 1);
             });
             return post(o, r, QStringLiteral("/v1/erase"),
                         {{QStringLiteral("entries"), QJsonArray{entries.front().entry.toHexString()}}});
         }},
    };
    return all;
}

// Answered without a token, and the same for everybody.
const std::set<QString> openCalls{QStringLiteral("GET /v1/organisation"), QStringLiteral("POST /v1/sign-in"),
                                  QStringLiteral("POST /v1/token")};

bool seesTeam(Role role)
{
    return role == Role::agentOfTeam || role == Role::supervisorOfTeam;
}

// Ids that stand in the request may stand in its answer; what they lead to may not.
void checkSilent(Office& office, const Answer& answer)
{
    for (const QByteArray& secret :
         {marker.toUtf8(), marker.toUtf8().toBase64().chopped(4), QByteArray("HL-204-118-7"), office.policy.toHex()})
        CHECK_FALSE(answer.raw.contains(secret));
}

} // namespace

TEST_CASE("every role gets the table's answer at every endpoint, and a refusal tells nothing")
{
    Office office;
    for (const Endpoint& endpoint : endpoints()) {
        for (size_t i = 0; i < roles.size(); ++i) {
            INFO(endpoint.call << " as role " << i);
            const Answer answer = endpoint.ask(office, roles[i]);
            CHECK(answer.status == endpoint.due[i]);
            if (answer.status >= 400 || (roles[i] == Role::agentOfOther))
                checkSilent(office, answer);
        }
    }
    // The control: who may see it does.
    const Answer feed = post(office, Role::agentOfTeam, QStringLiteral("/v1/changes"), {});
    bool given = false;
    for (const QJsonValue& entry : feed.body.value(QStringLiteral("entries")).toArray())
        given = given || QByteArray::fromBase64(entry.toObject().value(QStringLiteral("content")).toString().toLatin1())
                             .contains(marker.toUtf8());
    CHECK(given);
    CHECK(office.fixture.call("GET", QStringLiteral("/v1/blobs/") + office.blobHex(), {}, office.thandi.token)
              .raw.contains(marker.toUtf8()));
}

TEST_CASE("every call that docs/api.md names is in the table")
{
    QFile file(QStringLiteral(HOLDFAST_SOURCE_DIR "/docs/api.md"));
    REQUIRE(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    std::set<QString> known = openCalls;
    for (const Endpoint& endpoint : endpoints())
        known.insert(QString::fromLatin1(endpoint.call));
    std::set<QString> named;
    static const QRegularExpression call(QStringLiteral("`((?:GET|POST|PUT|DELETE) /v1/[A-Za-z0-9/-]+)"));
    for (auto match = call.globalMatch(text); match.hasNext();)
        named.insert(match.next().captured(1));
    CHECK(named.size() >= 20);
    for (const QString& one : named) {
        INFO(one.toStdString());
        CHECK(known.contains(one));
    }
    for (const QString& one : known) {
        INFO(one.toStdString());
        CHECK(named.contains(one));
    }
}

namespace {

struct Place
{
    ThreadType type;
    ThreadId thread;
    bool ofTeam; // in the scope of the team; else where no desk may write
};

// A content that would be taken where the kind is allowed.
QByteArray contentFor(Office& office, Kind kind)
{
    domain::AgentReply reply;
    reply.text = QStringLiteral("Good day");
    reply.seen = ThreadSeq{100'000};
    switch (kind) {
    case Kind::agentReply:
        return domain::toJson(reply);
    case Kind::roomMessage:
        return domain::toJson(domain::RoomMessage{QStringLiteral("Good day"), {}, {}});
    case Kind::threadMoved:
        return domain::toJson(domain::ThreadMoved{office.motor, office.home});
    default:
        for (const Sample& sample : allSamples()) {
            if (sample.kind == kind)
                return sample.json;
        }
        return "{}";
    }
}

// What staff may write, said a second time and in another way than central/access says it.
bool staffMayWrite(Kind kind, ThreadType type)
{
    const bool talk = type == ThreadType::room || type == ThreadType::direct;
    static const std::set<Kind> ofCases{Kind::agentReply,   Kind::internalNote, Kind::threadAssigned, Kind::threadState,
                                        Kind::threadLinked, Kind::threadMoved,  Kind::threadRead};
    if (talk)
        return kind == Kind::roomMessage || kind == Kind::threadRead;
    return type == ThreadType::customerCase && ofCases.contains(kind);
}

} // namespace

TEST_CASE("every role may write exactly the kinds of the table, into exactly the threads of its scopes")
{
    Office office;
    ApiFixture& fixture = office.fixture;
    const store::Organisation& organisation = fixture.store->organisation();
    int accepted = 0;
    for (const Kind kind : domain::allKinds()) {
        // A case of its own for each kind, because a move takes it away.
        const std::vector<Place> places{{ThreadType::customerCase, fixture.addCase(office.motor), true},
                                        {ThreadType::room, office.room, true},
                                        {ThreadType::policy, office.policy, true},
                                        {ThreadType::person, office.person, false},
                                        {ThreadType::organisation, organisation.structure, false},
                                        {ThreadType::audit, organisation.auditThread, false},
                                        {ThreadType::customerCase, fixture.random.id<ThreadId>(), false}};
        for (const Place& place : places) {
            for (const Role role :
                 {Role::agentOfOther, Role::administrator, Role::agentOfTeam, Role::supervisorOfTeam}) {
                INFO(domain::nameOf(kind).toString().toStdString()
                     << " into " << wordOf(place.type).toStdString() << " as role " << int(role));
                Desk& desk = office.desk(role);
                const QJsonObject result =
                    fixture.push(desk, fixture.entry(desk, place.thread, kind, contentFor(office, kind)));
                const bool isAct = kind == Kind::fileSaved && place.type == ThreadType::audit; // anybody's own
                const bool due = isAct || (seesTeam(role) && place.ofTeam && staffMayWrite(kind, place.type));
                const bool movedAlready = kind == Kind::threadMoved && role == Role::supervisorOfTeam;
                CHECK((result.value(QStringLiteral("result")).toString() == QStringLiteral("accepted")) ==
                      (due && !movedAlready));
                accepted += due && !movedAlready ? 1 : 0;
            }
        }
    }
    CHECK(accepted == 2 * 9 - 1 + 4);
    Desk& thandi = office.thandi;
    const QJsonObject unknown = fixture.entry(thandi, office.thread, static_cast<Kind>(9999), "{}");
    CHECK(fixture.push(thandi, unknown).value(QStringLiteral("result")).toString() == QStringLiteral("refused"));
}

TEST_CASE("ids of what another may see, put into one's own requests, lead nowhere")
{
    Office office;
    ApiFixture& fixture = office.fixture;
    Desk& other = office.other;
    const ThreadId own = fixture.addCase(office.home);
    const auto refused = [&](Kind kind, const QByteArray& content, const ThreadId& thread) {
        const QJsonObject result = fixture.push(other, fixture.entry(other, thread, kind, content));
        return result.value(QStringLiteral("result")).toString() == QStringLiteral("refused");
    };
    domain::AgentReply reply;
    reply.text = QStringLiteral("Here is the file");
    reply.seen = ThreadSeq{100};
    reply.attachments = {{office.blob, office.bytes.size(), QStringLiteral("text/plain"), {}, sha256({office.bytes})}};
    CHECK(refused(Kind::agentReply, domain::toJson(reply), own)); // another thread's file
    // The same answer as for a file that does not exist: an id cannot be probed.
    const auto textOf = [&] {
        return fixture.push(other, fixture.entry(other, own, Kind::agentReply, domain::toJson(reply)))
            .value(QStringLiteral("text"))
            .toString();
    };
    const QString existing = textOf();
    reply.attachments.first().id = fixture.random.id<BlobId>();
    CHECK(textOf() == existing);
    // Taking another's thread into one's own team.
    CHECK(refused(Kind::threadMoved, domain::toJson(domain::ThreadMoved{office.motor, office.home}), office.thread));
    // An upload under another's blob id, into one's own thread.
    QJsonObject body = office.blobBody();
    body.insert(QStringLiteral("thread"), own.toHexString());
    const Answer upload = fixture.post(QStringLiteral("/v1/blobs"), body, other.token);
    CHECK(upload.status == 404);
    checkSilent(office, upload);

    const Answer proofs = fixture.post(
        QStringLiteral("/v1/proofs"),
        {{QStringLiteral("from"), 0},
         {QStringLiteral("threads"), QJsonArray{office.thread.toHexString(), office.policy.toHexString()}}},
        other.token);
    CHECK(proofs.status == 200);
    CHECK(proofs.body.value(QStringLiteral("threads")).toArray().isEmpty());

    // A cursor serves the person and device that it was given to.
    const QString cursor = post(office, Role::agentOfTeam, QStringLiteral("/v1/changes"), {})
                               .body.value(QStringLiteral("cursor"))
                               .toString();
    const QJsonObject ask{{QStringLiteral("cursor"), cursor}};
    CHECK(fixture.post(QStringLiteral("/v1/changes"), ask, other.token).status == 403);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), ask, fixture.signIn(QStringLiteral("thandi")).token).status ==
          403);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), ask, office.thandi.token).status == 200);

    // Entries in another's name, or signed by another's device.
    QJsonObject forged = fixture.entry(office.thandi, office.thread, Kind::internalNote,
                                       domain::toJson(domain::InternalNote{QStringLiteral("x"), {}}));
    CHECK(fixture.push(other, forged).value(QStringLiteral("result")).toString() == QStringLiteral("refused"));
    Desk mixed = other;
    mixed.key = office.thandi.key;
    CHECK(fixture
              .push(other, fixture.entry(mixed, own, Kind::internalNote,
                                         domain::toJson(domain::InternalNote{QStringLiteral("x"), {}})))
              .value(QStringLiteral("code"))
              .toString() == QStringLiteral("bad_signature"));
}
