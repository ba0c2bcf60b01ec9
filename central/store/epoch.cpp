#include "central/store/epoch.h"

#include "central/store/anchor.h"
#include "central/store/checkpointer.h"
#include "central/store/epoch_list.h"
#include "central/store/fence.h"
#include "central/store/log_keys.h"
#include "central/store/open_database.h"
#include "central/store/organisation_rows.h"
#include "central/store/schema.h"
#include "central/store/settings.h"
#include "storage/sql/transaction.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::store {

namespace {

// `witnessed`: a desk told, so central may have appended to the restored log before, and desks cannot know from where
// on.
QByteArray contentOf(const BegunEpoch& begun, const QByteArray& anchor, bool witnessed)
{
    QJsonObject object{
        {QStringLiteral("anchor"), QString::fromUtf8(anchor)}, // evidence of what was above
        {QStringLiteral("epoch"), static_cast<qint64>(begun.from.value)},
        {QStringLiteral("root"), QString::fromLatin1(begun.root.toBytes().toHex())},
        {QStringLiteral("size"), static_cast<qint64>(begun.size)},
    };
    if (witnessed)
        object.insert(QStringLiteral("witnessed"), true);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Status noteBeginning(Context& context, const BegunEpoch& begun)
{
    SettingWrites settings(context);
    const Result<std::optional<QByteArray>> known = settings.value(epochListSetting());
    if (!known)
        return tl::unexpected<Error>(known.error());
    std::vector<EpochBeginning> list = parseEpochList(known->value_or(QByteArray()));
    list.push_back({begun.epoch, Position{begun.size}});
    return settings.set(epochListSetting(), formatEpochList(list));
}

// The entry that begins the epoch is the first of it, at the position that is the prefix's size.
Status commitBeginning(Context& context, LogWriter& writer, BegunEpoch& begun, const QByteArray& anchor, bool witnessed)
{
    Result<sql::Transaction> transaction = sql::Transaction::begin(*context.writer);
    if (!transaction)
        return tl::unexpected<Error>(transaction.error());
    sql::Statement raise =
        context.db.statement(QStringLiteral("UPDATE log_head SET epoch = ? WHERE id = 1 AND epoch = ?"));
    if (const Status raised = raise.exec(begun.epoch, begun.from); !raised)
        return raised;
    if (raise.affected() != 1)
        return fail(ErrorCode::conflict, QStringLiteral("Somebody else began an epoch just now. Start central."));
    if (const Status lowered = lowerFence(context.db); !lowered)
        return lowered;
    if (const Status locked = writer.lockHead(); !locked)
        return locked;
    begun.size = writer.tree().size();
    begun.root = writer.tree().root();
    const EntryToAppend entry = centralEntry(context.clock, context.random, context.organisation.logThread,
                                             domain::Kind::epochBegan, contentOf(begun, anchor, witnessed));
    const EntryToAppend* const entries[] = {&entry};
    const Result<std::vector<AppendResult>> staged = writer.stage(entries);
    if (!staged)
        return tl::unexpected<Error>(staged.error());
    if (staged->front().outcome != AppendResult::Outcome::accepted)
        return fail(ErrorCode::corrupt, QStringLiteral("The log's own thread is missing. Verify the store."));
    if (const Status flushed = writer.flush(); !flushed)
        return flushed;
    if (const Status finished = writer.finish(); !finished)
        return finished;
    if (const Status noted = noteBeginning(context, begun); !noted)
        return noted;
    if (const Status committed = transaction->commit(); !committed)
        return committed;
    writer.committed();
    return {};
}

// A desk's checkpoint is as good as the anchor, and may be newer. Answers whether there is one.
Result<bool> takeWitnessed(sql::Connection& db, const std::vector<QByteArray>& logKeys, AnchorStanding& standing)
{
    Result<QByteArray> note = raisedFence(db);
    if (!note)
        return tl::unexpected<Error>(note.error());
    if (note->isEmpty())
        return false;
    const Result<log::Checkpoint> checkpoint = log::openCheckpoint(*note, logKeys);
    if (!checkpoint)
        return tl::unexpected<Error>(checkpoint.error());
    standing.behind = true;
    if (std::pair(checkpoint->epoch, checkpoint->size) > std::pair(standing.anchored.epoch, standing.anchored.size)) {
        standing.anchored = *checkpoint;
        standing.note = std::move(*note);
    }
    return true;
}

} // namespace

Result<BegunEpoch> beginEpoch(const StoreConfig& config, Clock& clock, RandomSource& random)
{
    const Result<Keyring> keys = Keyring::load(config.keyDirectory, config.signerFile);
    if (!keys)
        return tl::unexpected<Error>(keys.error());
    const Result<OpenDatabase> open = openDatabase(config, *keys, sql::OpenMode::mustExist);
    if (!open)
        return tl::unexpected<Error>(open.error());
    const Result<std::unique_ptr<sql::WriteConnection>> db = open->database->openWriter();
    if (!db)
        return tl::unexpected<Error>(db.error());
    const std::vector<sql::Migration> steps = migrations(open->database->dialect());
    if (const Status migrated = sql::migrate(**db, steps); !migrated)
        return tl::unexpected<Error>(migrated.error());
    if (const Status durable = (*db)->setDurability(sql::Durability::full); !durable)
        return tl::unexpected<Error>(durable.error());
    Result<Organisation> organisation = loadOrganisation(**db);
    if (!organisation)
        return tl::unexpected<Error>(organisation.error());

    const Anchor anchor(anchorPath(config));
    const Result<std::vector<QByteArray>> logKeys = knownLogKeys(**db, *keys);
    if (!logKeys)
        return tl::unexpected<Error>(logKeys.error());
    Result<AnchorStanding> standing = anchor.standing(**db, organisation->id, *logKeys);
    if (!standing)
        return tl::unexpected<Error>(standing.error());
    const Result<bool> witnessed = takeWitnessed(**db, *logKeys, *standing);
    if (!witnessed)
        return tl::unexpected<Error>(witnessed.error());
    if (!standing->behind)
        return fail(ErrorCode::conflict, QStringLiteral("The store is not behind its last signed checkpoint, so no new "
                                                        "epoch is needed. Nothing was changed; start central."));
    BegunEpoch begun;
    begun.from = organisation->epoch;
    begun.epoch = Epoch{std::max(begun.from, standing->anchored.epoch).value + 1};
    organisation->epoch = begun.epoch;
    ThreadKeys threadKeys(*keys, random);
    Context context{**db, db->get(), *keys, threadKeys, *organisation, clock, random};
    LogWriter writer(context);
    if (const Status committed = commitBeginning(context, writer, begun, standing->note, *witnessed); !committed)
        return tl::unexpected<Error>(committed.error());
    HeadsKeeper heads(organisation->logThread);
    if (const Result<QByteArray> note =
            Checkpointer(context, writer, heads, anchor, DailyAnchor(config.anchorDirectory)).run();
        !note)
        return tl::unexpected<Error>(note.error());
    begun.lost = standing->anchored.size > begun.size ? standing->anchored.size - begun.size : 0;
    return begun;
}

} // namespace holdfast::store
