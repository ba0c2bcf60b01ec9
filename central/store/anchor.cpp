#include "central/store/anchor.h"

#include "central/store/tree_reader.h"
#include "storage/files/durable_file.h"

#include <QFile>

namespace holdfast::store {

Result<AnchorStanding> Anchor::standing(sql::Connection& db, const Organisation& organisation) const
{
    QFile file(path_);
    if (!file.exists())
        return AnchorStanding();
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::io, QStringLiteral("The anchor file %1 could not be read.").arg(path_));
    AnchorStanding standing;
    standing.note = file.read(64 * 1024);
    const Result<log::Checkpoint> anchored = log::openCheckpoint(standing.note, organisation.logPublicKey);
    if (!anchored || anchored->org != organisation.id) {
        return fail(ErrorCode::corrupt, QStringLiteral("The anchor file %1 is damaged or belongs to another log. Put "
                                                       "it back, or set it aside if you know that the store is whole.")
                                            .arg(path_));
    }
    standing.anchored = *anchored;
    sql::Statement query = db.statement(QStringLiteral("SELECT epoch, size FROM log_head WHERE id = 1"));
    const Result<bool> found = query.first();
    if (!found)
        return tl::unexpected<Error>(found.error());
    standing.behind = !*found || quint64(query.int64(1)) < anchored->size || query.strong<Epoch>(0) < anchored->epoch;
    if (standing.behind)
        return standing;
    const Result<Digest> root = rootAtSize(db, anchored->size);
    if (!root)
        return tl::unexpected<Error>(root.error());
    if (*root != anchored->root) {
        return fail(ErrorCode::fenced, QStringLiteral("The store has another history than its last signed "
                                                        "checkpoint. Nothing is appended. Verify the store."));
    }
    return standing;
}

Status Anchor::check(sql::Connection& db, const Organisation& organisation) const
{
    const Result<AnchorStanding> found = standing(db, organisation);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!found->behind)
        return {};
    return fail(ErrorCode::fenced,
                QStringLiteral("The store is behind its last signed checkpoint: it seems to be restored from an "
                               "older backup. Nothing is appended until a new epoch begins (holdfast-admin epoch "
                               "begin), or the newer store is put back."));
}

Status Anchor::write(const QByteArray& note) const
{
    const Status written = files::writeDurably(path_, note);
    if (written)
        return {};
    return fail(
        written.error().code,
        QStringLiteral("The anchor file %1 could not be written. Check the directory and the space on its disk.")
            .arg(path_));
}

} // namespace holdfast::store
