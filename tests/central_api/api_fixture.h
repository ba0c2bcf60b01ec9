// Central's internal API over a real embedded store and real sockets.
#pragma once

#include "central/api/internal_api.h"
#include "central/http/client.h"
#include "central/http/server.h"
#include "central/store/epoch.h"
#include "models/base/clock.h"
#include "models/base/random.h"
#include "models/log/signing.h"
#include "tests/support/postgres.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

#include <deque>
#include <future>
#include <memory>

namespace holdfast::test {

// Runs ahead of the system's clock by what a test adds.
class ShiftedClock : public Clock
{
public:
    [[nodiscard]] Timestamp now() const override { return Timestamp{system_.now().value + shift_}; }
    void advance(qint64 seconds) { shift_ += seconds * 1'000'000; }

private:
    SystemClock system_;
    std::atomic<qint64> shift_{0};
};

struct Answer
{
    int status = 0;
    QJsonObject body;
    QByteArray raw;
};

// A signed-in person with an enrolled device.
struct Desk
{
    QString login;
    UserId user;
    QByteArray token;
    QByteArray refresh;
    std::shared_ptr<log::SigningKey> key;
    DeviceId device;
    quint64 nextSeq = 1;
};

struct ApiOptions
{
    bool postgres = false;
    api::FeedLimits feed;
    int readQueue = 4096;
};

class ApiFixture : public api::AcceptedListener
{
public:
    explicit ApiFixture(ApiOptions options = {});
    ~ApiFixture() override;

    // One central: store, API and listener. The first one always runs; with PostgreSQL there may be more.
    struct Instance
    {
        std::unique_ptr<store::Store> store;
        std::unique_ptr<api::PasswordHasher> hasher;
        std::unique_ptr<api::SignInThrottle> throttle;
        std::unique_ptr<api::InternalApi> api;
        std::unique_ptr<http::Server> server;
        void stop();
    };
    [[nodiscard]] Instance& first() { return instances_.front(); }
    [[nodiscard]] Instance& addInstance();
    [[nodiscard]] bool isPostgres() const { return options_.postgres; }
    void restart(); // the first one, anew
    // A copy of the embedded store, and going back to it: what central does after "epoch begin".
    void backUp();
    [[nodiscard]] store::BegunEpoch restore();

    [[nodiscard]] Answer callAt(const Instance& instance, const QByteArray& method, const QString& path,
                                const QJsonObject& body, const QByteArray& token = {}, const QByteArray& range = {});
    // Without waiting for it. The status is 0 when no answer came.
    [[nodiscard]] std::future<Answer> postLater(const Instance& instance, const QString& path, const QJsonObject& body,
                                                const QByteArray& token);

    [[nodiscard]] Answer call(const QByteArray& method, const QString& path, const QJsonObject& body,
                              const QByteArray& token = {}, const QByteArray& range = {})
    {
        return callAt(first(), method, path, body, token, range);
    }
    [[nodiscard]] Answer post(const QString& path, const QJsonObject& body, const QByteArray& token = {})
    {
        return call("POST", path, body, token);
    }
    [[nodiscard]] Answer callRaw(const QByteArray& method, const QString& path, const QByteArray& body,
                                 const QByteArray& token = {});
    [[nodiscard]] Answer postRaw(const QString& path, const QByteArray& body, const QByteArray& token = {})
    {
        return callRaw("POST", path, body, token);
    }

    [[nodiscard]] QByteArray url() { return "http://127.0.0.1:" + QByteArray::number(first().server->port()); }
    [[nodiscard]] QByteArray adminToken();
    void addUser(const QString& login, const QString& role = QStringLiteral("agent"));
    [[nodiscard]] ScopeId addTeam(const QString& name, const QStringList& members);
    [[nodiscard]] ThreadId addRoom(const QString& scope, const QString& title);
    [[nodiscard]] Desk signIn(const QString& login);
    [[nodiscard]] Desk signInUnbound(const QString& login); // with a key whose device is not enrolled yet
    // Asks to bind desk's token to desk's device; `signer` makes the proof.
    [[nodiscard]] Answer enrol(const Desk& desk, const log::SigningKey& signer);
    // A customer's case in a scope, opened by central, with one message.
    [[nodiscard]] ThreadId addCase(const ScopeId& scope);
    void customerWrites(const ThreadId& thread, const QString& text, const QString& providerId = {});
    void append(store::EntryToAppend entry); // and is accepted
    template <typename T>
    [[nodiscard]] T read(std::function<Result<T>(store::StoreReader&)> job)
    {
        std::promise<Result<T>> promise;
        store->read<T>(std::move(job), [&promise](Result<T> result) { promise.set_value(std::move(result)); });
        return promise.get_future().get().value();
    }

    [[nodiscard]] QJsonObject entry(Desk& desk, const ThreadId& thread, domain::Kind kind, const QByteArray& content);
    [[nodiscard]] QJsonObject push(Desk& desk, const QJsonObject& entry); // the first result

    Status accepted(store::StoreWriter&, const store::EntryToAppend& entry, const store::AppendResult&) override;
    void committed() override { ++commits; }
    std::vector<Counter> counters() const override { return {{"holdfast_test_counter_total", "Of tests.", 7}}; }

    ShiftedClock clock;
    SystemRandom random;
    store::Store* store = nullptr; // of the first central
    std::atomic<int> acceptedReplies{0};
    Timestamp cutAt; // of the last restart
    std::atomic<int> commits{0};
    std::optional<Error> channelFails; // what the channel answers instead of taking a reply

private:
    const ApiOptions options_;
    QTemporaryDir folder_;
    std::unique_ptr<TemporaryPostgres> postgres_;
    [[nodiscard]] store::StoreConfig configOf(const QString& anchor) const;
    void open(Instance& instance, const QString& anchor);
    std::deque<Instance> instances_;
    std::unique_ptr<http::Client> client_;
    QByteArray adminToken_;
};

} // namespace holdfast::test
