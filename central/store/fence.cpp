#include "central/store/fence.h"

#include "central/store/context.h"
#include "central/store/log_keys.h"
#include "central/store/settings.h"
#include "central/store/tree_reader.h"
#include "models/log/checkpoint.h"

#include <array>

namespace holdfast::store {

QString fenceSetting()
{
    return QStringLiteral("fence");
}

Error fencedError()
{
    return {
        ErrorCode::fenced,
        QStringLiteral("A desk has verified more of the log than this store holds: the store was restored from an "
                       "older backup. Nothing is appended until a new epoch begins (holdfast-admin epoch begin), or "
                       "the newer store is put back.")};
}

Result<bool> disproves(Context& context, const QByteArray& note)
{
    const Result<QByteArray> inForce = logKeyInForce(context.db);
    if (!inForce)
        return tl::unexpected<Error>(inForce.error());
    // Not the keys from before: somebody may have changed one because it was stolen.
    const std::array<QByteArray, 2> keys{*inForce, context.keys.logKey().publicKey()};
    const Result<log::Checkpoint> checkpoint = log::openCheckpoint(note, keys);
    if (!checkpoint || checkpoint->org != context.organisation.id)
        return false;
    sql::Statement head = context.db.statement(QStringLiteral("SELECT epoch, size FROM log_head WHERE id = 1"));
    const Result<bool> found = head.first();
    if (!found)
        return tl::unexpected<Error>(found.error());
    const Epoch epoch = head.strong<Epoch>(0);
    if (checkpoint->epoch != epoch)
        return checkpoint->epoch > epoch; // what an earlier epoch had above the restored point is settled
    if (checkpoint->size > quint64(head.int64(1)))
        return true;
    const Result<Digest> root = rootAtSize(context.db, checkpoint->size);
    if (!root)
        return tl::unexpected<Error>(root.error());
    return *root != checkpoint->root;
}

Status raiseFence(Context& context, const QByteArray& note)
{
    const Result<bool> disproved = disproves(context, note);
    if (!disproved)
        return tl::unexpected<Error>(disproved.error());
    return *disproved ? SettingWrites(context).set(fenceSetting(), note) : Status();
}

Result<QByteArray> raisedFence(sql::Connection& db)
{
    sql::Statement query = db.statement(QStringLiteral("SELECT value FROM setting WHERE name = ?"));
    const Result<bool> found = query.first(fenceSetting());
    if (!found)
        return tl::unexpected<Error>(found.error());
    return *found ? query.bytes(0) : QByteArray();
}

Status lowerFence(sql::Connection& db)
{
    return db.statement(QStringLiteral("DELETE FROM setting WHERE name = ?")).exec(fenceSetting());
}

} // namespace holdfast::store
