#include "tests/whatsapp/channel_fixture.h"

#include "models/base/digest.h"

#include <QJsonDocument>

#include <thread>

namespace holdfast::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace holdfast::store;

bool havePostgres()
{
    return qEnvironmentVariableIsSet("HOLDFAST_TEST_PG");
}

bool eventually(const std::function<bool()>& condition)
{
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

ChannelFixture::ChannelFixture(Dialect dialect)
{
    REQUIRE(directory_.isValid());
    config.keyDirectory = directory_.filePath(u"keys"_s);
    config.url = u"sqlcipher:"_s + directory_.filePath(u"central.db"_s);
    if (dialect == Dialect::postgres) {
        postgres_ = std::make_unique<TemporaryPostgres>();
        config.url = postgres_->urlText();
    }
    REQUIRE(Store::initialise(config, u"Harbour Life"_s, clock, random));
    auto opened = Store::open(config, clock, random);
    REQUIRE(opened);
    store = std::move(*opened);
    addScope(u"Intake"_s);

    phone::PhoneConfig settings;
    settings.number = {wabaId, numberId, "27115550100"};
    settings.accessToken = token;
    settings.webhook.appSecret = secret;
    settings.webhook.verifyToken = "verify/for tests";
    settings.webhook.retryBaseMs = 20;
    phone = std::make_unique<phone::Phone>(settings);
    REQUIRE(phone->start());
    rules.callTimeout = 5s;
    rules.uncertainWait = 2s;
    rules.retryBase = 20ms;
    rules.unknownStatusWait = 2s;
    startChannel();
}

void ChannelFixture::addScope(const QString& name)
{
    AppendBatch batch;
    batch.entries.push_back(
        centralEntry(clock, random, store->organisation().structure, domain::Kind::scopeDefined,
                     domain::toJson(domain::ScopeDefined{random.id<ScopeId>(), domain::ScopeType::team, name})));
    std::promise<bool> made;
    store->append(std::move(batch), [&made](const auto& results) { made.set_value(results.has_value()); });
    REQUIRE(made.get_future().get());
}

ChannelFixture::~ChannelFixture()
{
    phone->stop();
    stopChannel();
    store.reset();
}

whatsapp::Number ChannelFixture::number() const
{
    whatsapp::Number number;
    number.name = u"main"_s;
    number.graphUrl = graphUrl.isEmpty() ? u"http://127.0.0.1:%1"_s.arg(phone->graphPort()) : graphUrl;
    number.version = u"v25.0"_s;
    number.phoneNumberId = phoneNumberId;
    number.wabaId = QString::fromLatin1(wabaId);
    number.intakeScope = intakeScope;
    number.accessToken = token;
    number.appSecrets = {"an older secret", secret};
    number.verifyToken = "verify/for tests";
    return number;
}

void ChannelFixture::startChannel()
{
    channels = std::make_unique<whatsapp::Channels>(*store, std::vector{number()}, rules);
    http::Router router;
    channels->addTo(router);
    channels->start();
    server_ = std::make_unique<http::Server>(http::ServerOptions(), std::move(router));
    REQUIRE(server_->start());
    (void)control("POST", "/control/webhook", {{u"url"_s, QString::fromLatin1(url())}});
}

void ChannelFixture::stopChannel()
{
    if (server_)
        server_->stop();
    if (channels)
        channels->stop();
    server_.reset();
    channels.reset();
}

QByteArray ChannelFixture::url() const
{
    return "http://127.0.0.1:" + QByteArray::number(server_->port()) + "/webhooks/whatsapp";
}

http::ClientResponse ChannelFixture::request(http::ClientRequest request)
{
    std::promise<Result<http::ClientResponse>> answer;
    client_.send(std::move(request),
                 [&answer](Result<http::ClientResponse> result) { answer.set_value(std::move(result)); });
    const auto result = answer.get_future().get();
    INFO((result ? std::string() : result.error().text.toStdString()));
    REQUIRE(result);
    return *result;
}

http::ClientResponse ChannelFixture::post(const QByteArray& body, const QByteArray& signature)
{
    http::ClientRequest sent;
    sent.method = "POST";
    sent.url = url();
    sent.body = body;
    if (!signature.isEmpty())
        sent.headers.set("X-Hub-Signature-256", signature);
    return request(std::move(sent));
}

QByteArray ChannelFixture::signatureOf(const QByteArray& body)
{
    return "sha256=" + hmacSha256(secret, {body}).toHex();
}

http::ClientResponse ChannelFixture::postSigned(const QByteArray& body)
{
    return post(body, signatureOf(body));
}

QJsonObject ChannelFixture::control(const QByteArray& method, const QByteArray& target, const QJsonObject& body)
{
    http::ClientRequest sent;
    sent.method = method;
    sent.url = "http://127.0.0.1:" + QByteArray::number(phone->controlPort()) + target;
    sent.body = body.isEmpty() ? QByteArray() : jsonOf(body);
    const http::ClientResponse answer = request(std::move(sent));
    INFO(answer.body.toStdString());
    REQUIRE(answer.status == 200);
    return QJsonDocument::fromJson(answer.body).object();
}

void ChannelFixture::order(const char* group, const QJsonObject& fault)
{
    (void)control("POST", "/control/faults", {{QString::fromLatin1(group), QJsonArray{fault}}});
}

void ChannelFixture::automaticStatuses(const QJsonArray& words)
{
    (void)control("POST", "/control/statuses", {{u"automatic"_s, words}, {u"delay_ms"_s, 20}});
}

QByteArray ChannelFixture::customerWrites(const QString& text)
{
    return control(
               "POST", "/control/messages",
               {{u"from"_s, QString::fromLatin1(customerPhone)}, {u"name"_s, u"Thandi"_s}, {u"text"_s, text}})[u"id"_s]
        .toString()
        .toLatin1();
}

QByteArray ChannelFixture::customerSends(const QByteArray& file, const QByteArray& mime, const QString& name)
{
    return control("POST", "/control/messages",
                   {{u"from"_s, QString::fromLatin1(customerPhone)},
                    {u"name"_s, u"Thandi"_s},
                    {u"type"_s, name.isEmpty() ? u"image"_s : u"document"_s},
                    {u"filename"_s, name},
                    {u"mime"_s, QString::fromLatin1(mime)},
                    {u"file"_s, QString::fromLatin1(file.toBase64())}})[u"media"_s]
        .toString()
        .toLatin1();
}

std::vector<phone::ChatMessage> ChannelFixture::sentToCustomer()
{
    std::vector<phone::ChatMessage> sent;
    for (const phone::ChatMessage& message : phone->chats().all()) {
        if (!message.fromCustomer)
            sent.push_back(message);
    }
    return sent;
}

std::vector<Seen> ChannelFixture::entries()
{
    const auto seen = read<std::vector<Seen>>([](StoreReader& reader) -> Result<std::vector<Seen>> {
        std::vector<ScopeId> scopes;
        const auto rows = reader.access().scopes();
        if (!rows)
            return tl::unexpected(rows.error());
        for (const ScopeRow& row : *rows)
            scopes.push_back(row.scope.scope);
        scopes.push_back(reader.organisation().everyone);
        const auto head = reader.feed().head();
        if (!head)
            return tl::unexpected(head.error());
        std::vector<Seen> found;
        quint64 from = 0;
        for (bool more = true; more;) {
            const auto page = reader.feed().entriesAfter(scopes, from, head->size, 500, 16 * 1024 * 1024);
            if (!page)
                return tl::unexpected(page.error());
            for (const FeedEntry& entry : page->entries)
                found.push_back({entry.thread, entry.entry, entry.threadSeq,
                                 domain::parseContent(entry.kind, entry.content.value_or(QByteArray()))});
            from = page->scannedTo;
            more = page->more;
        }
        return found;
    });
    INFO((seen ? std::string() : seen.error().text.toStdString()));
    REQUIRE(seen);
    return *seen;
}

qint64 ChannelFixture::inboxCount(InboxState state)
{
    const auto count = read<qint64>([state](StoreReader& reader) { return reader.inbox().count(state); });
    REQUIRE(count);
    return *count;
}

qint64 ChannelFixture::jobs(JobKind kind)
{
    const auto count = read<qint64>([kind](StoreReader& reader) {
        return kind == JobKind::send ? reader.sends().count() : reader.media().count();
    });
    REQUIRE(count);
    return *count;
}

EntryId ChannelFixture::reply(const ThreadId& thread, domain::AgentReply content)
{
    const EntryToAppend entry = centralEntry(clock, random, thread, domain::Kind::agentReply, domain::toJson(content));
    AppendBatch batch;
    batch.entries = {entry};
    batch.after = [this, &entry](StoreWriter& writer, std::span<const AppendResult> results) -> Status {
        if (results.front().outcome != AppendResult::Outcome::accepted)
            return fail(ErrorCode::internal, u"The reply was not taken."_s);
        return channels->accepted(writer, entry, results.front());
    };
    std::promise<bool> done;
    store->append(std::move(batch), [&done](const auto& results) { done.set_value(results.has_value()); });
    REQUIRE(done.get_future().get());
    channels->committed();
    return entry.author.entryId;
}

EntryId ChannelFixture::reply(const ThreadId& thread, const QString& text)
{
    domain::AgentReply content;
    content.text = text;
    return reply(thread, content);
}

domain::Attachment ChannelFixture::putFile(const ThreadId& thread, const QByteArray& bytes, const QString& mime,
                                           const QString& name)
{
    const domain::Attachment file{random.id<BlobId>(), bytes.size(), mime, name, sha256({bytes})};
    const auto begun = write<BlobFacts>([&](StoreWriter& writer) {
        return writer.blobs().begin({file.id, thread, file.size, mime, *file.sha256, 0, false});
    });
    REQUIRE(begun);
    for (qint64 i = 0; i * blobChunkBytes < bytes.size(); ++i) {
        std::promise<bool> put;
        store->putBlobChunk(file.id, i, bytes.mid(i * blobChunkBytes, blobChunkBytes),
                            [&put](const Result<BlobFacts>& facts) { put.set_value(facts.has_value()); });
        REQUIRE(put.get_future().get());
    }
    return file;
}

ThreadId ChannelFixture::openConversation()
{
    (void)customerWrites(u"Hello"_s);
    ThreadId thread;
    REQUIRE(eventually([this, &thread] {
        for (const Seen& one : entries()) {
            if (std::holds_alternative<domain::CustomerMessage>(one.content))
                thread = one.thread;
        }
        return !thread.isNull();
    }));
    return thread;
}

std::vector<domain::DeliveryUpdate> ChannelFixture::deliveries(const EntryId& message)
{
    std::vector<domain::DeliveryUpdate> found;
    for (const domain::DeliveryUpdate& update : all<domain::DeliveryUpdate>()) {
        if (update.message == message)
            found.push_back(update);
    }
    return found;
}

} // namespace holdfast::test
