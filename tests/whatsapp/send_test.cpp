#include "central/channels/whatsapp/error_classes.h"
#include "central/channels/whatsapp/send_job.h"
#include "tests/support/store_tables.h"
#include "tests/whatsapp/channel_fixture.h"

#include <catch2/generators/catch_generators.hpp>

using namespace holdfast;
using namespace holdfast::test;
using namespace Qt::StringLiterals;
using domain::DeliveryStatus;
using store::InboxState;
using store::JobKind;

namespace {

Dialect anyDialect()
{
    const Dialect dialect = GENERATE(Dialect::embedded, Dialect::postgres);
    if (dialect == Dialect::postgres && !havePostgres())
        SKIP("HOLDFAST_TEST_PG names no PostgreSQL.");
    return dialect;
}

std::vector<DeliveryStatus> wordsOf(const std::vector<domain::DeliveryUpdate>& updates)
{
    std::vector<DeliveryStatus> words;
    for (const domain::DeliveryUpdate& update : updates)
        words.push_back(update.status);
    std::sort(words.begin(), words.end());
    return words;
}

bool reached(ChannelFixture& fixture, const EntryId& message, DeliveryStatus status)
{
    return eventually([&] {
        const auto updates = wordsOf(fixture.deliveries(message));
        return std::find(updates.begin(), updates.end(), status) != updates.end();
    });
}

// A provider that answers when it is told to. Later uploads are answered at once.
class SlowProvider
{
public:
    SlowProvider()
    {
        http::Router router;
        router.add("POST", "/v25.0/{number}/media", [this](const http::Request&, const http::Responder& responder) {
            const std::lock_guard lock(mutex_);
            if (++uploads_ == 1)
                upload_ = responder;
            else
                responder.respond(http::Response::json(200, "{\"id\":\"media-2\"}"));
        });
        router.add("POST", "/v25.0/{number}/messages", [this](const http::Request&, const http::Responder& responder) {
            const std::lock_guard lock(mutex_);
            ++messages_;
            held_.push_back(responder);
            if (open_)
                answerHeld();
        });
        server_ = std::make_unique<http::Server>(http::ServerOptions(), std::move(router));
        REQUIRE(server_->start());
    }
    ~SlowProvider() { server_->stop(); }
    SlowProvider(const SlowProvider&) = delete;
    SlowProvider& operator=(const SlowProvider&) = delete;

    [[nodiscard]] QString url() const { return u"http://127.0.0.1:%1"_s.arg(server_->port()); }
    [[nodiscard]] int uploads() const
    {
        const std::lock_guard lock(mutex_);
        return uploads_;
    }
    [[nodiscard]] int messages() const
    {
        const std::lock_guard lock(mutex_);
        return messages_;
    }
    void answerUpload()
    {
        const std::lock_guard lock(mutex_);
        upload_->respond(http::Response::json(200, "{\"id\":\"media-1\"}"));
    }
    void answerMessages()
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
        answerHeld();
    }

private:
    void answerHeld()
    {
        for (const http::Responder& responder : held_)
            responder.respond(http::Response::json(200, "{\"messages\":[{\"id\":\"wamid.slow\"}]}"));
        held_.clear();
    }

    mutable std::mutex mutex_;
    int uploads_ = 0;
    int messages_ = 0;
    bool open_ = false;
    std::optional<http::Responder> upload_;
    std::vector<http::Responder> held_;
    std::unique_ptr<http::Server> server_;
};

} // namespace

TEST_CASE("a reply goes out once and its ticks come back")
{
    ChannelFixture fixture(anyDialect());
    fixture.automaticStatuses({u"sent"_s, u"delivered"_s, u"read"_s});
    const ThreadId thread = fixture.openConversation();
    const EntryId message = fixture.reply(thread, u"Yes, it was paid today."_s);
    REQUIRE(reached(fixture, message, DeliveryStatus::read));
    const auto sent = fixture.sentToCustomer();
    REQUIRE(sent.size() == 1);
    CHECK(sent.front().text == u"Yes, it was paid today."_s);
    CHECK(sent.front().customer == customerPhone);
    CHECK_FALSE(sent.front().callbackData.isEmpty());
    const auto accepted = fixture.all<domain::ProviderAccepted>();
    REQUIRE(accepted.size() == 1);
    CHECK(accepted.front().message == message);
    CHECK(accepted.front().providerId.toLatin1() == sent.front().id);
    CHECK(fixture.jobs(JobKind::send) == 0);
    for (const domain::DeliveryUpdate& update : fixture.deliveries(message))
        CHECK(update.at.value > 0);
}

TEST_CASE("statuses out of order, twice and by repeated webhooks are logged once each")
{
    ChannelFixture fixture;
    fixture.automaticStatuses({u"read"_s, u"delivered"_s, u"sent"_s, u"read"_s, u"sent"_s});
    fixture.order("webhooks", {{u"kind"_s, u"duplicate"_s}, {u"count"_s, 20}});
    const ThreadId thread = fixture.openConversation();
    const EntryId message = fixture.reply(thread, u"Done."_s);
    REQUIRE(eventually(
        [&] { return fixture.inboxCount(InboxState::waiting) == 0 && fixture.inboxCount(InboxState::done) >= 12; }));
    const auto words = wordsOf(fixture.deliveries(message));
    CHECK(std::adjacent_find(words.begin(), words.end()) == words.end());
    CHECK(words.back() == DeliveryStatus::read);
    const auto now = fixture.read<std::optional<DeliveryStatus>>(
        [&](store::StoreReader& reader) { return reader.messages().delivery(message); });
    REQUIRE(now);
    CHECK(*now == DeliveryStatus::read);
    CHECK(fixture.all<domain::CustomerMessage>().size() == 1);
}

TEST_CASE("replies of one conversation go out in their order, also when WhatsApp asks to wait")
{
    ChannelFixture fixture;
    const ThreadId thread = fixture.openConversation();
    fixture.order("sends", {{u"kind"_s, u"refuse"_s}, {u"status"_s, 429}, {u"code"_s, 130429}, {u"count"_s, 2}});
    fixture.order("sends", {{u"kind"_s, u"slow"_s}, {u"ms"_s, 60}, {u"count"_s, 2}});
    fixture.order("sends", {{u"kind"_s, u"refuse"_s}, {u"status"_s, 400}, {u"code"_s, 131056}});
    QStringList expected;
    for (int i = 0; i < 8; ++i) {
        expected.append(u"Reply %1"_s.arg(i));
        (void)fixture.reply(thread, expected.back());
    }
    REQUIRE(eventually([&] { return fixture.sentToCustomer().size() == 8 && fixture.jobs(JobKind::send) == 0; }));
    QStringList sent;
    for (const phone::ChatMessage& message : fixture.sentToCustomer())
        sent.append(message.text);
    CHECK(sent == expected);
}

TEST_CASE("no answer, but the message went out: the status tells, and nothing is sent twice")
{
    ChannelFixture fixture(anyDialect());
    const auto* kind = GENERATE("timeout_after_accept", "cut_after_accept");
    fixture.stopChannel();
    fixture.rules.callTimeout = std::chrono::seconds(1);
    fixture.rules.uncertainWait = std::chrono::seconds(20);
    fixture.startChannel();
    const ThreadId thread = fixture.openConversation();
    fixture.order("sends", {{u"kind"_s, QString::fromLatin1(kind)}});
    const EntryId first = fixture.reply(thread, u"Only once"_s);
    const EntryId second = fixture.reply(thread, u"And then this"_s);
    REQUIRE(reached(fixture, first, DeliveryStatus::delivered));
    REQUIRE(reached(fixture, second, DeliveryStatus::delivered));
    const auto sent = fixture.sentToCustomer();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].text == u"Only once"_s);
    const auto words = wordsOf(fixture.deliveries(first));
    CHECK(std::count(words.begin(), words.end(), DeliveryStatus::failed) == 0);
    CHECK(fixture.all<domain::ProviderAccepted>().size() == 2);
}

TEST_CASE("no answer and no status: the agent is asked, and a late status still counts")
{
    ChannelFixture fixture;
    fixture.stopChannel();
    fixture.rules.callTimeout = std::chrono::seconds(1);
    fixture.rules.uncertainWait = std::chrono::seconds(1);
    fixture.startChannel();
    fixture.automaticStatuses({});
    const ThreadId thread = fixture.openConversation();
    fixture.order("sends", {{u"kind"_s, u"timeout_after_accept"_s}});
    const EntryId message = fixture.reply(thread, u"Did it arrive?"_s);
    REQUIRE(reached(fixture, message, DeliveryStatus::failed));
    CHECK(fixture.deliveries(message).back().mayRetry);
    const auto sent = fixture.sentToCustomer();
    REQUIRE(sent.size() == 1);
    (void)fixture.control("POST", "/control/messages/" + sent.front().id.toPercentEncoding() + "/status",
                          {{u"status"_s, u"delivered"_s}});
    REQUIRE(reached(fixture, message, DeliveryStatus::delivered));
    CHECK(fixture.sentToCustomer().size() == 1);
    CHECK(fixture.jobs(JobKind::send) == 0);
}

TEST_CASE("a server error is never answered by a second send")
{
    ChannelFixture fixture;
    const ThreadId thread = fixture.openConversation();
    fixture.order("sends", {{u"kind"_s, u"refuse"_s}, {u"status"_s, 500}, {u"code"_s, 131000}});
    const EntryId message = fixture.reply(thread, u"Perhaps"_s);
    const EntryId next = fixture.reply(thread, u"Surely"_s);
    REQUIRE(reached(fixture, message, DeliveryStatus::failed));
    CHECK(fixture.deliveries(message).front().mayRetry);
    REQUIRE(reached(fixture, next, DeliveryStatus::sent));
    const auto sent = fixture.sentToCustomer();
    REQUIRE(sent.size() == 1);
    CHECK(sent.front().text == u"Surely"_s);
}

TEST_CASE("killed in the middle of a call: the next process does not call again")
{
    ChannelFixture fixture;
    const ThreadId thread = fixture.openConversation();
    fixture.stopChannel();
    fixture.startChannel();
    fixture.channels->stop(); // takes replies into the queue, but sends nothing
    const EntryId message = fixture.reply(thread, u"In the air"_s);
    const auto calling = fixture.write<bool>([&](store::StoreWriter& writer) -> Result<bool> {
        const Timestamp soon{fixture.clock.now().value + 300'000};
        const Status claimed = writer.sends().claim(message, {}, whatsapp::sendWaiting, whatsapp::sendCalling, soon);
        if (!claimed)
            return tl::unexpected(claimed.error());
        return true;
    });
    REQUIRE(calling);
    fixture.stopChannel();
    fixture.startChannel();
    REQUIRE(reached(fixture, message, DeliveryStatus::failed));
    CHECK(fixture.deliveries(message).front().mayRetry);
    CHECK(fixture.sentToCustomer().empty());
}

TEST_CASE("a refusal for good is shown with its code, and the conversation goes on")
{
    ChannelFixture fixture;
    const ThreadId thread = fixture.openConversation();
    fixture.order("sends", {{u"kind"_s, u"refuse"_s}, {u"status"_s, 400}, {u"code"_s, 131026}});
    const EntryId refused = fixture.reply(thread, u"To nobody"_s);
    const EntryId token = fixture.reply(thread, QString(5'000, u'x'));
    const EntryId good = fixture.reply(thread, u"To you"_s);
    REQUIRE(reached(fixture, good, DeliveryStatus::sent));
    const auto updates = fixture.deliveries(refused);
    REQUIRE(updates.size() == 1);
    CHECK(updates.front().status == DeliveryStatus::failed);
    CHECK(updates.front().errorCode == 131026);
    CHECK_FALSE(updates.front().mayRetry);
    CHECK_FALSE(updates.front().errorText.isEmpty());
    CHECK(wordsOf(fixture.deliveries(token)) == std::vector{DeliveryStatus::failed});
    CHECK(fixture.sentToCustomer().size() == 1);
}

TEST_CASE("photos and documents go out with their words as a caption, and quote what they answer")
{
    ChannelFixture fixture(anyDialect());
    const ThreadId thread = fixture.openConversation();
    EntryId question;
    for (const Seen& one : fixture.entries()) {
        if (std::holds_alternative<domain::CustomerMessage>(one.content))
            question = one.entry;
    }
    const QByteArray photo = fixture.random.bytes(300'000);
    domain::AgentReply reply;
    reply.text = u"Here is the form"_s;
    reply.replyTo = question;
    reply.attachments = {fixture.putFile(thread, photo, u"image/png"_s, u"form.png"_s),
                         fixture.putFile(thread, QByteArray("%PDF-1.4"), u"application/pdf"_s, u"form.pdf"_s)};
    const EntryId message = fixture.reply(thread, reply);
    REQUIRE(eventually([&] { return fixture.sentToCustomer().size() == 2; }));
    REQUIRE(reached(fixture, message, DeliveryStatus::delivered));
    const auto sent = fixture.sentToCustomer();
    CHECK(sent[0].type == "image");
    CHECK(sent[0].text == u"Here is the form"_s);
    CHECK(sent[0].replyTo.startsWith("wamid."));
    CHECK(fixture.phone->media().find(sent[0].mediaId)->bytes == photo);
    CHECK(sent[1].type == "document");
    CHECK(sent[1].fileName == u"form.pdf"_s);
    CHECK(sent[1].text.isEmpty());
    CHECK(fixture.all<domain::ProviderAccepted>().size() == 2);
    CHECK(wordsOf(fixture.deliveries(message)) ==
          std::vector{DeliveryStatus::queued, DeliveryStatus::sent, DeliveryStatus::delivered});
}

TEST_CASE("two centrals on one store: a reply with a slow file goes out once")
{
    ChannelFixture fixture(anyDialect());
    const ThreadId thread = fixture.openConversation();
    SlowProvider provider;
    fixture.stopChannel();
    fixture.graphUrl = provider.url();
    fixture.startChannel();
    domain::AgentReply reply;
    reply.text = u"The form"_s;
    reply.attachments = {fixture.putFile(thread, QByteArray("%PDF-1.4"), u"application/pdf"_s, u"form.pdf"_s)};
    const EntryId message = fixture.reply(thread, reply);
    REQUIRE(eventually([&] { return provider.uploads() == 1; })); // which is not answered yet

    whatsapp::Channels other(*fixture.store, {fixture.number()}, fixture.rules);
    other.start();
    const auto job = [&] {
        const auto found = fixture.read<std::optional<store::Job>>(
            [&](store::StoreReader& reader) { return reader.sends().job(message, {}); });
        REQUIRE(found);
        return found->value_or(store::Job());
    };
    // Either it is leased to the first, or the other one has begun to call.
    REQUIRE(eventually([&] { return job().state == whatsapp::sendUploading || provider.messages() == 1; }));
    provider.answerUpload();
    REQUIRE(eventually([&] { return job().state == whatsapp::sendCalling && job().payload.contains("media-1"); }));
    provider.answerMessages();
    REQUIRE(eventually([&] { return fixture.jobs(JobKind::send) == 0; }));
    other.stop();
    fixture.stopChannel();
    CHECK(provider.messages() == 1);
}

TEST_CASE("a file whose upload was cut off by the end of the process is sent by the next one")
{
    ChannelFixture fixture;
    const ThreadId thread = fixture.openConversation();
    fixture.channels->stop(); // takes replies into the queue, but sends nothing
    domain::AgentReply reply;
    reply.attachments = {fixture.putFile(thread, QByteArray("%PDF-1.4"), u"application/pdf"_s, u"form.pdf"_s)};
    const EntryId message = fixture.reply(thread, reply);
    REQUIRE(fixture.write<void>([&](store::StoreWriter& writer) {
        return writer.sends().claim(message, {}, whatsapp::sendWaiting, whatsapp::sendUploading, fixture.clock.now());
    }));
    fixture.stopChannel();
    fixture.startChannel();
    REQUIRE(reached(fixture, message, DeliveryStatus::sent));
    CHECK(fixture.sentToCustomer().size() == 1);
}

TEST_CASE("one damaged order to send fails with words, and the next reply goes out")
{
    ChannelFixture fixture(Dialect::postgres);
    const ThreadId thread = fixture.openConversation();
    fixture.channels->stop();
    const EntryId damaged = fixture.reply(thread, u"Lost"_s);
    StoreTables(fixture.config).flipBit(u"job"_s, u"sealed"_s);
    const EntryId next = fixture.reply(thread, u"Here"_s);
    fixture.stopChannel();
    fixture.startChannel();
    REQUIRE(reached(fixture, next, DeliveryStatus::sent));
    CHECK(wordsOf(fixture.deliveries(damaged)) == std::vector{DeliveryStatus::failed});
    REQUIRE(fixture.sentToCustomer().size() == 1);
    CHECK(fixture.sentToCustomer().front().text == u"Here"_s);
}

TEST_CASE("a status of a message that is not ours waits a little, then is kept as a notice")
{
    ChannelFixture fixture;
    CHECK(fixture.postSigned(jsonOf(envelope({{u"statuses"_s, QJsonArray{statusOf(u"wamid.else"_s, u"sent"_s)}}})))
              .status == 200);
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 1; }));
    const auto seen = fixture.all<domain::CustomerMessage>();
    REQUIRE(seen.size() == 1);
    CHECK(seen.front().type == u"status"_s);
    CHECK(seen.front().unparsed[u"id"_s].toString() == u"wamid.else"_s);
}

TEST_CASE("error codes fall into the classes that decide about another send")
{
    using whatsapp::classOf;
    using whatsapp::ErrorClass;
    for (const int code : {4, 80007, 130429})
        CHECK(classOf(400, code) == ErrorClass::throttled);
    CHECK(classOf(400, 131056) == ErrorClass::pairLimit);
    CHECK(classOf(429, 0) == ErrorClass::throttled);
    for (const int code : {1, 2, 131000, 131016, 131057, 133004})
        CHECK(classOf(400, code) == ErrorClass::uncertain);
    for (const int status : {500, 502, 503, 408, 200})
        CHECK(classOf(status, 0) == ErrorClass::uncertain);
    for (const int code : {131047, 131026, 131049, 131050, 131051, 132001, 100, 131008})
        CHECK(classOf(400, code) == ErrorClass::message);
    for (const int code : {190, 10, 200, 131031, 131042})
        CHECK(classOf(400, code) == ErrorClass::ours);
    CHECK_FALSE(whatsapp::mayRetry(131026));
    CHECK(whatsapp::mayRetry(190));
}
