// The keys of threads, by generation: wrapped in the store, unwrapped in a small cache per connection.
#pragma once

#include "central/store/keyring.h"
#include "models/base/ids.h"
#include "storage/sql/connection.h"

#include <span>
#include <unordered_map>
#include <vector>

namespace holdfast::store {

struct ThreadKey
{
    qint64 generation = 0;
    QByteArray key;
};

// Used on the thread of its connection only.
class ThreadKeys
{
public:
    ThreadKeys(const Keyring& keyring, RandomSource& random, size_t limit = 16384)
        : keyring_(keyring), random_(random), limit_(limit)
    {}
    ~ThreadKeys() { forget(); }
    ThreadKeys(const ThreadKeys&) = delete;
    ThreadKeys& operator=(const ThreadKeys&) = delete;

    // The newest generation; notFound when the thread has none (it was erased, or never had content).
    [[nodiscard]] Result<ThreadKey> newest(sql::Connection& db, const ThreadId& thread);
    [[nodiscard]] Result<QByteArray> ofGeneration(sql::Connection& db, const ThreadId& thread, qint64 generation);
    // Loads the newest keys of all `threads` at once and makes generation 1 for those that have none.
    [[nodiscard]] Status prepare(sql::WriteConnection& db, std::span<const ThreadId> threads);
    // A new generation beside the present ones; from here on it is the newest.
    [[nodiscard]] Result<ThreadKey> beginGeneration(sql::WriteConnection& db, const ThreadId& thread);
    // What is sealed under older ones can never be opened again.
    [[nodiscard]] Status destroyBelow(sql::WriteConnection& db, const ThreadId& thread, qint64 generation);
    // After a rollback: keys made in it must not be used again.
    void forget();

private:
    [[nodiscard]] Result<QByteArray> unwrap(const ThreadId& thread, qint64 generation, qint64 kekEpoch,
                                            const QByteArray& wrapped) const;
    void remember(const ThreadId& thread, const ThreadKey& key);

    const Keyring& keyring_;
    RandomSource& random_;
    const size_t limit_; // of the cache; one call of prepare() may go beyond it
    std::unordered_map<ThreadId, ThreadKey> newest_;
};

} // namespace holdfast::store
