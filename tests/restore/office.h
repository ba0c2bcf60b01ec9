// A central of either dialect on loopback that can be stopped, copied and restored, and its one customer's case.
#pragma once

#include "central/api/internal_api.h"
#include "central/http/server.h"
#include "central/store/epoch.h"
#include "tests/support/postgres.h"

#include <QTemporaryDir>
#include <QUrl>

#include <memory>

namespace holdfast::test {

enum class Dialect { embedded, postgres };

class Office : public api::AcceptedListener
{
public:
    explicit Office(Dialect dialect);
    ~Office() override;

    void start();
    void stop();
    void backUp();           // of a stopped central
    void putBackupInPlace(); // likewise; keys and anchor stay
    void loseAnchor();
    [[nodiscard]] std::optional<QString> fault() { return store_->fault(); }
    [[nodiscard]] Result<void> opens(); // whether the store would let central start
    [[nodiscard]] store::BegunEpoch beginEpoch();

    [[nodiscard]] EntryId customerWrites(const QString& text);
    [[nodiscard]] QList<EntryId> entriesOfThread();
    [[nodiscard]] bool hasFile(const EntryId& reply, const QByteArray& bytes); // as the first of it
    [[nodiscard]] quint64 logSize();
    [[nodiscard]] bool verifies();
    [[nodiscard]] int incidents(); // in the audit
    void release();                // the devices that were held back
    [[nodiscard]] QUrl server() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port_)); }
    [[nodiscard]] ThreadId thread() const { return thread_; }

    Status accepted(store::StoreWriter&, const store::EntryToAppend& entry, const store::AppendResult&) override;
    void committed() override {}

    SystemClock clock;
    SystemRandom random;
    std::atomic<int> repliesToSend{0}; // what the send queue was given

private:
    void addPeople();
    void openCase();
    void append(std::vector<store::EntryToAppend> entries);

    QTemporaryDir folder_;
    std::unique_ptr<TemporaryPostgres> postgres_;
    store::StoreConfig config_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<api::PasswordHasher> hasher_;
    std::unique_ptr<api::SignInThrottle> throttle_;
    std::unique_ptr<api::InternalApi> api_;
    std::unique_ptr<http::Server> server_;
    quint16 port_ = 0;
    ThreadId thread_;
    ScopeId scope_;
};

} // namespace holdfast::test
