#include "tests/central_api/api_fixture.h"

#include <QFile>
#include <QJsonDocument>

#include <catch2/catch_test_macros.hpp>

#include <future>

namespace holdfast::test {
namespace {

const QString password = QStringLiteral("correct horse battery");
constexpr api::PasswordCost cheap{8 * 1024, 1, 1};

template <typename T, typename Call>
Result<T> wait(Call call)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    call([promise](Result<T> result) { promise->set_value(std::move(result)); });
    return future.get();
}

} // namespace

ApiFixture::ApiFixture(ApiOptions options) : options_(std::move(options))
{
    if (options_.postgres)
        postgres_ = std::make_unique<TemporaryPostgres>();
    store::StoreConfig config;
    config.url = postgres_ ? postgres_->urlText()
                           : QStringLiteral("sqlcipher:") + folder_.filePath(QStringLiteral("central.db"));
    config.keyDirectory = folder_.filePath(QStringLiteral("keys"));
    config.checkpointInterval = std::chrono::hours(1); // tests ask for theirs
    REQUIRE(store::Store::initialise(config, QStringLiteral("Test Insurance"), clock, random).has_value());
    http::ClientOptions clientOptions;
    clientOptions.maxConnections = 2000;
    client_ = std::make_unique<http::Client>(clientOptions);
    store = addInstance().store.get();

    const store::Account admin{random.id<UserId>(),
                               QStringLiteral("admin"),
                               QStringLiteral("Nomsa"),
                               QStringLiteral("administrator"),
                               {},
                               *first().hasher->hashNow(password),
                               true};
    REQUIRE(wait<bool>([&](auto done) {
                store->write<bool>(
                    [&admin](store::StoreWriter& writer) -> Result<bool> {
                        if (const Status put = writer.accounts().put(admin); !put)
                            return tl::unexpected(put.error());
                        return true;
                    },
                    done);
            }).has_value());
}

ApiFixture::~ApiFixture()
{
    for (Instance& instance : instances_)
        instance.stop();
}

ApiFixture::Instance& ApiFixture::addInstance()
{
    const QString anchor = QStringLiteral("anchor-%1.note").arg(instances_.size());
    open(instances_.emplace_back(), anchor);
    return instances_.back();
}

void ApiFixture::restart()
{
    first().stop();
    cutAt = clock.now();
    open(first(), QStringLiteral("anchor-0.note"));
    store = first().store.get();
}

void ApiFixture::backUp()
{
    first().stop();
    const QString file = folder_.filePath(QStringLiteral("central.db"));
    REQUIRE(QFile::copy(file, file + QStringLiteral(".backup")));
    restart();
}

store::BegunEpoch ApiFixture::restore()
{
    REQUIRE(wait<QByteArray>([&](auto done) { store->checkpointNow(done); }).has_value());
    first().stop();
    const QString file = folder_.filePath(QStringLiteral("central.db"));
    REQUIRE(QFile::remove(file));
    REQUIRE(QFile::copy(file + QStringLiteral(".backup"), file));
    const auto begun = store::beginEpoch(configOf(QStringLiteral("anchor-0.note")), clock, random);
    REQUIRE(begun.has_value());
    restart();
    return *begun;
}

store::StoreConfig ApiFixture::configOf(const QString& anchor) const
{
    store::StoreConfig config;
    config.url = postgres_ ? postgres_->urlText()
                           : QStringLiteral("sqlcipher:") + folder_.filePath(QStringLiteral("central.db"));
    config.keyDirectory = folder_.filePath(QStringLiteral("keys"));
    config.anchorFile = folder_.filePath(anchor);
    config.queueLimit = options_.readQueue;
    return config;
}

void ApiFixture::open(Instance& made, const QString& anchor)
{
    auto opened = store::Store::open(configOf(anchor), clock, random);
    REQUIRE(opened.has_value());
    made.store = std::move(*opened);
    made.hasher = std::make_unique<api::PasswordHasher>(cheap, random);
    made.throttle = std::make_unique<api::SignInThrottle>(clock);
    made.api = std::make_unique<api::InternalApi>(*made.store, *made.hasher, *made.throttle, *this, api::TokenLives(),
                                                  api::PushRules(), options_.feed);
    http::Router router;
    made.api->addTo(router);
    made.server = std::make_unique<http::Server>(http::ServerOptions{}, std::move(router));
    REQUIRE(made.server->start().has_value());
}

void ApiFixture::Instance::stop()
{
    if (!server)
        return;
    server->stop();
    hasher->stop();
    store.reset();
    hasher.reset();
    server.reset();
    api.reset();
}

Answer ApiFixture::callAt(const Instance& instance, const QByteArray& method, const QString& path,
                          const QJsonObject& body, const QByteArray& token, const QByteArray& range)
{
    http::ClientRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + QByteArray::number(instance.server->port()) + path.toUtf8();
    if (method != "GET")
        request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    if (!token.isEmpty())
        request.headers.set("Authorization", "Bearer " + token);
    if (!range.isEmpty())
        request.headers.set("Range", range);
    const auto response = wait<http::ClientResponse>([&](auto done) { client_->send(std::move(request), done); });
    REQUIRE(response.has_value());
    return {response->status, QJsonDocument::fromJson(response->body).object(), response->body};
}

std::future<Answer> ApiFixture::postLater(const Instance& instance, const QString& path, const QJsonObject& body,
                                          const QByteArray& token)
{
    http::ClientRequest request;
    request.method = "POST";
    request.url = "http://127.0.0.1:" + QByteArray::number(instance.server->port()) + path.toUtf8();
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    request.headers.set("Authorization", "Bearer " + token);
    request.timeout = std::chrono::seconds(60);
    auto promise = std::make_shared<std::promise<Answer>>();
    client_->send(std::move(request), [promise](const Result<http::ClientResponse>& response) {
        promise->set_value(
            response ? Answer{response->status, QJsonDocument::fromJson(response->body).object(), response->body}
                     : Answer());
    });
    return promise->get_future();
}

Answer ApiFixture::callRaw(const QByteArray& method, const QString& path, const QByteArray& body,
                           const QByteArray& token)
{
    http::ClientRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + QByteArray::number(first().server->port()) + path.toUtf8();
    request.body = body;
    if (!token.isEmpty())
        request.headers.set("Authorization", "Bearer " + token);
    const auto response = wait<http::ClientResponse>([&](auto done) { client_->send(std::move(request), done); });
    REQUIRE(response.has_value());
    return {response->status, QJsonDocument::fromJson(response->body).object(), response->body};
}

QByteArray ApiFixture::adminToken()
{
    if (adminToken_.isEmpty()) {
        const Answer answer = post(QStringLiteral("/v1/sign-in"), {{QStringLiteral("login"), QStringLiteral("admin")},
                                                                   {QStringLiteral("password"), password}});
        REQUIRE(answer.status == 200);
        adminToken_ = answer.body.value(QStringLiteral("token")).toString().toLatin1();
    }
    return adminToken_;
}

void ApiFixture::addUser(const QString& login, const QString& role)
{
    const Answer answer = post(QStringLiteral("/v1/users"),
                               {{QStringLiteral("login"), login},
                                {QStringLiteral("name"), login},
                                {QStringLiteral("role"), role},
                                {QStringLiteral("password"), password}},
                               adminToken());
    REQUIRE(answer.status == 200);
}

ScopeId ApiFixture::addTeam(const QString& name, const QStringList& members)
{
    const Answer answer = post(QStringLiteral("/v1/scopes"), {{QStringLiteral("name"), name}}, adminToken());
    REQUIRE(answer.status == 200);
    for (const QString& member : members) {
        const Answer granted = post(QStringLiteral("/v1/grants"),
                                    {{QStringLiteral("login"), member}, {QStringLiteral("scope"), name}}, adminToken());
        REQUIRE(granted.status == 200);
    }
    return *ScopeId::fromHex(answer.body.value(QStringLiteral("scope")).toString());
}

ThreadId ApiFixture::addRoom(const QString& scope, const QString& title)
{
    const Answer answer = post(QStringLiteral("/v1/rooms"),
                               {{QStringLiteral("scope"), scope}, {QStringLiteral("title"), title}}, adminToken());
    REQUIRE(answer.status == 200);
    return *ThreadId::fromHex(answer.body.value(QStringLiteral("thread")).toString());
}

Desk ApiFixture::signIn(const QString& login)
{
    Desk desk = signInUnbound(login);
    REQUIRE(enrol(desk, *desk.key).status == 200);
    return desk;
}

Desk ApiFixture::signInUnbound(const QString& login)
{
    const Answer answer =
        post(QStringLiteral("/v1/sign-in"), {{QStringLiteral("login"), login}, {QStringLiteral("password"), password}});
    REQUIRE(answer.status == 200);
    Desk desk;
    desk.login = login;
    desk.user =
        *UserId::fromHex(answer.body.value(QStringLiteral("user")).toObject().value(QStringLiteral("id")).toString());
    desk.token = answer.body.value(QStringLiteral("token")).toString().toLatin1();
    desk.refresh = answer.body.value(QStringLiteral("refresh")).toString().toLatin1();
    desk.key = std::make_shared<log::SigningKey>(*log::SigningKey::fromSeed(random.bytes(32)));
    desk.device = log::deviceOf(desk.key->publicKey());
    return desk;
}

void ApiFixture::append(store::EntryToAppend entry)
{
    store::AppendBatch batch;
    batch.entries.push_back(std::move(entry));
    const auto results =
        wait<std::vector<store::AppendResult>>([&](auto done) { store->append(std::move(batch), done); });
    REQUIRE(results.has_value());
    REQUIRE(results->front().outcome == store::AppendResult::Outcome::accepted);
}

Answer ApiFixture::enrol(const Desk& desk, const log::SigningKey& signer)
{
    return post(
        QStringLiteral("/v1/devices"),
        {{QStringLiteral("public_key"), QString::fromLatin1(desk.key->publicKey().toHex())},
         {QStringLiteral("name"), QStringLiteral("PC of ") + desk.login},
         {QStringLiteral("proof"), QString::fromLatin1(signer.sign(log::deviceMessage(desk.token)).toBase64())}},
        desk.token);
}

ThreadId ApiFixture::addCase(const ScopeId& scope)
{
    const auto thread = random.id<ThreadId>();
    domain::ThreadOpened opened;
    opened.type = domain::ThreadType::customerCase;
    opened.scope = scope;
    opened.person = random.id<PersonId>();
    opened.channel = QStringLiteral("main");
    auto entry = store::centralEntry(clock, random, thread, domain::Kind::threadOpened, domain::toJson(opened));
    entry.newThreadScope = scope;
    append(std::move(entry));
    customerWrites(thread, QStringLiteral("Hello"));
    return thread;
}

void ApiFixture::customerWrites(const ThreadId& thread, const QString& text, const QString& providerId)
{
    domain::CustomerMessage message;
    message.person = random.id<PersonId>();
    message.channel = QStringLiteral("main");
    message.providerId =
        providerId.isEmpty() ? QStringLiteral("wamid.") + QString::fromLatin1(random.bytes(8).toHex()) : providerId;
    message.providerAt = clock.now();
    message.type = QStringLiteral("text");
    message.text = text;
    append(store::centralEntry(clock, random, thread, domain::Kind::customerMessage, domain::toJson(message)));
}

QJsonObject ApiFixture::entry(Desk& desk, const ThreadId& thread, domain::Kind kind, const QByteArray& content)
{
    const QByteArray salt = random.bytes(32);
    log::AuthorPart part;
    part.entryId = random.entryId(clock.now());
    part.thread = thread;
    part.kind = domain::number(kind);
    part.author = desk.user;
    part.device = desk.device;
    part.deviceSeq = DeviceSeq{desk.nextSeq++};
    part.claimedAt = clock.now();
    part.commit = log::commitment(salt, part.kind, content);
    const QByteArray bytes = log::encode(part);
    const QByteArray signature = desk.key->sign(log::entryMessage(store->organisation().id, bytes));
    const auto text = [](const QByteArray& raw) { return QString::fromLatin1(raw.toBase64()); };
    return {{QStringLiteral("author_part"), text(bytes)},
            {QStringLiteral("sig"), text(signature)},
            {QStringLiteral("salt"), text(salt)},
            {QStringLiteral("content"), text(content)}};
}

QJsonObject ApiFixture::push(Desk& desk, const QJsonObject& entry)
{
    const Answer answer =
        post(QStringLiteral("/v1/entries"), {{QStringLiteral("entries"), QJsonArray{entry}}}, desk.token);
    return answer.body.value(QStringLiteral("results")).toArray().first().toObject();
}

Status ApiFixture::accepted(store::StoreWriter&, const store::EntryToAppend& entry, const store::AppendResult&)
{
    if (channelFails)
        return tl::unexpected(*channelFails);
    acceptedReplies += entry.author.kind == domain::number(domain::Kind::agentReply) ? 1 : 0;
    return {};
}

} // namespace holdfast::test
