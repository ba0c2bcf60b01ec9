#include "central/store/thread_keys.h"

#include "central/store/aead.h"
#include "central/store/bulk.h"

#include <openssl/crypto.h>

#include <set>

namespace holdfast::store {

namespace {

QByteArray bindingOf(const ThreadId& thread, qint64 generation, quint64 kekEpoch)
{
    return "holdfast/thread-key/v1" + thread.toBytes() + bigEndian32(quint32(generation)) + bigEndian64(kekEpoch);
}

} // namespace

Result<QByteArray> ThreadKeys::unwrap(const ThreadId& thread, qint64 generation, qint64 kekEpoch,
                                      const QByteArray& wrapped) const
{
    // The wrapped key is still there, so that this is no erasure: somebody left a file behind.
    const Result<QByteArray> kek = keyring_.kek(quint64(kekEpoch));
    if (!kek)
        return fail(ErrorCode::corrupt, kek.error().text);
    return unseal(*kek, bindingOf(thread, generation, quint64(kekEpoch)), wrapped);
}

void ThreadKeys::remember(const ThreadId& thread, const ThreadKey& key)
{
    newest_.insert_or_assign(thread, key);
}

void ThreadKeys::forget()
{
    for (auto& [thread, key] : newest_)
        OPENSSL_cleanse(key.key.data(), size_t(key.key.size()));
    newest_.clear();
}

Result<ThreadKey> ThreadKeys::newest(sql::Connection& db, const ThreadId& thread)
{
    if (const auto found = newest_.find(thread); found != newest_.end())
        return found->second;
    sql::Statement query = db.statement(QStringLiteral(
        "SELECT generation, kek_epoch, wrapped FROM thread_key WHERE thread = ? ORDER BY generation DESC LIMIT 1"));
    const Result<bool> row = query.first(thread);
    if (!row)
        return tl::unexpected<Error>(row.error());
    if (!*row)
        return fail(ErrorCode::notFound, QStringLiteral("The thread has no key: its contents were erased."));
    const qint64 generation = query.int64(0);
    Result<QByteArray> key = unwrap(thread, generation, query.int64(1), query.bytes(2));
    if (!key)
        return tl::unexpected<Error>(key.error());
    ThreadKey made{generation, std::move(*key)};
    if (newest_.size() >= limit_)
        forget();
    remember(thread, made);
    return made;
}

Result<QByteArray> ThreadKeys::ofGeneration(sql::Connection& db, const ThreadId& thread, qint64 generation)
{
    const Result<ThreadKey> current = newest(db, thread);
    if (!current)
        return tl::unexpected<Error>(current.error());
    if (current->generation == generation)
        return current->key;
    sql::Statement query =
        db.statement(QStringLiteral("SELECT kek_epoch, wrapped FROM thread_key WHERE thread = ? AND generation = ?"));
    const Result<bool> row = query.first(thread, generation);
    if (!row)
        return tl::unexpected<Error>(row.error());
    if (!*row)
        return fail(ErrorCode::notFound, QStringLiteral("That generation of the thread's key was destroyed."));
    return unwrap(thread, generation, query.int64(0), query.bytes(1));
}

Status ThreadKeys::prepare(sql::WriteConnection& db, std::span<const ThreadId> threads)
{
    // Only here: what is forgotten in the middle would be taken for a thread without a key.
    if (newest_.size() + threads.size() > limit_)
        forget();
    std::set<ThreadId> missing;
    sql::JsonRows wanted;
    for (const ThreadId& thread : threads) {
        if (!newest_.contains(thread) && missing.insert(thread).second)
            wanted.row().add(thread);
    }
    if (missing.empty())
        return {};
    sql::Statement query = db.statement(db.choose(
        QStringLiteral("SELECT k.thread, k.generation, k.kek_epoch, k.wrapped FROM json_each(?) AS r "
                       "JOIN thread_key k ON k.thread = unhex(r.value->>0) ORDER BY k.generation"),
        QStringLiteral(
            "SELECT k.thread, k.generation, k.kek_epoch, k.wrapped FROM jsonb_array_elements(?::jsonb) AS r(value) "
            "JOIN thread_key k ON k.thread = decode(r.value->>0, 'hex') ORDER BY k.generation")));
    query.bind(0, wanted);
    Status unwrapped;
    const Status loaded = query.forEach([&](sql::Statement& row) {
        const auto thread = row.id<ThreadId>(0);
        Result<QByteArray> key = unwrap(thread, row.int64(1), row.int64(2), row.bytes(3));
        if (key)
            remember(thread, {row.int64(1), std::move(*key)});
        else
            unwrapped = tl::unexpected<Error>(key.error());
    });
    if (!loaded || !unwrapped)
        return loaded ? unwrapped : loaded;

    static const BulkInsert insert(
        QStringLiteral("thread_key"),
        {{"thread", Cell::bytes}, {"generation", Cell::number}, {"kek_epoch", Cell::number}, {"wrapped", Cell::bytes}});
    BulkRows made;
    for (const ThreadId& thread : missing) {
        if (newest_.contains(thread))
            continue;
        const QByteArray key = random_.bytes(aeadKeyBytes);
        const quint64 epoch = keyring_.kekEpoch();
        const Result<QByteArray> kek = keyring_.kek(epoch);
        if (!kek)
            return tl::unexpected<Error>(kek.error());
        made.row()
            .add(thread)
            .add(qint64(1))
            .add(qint64(epoch))
            .addBytes(seal(*kek, bindingOf(thread, 1, epoch), key, random_));
        remember(thread, {1, key});
    }
    return insert.run(db, made);
}

Result<ThreadKey> ThreadKeys::beginGeneration(sql::WriteConnection& db, const ThreadId& thread)
{
    const Result<ThreadKey> current = newest(db, thread);
    if (!current)
        return current;
    ThreadKey next{current->generation + 1, random_.bytes(aeadKeyBytes)};
    const quint64 epoch = keyring_.kekEpoch();
    const Result<QByteArray> kek = keyring_.kek(epoch);
    if (!kek)
        return tl::unexpected<Error>(kek.error());
    const Status stored =
        db.statement(
              QStringLiteral("INSERT INTO thread_key (thread, generation, kek_epoch, wrapped) VALUES (?, ?, ?, ?)"))
            .exec(thread, next.generation, epoch,
                  seal(*kek, bindingOf(thread, next.generation, epoch), next.key, random_));
    if (!stored)
        return tl::unexpected<Error>(stored.error());
    remember(thread, next);
    return next;
}

Status ThreadKeys::destroyBelow(sql::WriteConnection& db, const ThreadId& thread, qint64 generation)
{
    return db.statement(QStringLiteral("DELETE FROM thread_key WHERE thread = ? AND generation < ?"))
        .exec(thread, generation);
}

} // namespace holdfast::store
