// A phone, central's channel and a store, all over real sockets.
#pragma once

#include "central/channels/whatsapp/channels.h"
#include "central/http/client.h"
#include "central/http/server.h"
#include "phone/phone.h"
#include "tests/support/postgres.h"
#include "tests/support/string_makers.h"
#include "tests/whatsapp/samples.h"

#include <QJsonObject>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <future>

namespace holdfast::test {

enum class Dialect { embedded, postgres };

[[nodiscard]] bool havePostgres();

// Polls a condition of other threads for up to 30 s.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

struct Seen
{
    ThreadId thread;
    EntryId entry;
    ThreadSeq threadSeq;
    domain::Content content;
};

class ChannelFixture
{
public:
    explicit ChannelFixture(Dialect dialect = Dialect::embedded);
    ~ChannelFixture();

    static constexpr const char* secret = "test_app_secret";
    static constexpr const char* token = "access-for-tests";

    void startChannel();
    void stopChannel(); // the listener and the workers; the store stays

    // Of the phone
    [[nodiscard]] QJsonObject control(const QByteArray& method, const QByteArray& target, const QJsonObject& body = {});
    void order(const char* group, const QJsonObject& fault); // a fault
    void automaticStatuses(const QJsonArray& words);
    [[nodiscard]] QByteArray customerWrites(const QString& text);
    [[nodiscard]] QByteArray customerSends(const QByteArray& file, const QByteArray& mime, const QString& name = {});
    [[nodiscard]] std::vector<phone::ChatMessage> sentToCustomer();

    // Of the listener
    [[nodiscard]] http::ClientResponse request(http::ClientRequest request);
    [[nodiscard]] http::ClientResponse post(const QByteArray& body, const QByteArray& signature);
    [[nodiscard]] http::ClientResponse postSigned(const QByteArray& body);
    [[nodiscard]] static QByteArray signatureOf(const QByteArray& body);
    [[nodiscard]] QByteArray url() const;

    // Of the store
    [[nodiscard]] std::vector<Seen> entries();
    template <typename T>
    [[nodiscard]] std::vector<T> all()
    {
        std::vector<T> found;
        for (const Seen& one : entries()) {
            if (const auto* content = std::get_if<T>(&one.content))
                found.push_back(*content);
        }
        return found;
    }
    template <typename T>
    [[nodiscard]] Result<T> read(std::function<Result<T>(store::StoreReader&)> job)
    {
        std::promise<Result<T>> answer;
        store->read<T>(std::move(job), [&answer](Result<T> result) { answer.set_value(std::move(result)); });
        return answer.get_future().get();
    }
    template <typename T>
    [[nodiscard]] Result<T> write(std::function<Result<T>(store::StoreWriter&)> job)
    {
        std::promise<Result<T>> answer;
        store->write<T>(std::move(job), [&answer](Result<T> result) { answer.set_value(std::move(result)); });
        return answer.get_future().get();
    }
    [[nodiscard]] qint64 inboxCount(store::InboxState state);
    [[nodiscard]] qint64 jobs(store::JobKind kind);
    // As a desk's reply comes in: appended, and handed to the channel in the same transaction.
    [[nodiscard]] EntryId reply(const ThreadId& thread, domain::AgentReply reply);
    [[nodiscard]] EntryId reply(const ThreadId& thread, const QString& text);
    [[nodiscard]] domain::Attachment putFile(const ThreadId& thread, const QByteArray& bytes, const QString& mime,
                                             const QString& name);
    [[nodiscard]] ThreadId openConversation(); // a customer wrote; answers the case
    [[nodiscard]] std::vector<domain::DeliveryUpdate> deliveries(const EntryId& message);

    void addScope(const QString& name);

    // Of the configuration, for the next startChannel().
    QString phoneNumberId = QString::fromLatin1(numberId);
    QString intakeScope = QStringLiteral("Intake");
    QString graphUrl; // empty: the phone's
    [[nodiscard]] whatsapp::Number number() const;

    store::StoreConfig config;
    SystemClock clock;
    SystemRandom random;
    whatsapp::Rules rules;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<phone::Phone> phone;
    std::unique_ptr<whatsapp::Channels> channels;

private:
    QTemporaryDir directory_;
    std::unique_ptr<TemporaryPostgres> postgres_;
    std::unique_ptr<http::Server> server_;
    http::Client client_{http::ClientOptions{}};
};

} // namespace holdfast::test
