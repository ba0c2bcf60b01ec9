// Central's internal API over a real embedded store and real sockets.
#pragma once

#include "central/api/internal_api.h"
#include "central/http/client.h"
#include "central/http/server.h"
#include "models/base/clock.h"
#include "models/base/random.h"
#include "models/log/signing.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

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

class ApiFixture : public api::AcceptedListener
{
public:
    ApiFixture();
    ~ApiFixture() override;

    [[nodiscard]] Answer call(const QByteArray& method, const QString& path, const QJsonObject& body,
                              const QByteArray& token = {}, const QByteArray& range = {});
    [[nodiscard]] Answer post(const QString& path, const QJsonObject& body, const QByteArray& token = {})
    {
        return call("POST", path, body, token);
    }
    [[nodiscard]] Answer postRaw(const QString& path, const QByteArray& body, const QByteArray& token = {});

    [[nodiscard]] QByteArray adminToken();
    void addUser(const QString& login, const QString& role = QStringLiteral("agent"));
    [[nodiscard]] ScopeId addTeam(const QString& name, const QStringList& members);
    [[nodiscard]] ThreadId addRoom(const QString& scope, const QString& title);
    [[nodiscard]] Desk signIn(const QString& login);
    // A customer's case in a scope, opened by central, with one message.
    [[nodiscard]] ThreadId addCase(const ScopeId& scope);
    void customerWrites(const ThreadId& thread, const QString& text);

    [[nodiscard]] QJsonObject entry(Desk& desk, const ThreadId& thread, domain::Kind kind, const QByteArray& content);
    [[nodiscard]] QJsonObject push(Desk& desk, const QJsonObject& entry); // the first result

    Status accepted(store::StoreWriter&, const store::EntryToAppend& entry, const store::AppendResult&) override;
    void committed() override {}

    ShiftedClock clock;
    SystemRandom random;
    std::unique_ptr<store::Store> store;
    std::atomic<int> acceptedReplies{0};

private:
    QTemporaryDir folder_;
    std::unique_ptr<api::PasswordHasher> hasher_;
    std::unique_ptr<api::SignInThrottle> throttle_;
    std::unique_ptr<api::InternalApi> api_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<http::Client> client_;
    QByteArray adminToken_;
};

} // namespace holdfast::test
