// A central store of either dialect for one test, and a desk that writes into it.
#pragma once

#include "central/store/store.h"
#include "models/log/signing.h"
#include "tests/support/postgres.h"
#include "tests/support/string_makers.h"

#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <future>
#include <memory>

namespace holdfast::test {

enum class Dialect { embedded, postgres };

// Waits for one completion of the store.
template <typename T>
[[nodiscard]] Result<T> await(const std::function<void(std::function<void(Result<T>)>)>& start)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    std::future<Result<T>> answer = promise->get_future();
    start([promise](Result<T> result) { promise->set_value(std::move(result)); });
    return answer.get();
}

class StoreFixture
{
public:
    explicit StoreFixture(Dialect dialect, bool initialise = true);
    ~StoreFixture();

    [[nodiscard]] store::Store& store() { return *store_; }
    [[nodiscard]] const store::StoreConfig& config() const { return config_; }
    [[nodiscard]] store::StoreConfig& config() { return config_; }
    [[nodiscard]] QString directory() const { return directory_.path(); }
    [[nodiscard]] QString databaseFile() const { return directory_.filePath(QStringLiteral("central.db")); }
    void open();
    void close() { store_.reset(); }
    // Of a closed store: as an operator copies it, and puts the copy back. Keys and anchor stay as they are.
    void backUp();
    void restore();

    [[nodiscard]] std::vector<store::AppendResult> append(std::vector<store::EntryToAppend> entries);
    [[nodiscard]] Result<std::vector<store::AppendResult>> tryAppend(store::AppendBatch batch);
    [[nodiscard]] QByteArray checkpoint();
    template <typename T>
    [[nodiscard]] Result<T> read(std::function<Result<T>(store::StoreReader&)> job)
    {
        return await<T>([&](auto done) { store_->read<T>(std::move(job), std::move(done)); });
    }
    template <typename T>
    [[nodiscard]] Result<T> write(std::function<Result<T>(store::StoreWriter&)> job)
    {
        return await<T>([&](auto done) { store_->write<T>(std::move(job), std::move(done)); });
    }

    // An open room in a scope of its own.
    struct Room
    {
        ThreadId thread;
        ScopeId scope;
    };
    [[nodiscard]] Room openRoom(const QString& title = QStringLiteral("Claims"));
    [[nodiscard]] store::EntryToAppend central(const ThreadId& thread, domain::Kind kind, const QByteArray& content);

    SystemClock clock;
    SystemRandom random;

private:
    QTemporaryDir directory_;
    std::unique_ptr<TemporaryPostgres> postgres_;
    store::StoreConfig config_;
    std::unique_ptr<store::Store> store_;
};

// A desk with a device key, enrolled by enrol().
class Desk
{
public:
    explicit Desk(StoreFixture& fixture);
    void enrol();
    [[nodiscard]] store::EntryToAppend write(const ThreadId& thread, domain::Kind kind, const QByteArray& content);
    [[nodiscard]] store::EntryToAppend say(const ThreadId& thread, const QString& text);
    [[nodiscard]] const log::SigningKey& key() const { return key_; }
    [[nodiscard]] DeviceId device() const { return log::deviceOf(key_.publicKey()); }
    [[nodiscard]] UserId user() const { return user_; }

private:
    StoreFixture& fixture_;
    log::SigningKey key_;
    UserId user_;
    quint64 lastSeq_ = 0;
};

} // namespace holdfast::test
