#include "storage/local/desk_settings.h"

#include "storage/local/attachment_state.h"
#include "storage/local/kept_drafts.h"
#include "storage/sql/transaction.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::local {
namespace {

const QString identityName = QStringLiteral("identity");
const QString putSql = QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?)"
                                      " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

QByteArray toJson(const DeskIdentity& identity)
{
    const QJsonObject object{
        {QStringLiteral("org"), identity.org.toHexString()},
        {QStringLiteral("organisation"), identity.organisation},
        {QStringLiteral("user"), identity.user.toHexString()},
        {QStringLiteral("name"), identity.userName},
        {QStringLiteral("login"), identity.login},
        {QStringLiteral("device"), identity.device.toHexString()},
        {QStringLiteral("seed"), QString::fromLatin1(identity.deviceSeed.toHex())},
        {QStringLiteral("log_key"), QString::fromLatin1(identity.logPublicKey.toHex())},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

std::optional<DeskIdentity> identityOf(const QByteArray& json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const auto text = [&object](QLatin1String name) { return object.value(name).toString(); };
    const auto org = OrgId::fromHex(QStringView(text(QLatin1String("org"))));
    const auto user = UserId::fromHex(QStringView(text(QLatin1String("user"))));
    const auto device = DeviceId::fromHex(QStringView(text(QLatin1String("device"))));
    if (!org || !user || !device)
        return std::nullopt;
    return DeskIdentity{*org,
                        text(QLatin1String("organisation")),
                        *user,
                        text(QLatin1String("name")),
                        text(QLatin1String("login")),
                        *device,
                        QByteArray::fromHex(text(QLatin1String("seed")).toLatin1()),
                        QByteArray::fromHex(text(QLatin1String("log_key")).toLatin1())};
}

Result<QByteArray> readSetting(sql::Connection& connection, const QString& name)
{
    sql::Statement select = connection.statement(QStringLiteral("SELECT value FROM setting WHERE name = ?"));
    const Result<bool> found = select.first(name);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? select.bytes(0) : QByteArray();
}

Status inTransaction(sql::WriteConnection& connection, sql::Durability durability, const std::function<Status()>& body)
{
    if (const Status set = connection.setDurability(durability); !set)
        return set;
    Result<sql::Transaction> transaction = sql::Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (const Status done = body(); !done)
        return done;
    return transaction->commit();
}

Status insertFault(sql::WriteConnection& connection, const Fault& fault, const QByteArray& evidence)
{
    return connection.statement(QStringLiteral("INSERT INTO fault (pos, what, evidence) VALUES (?, ?, ?)"))
        .exec(fault.pos, fault.what, evidence);
}

} // namespace

DeskSettings::DeskSettings(Database& database) : database_(database) {}

QFuture<Result<void>> DeskSettings::setIdentity(const DeskIdentity& identity)
{
    return database_.write<void>(Priority::normal, [identity](sql::WriteConnection& connection) -> Result<void> {
        return inTransaction(connection, sql::Durability::full, [&]() -> Status {
            const Result<QByteArray> old = readSetting(connection, identityName);
            if (!old)
                return tl::unexpected(old.error());
            const QByteArray json = toJson(identity);
            if (*old == json)
                return {};
            if (!old->isEmpty())
                return fail(ErrorCode::conflict, QStringLiteral("This desk already belongs to somebody."));
            return connection.statement(putSql).exec(identityName, json);
        });
    });
}

QFuture<Result<DeskIdentity>> DeskSettings::identity()
{
    return database_.read<DeskIdentity>([](sql::ReadConnection& connection) -> Result<DeskIdentity> {
        const Result<QByteArray> json = readSetting(connection, identityName);
        if (!json)
            return tl::unexpected(json.error());
        const std::optional<DeskIdentity> identity = identityOf(*json);
        if (!identity)
            return fail(ErrorCode::notFound, QStringLiteral("This desk was not set up to its end. Set it up again."));
        return *identity;
    });
}

QFuture<Result<QByteArray>> DeskSettings::cursor()
{
    return value(QStringLiteral("cursor"));
}

QFuture<Result<VerifiedCheckpoint>> DeskSettings::checkpoint()
{
    return database_.read<VerifiedCheckpoint>([](sql::ReadConnection& connection) -> Result<VerifiedCheckpoint> {
        sql::Statement select = connection.statement(
            QStringLiteral("SELECT note, size, epoch FROM checkpoint ORDER BY epoch DESC, size DESC LIMIT 1"));
        const Result<bool> found = select.first();
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("This desk has not verified the log yet."));
        return VerifiedCheckpoint{select.bytes(0), static_cast<quint64>(select.int64(1)), select.strong<Epoch>(2)};
    });
}

// The newest note of every epoch is kept: the old one is the evidence if central is restored to an earlier point.
QFuture<Result<void>> DeskSettings::setCheckpoint(const VerifiedCheckpoint& checkpoint)
{
    return database_.write<void>(Priority::normal, [checkpoint](sql::WriteConnection& connection) -> Result<void> {
        return inTransaction(connection, sql::Durability::normal, [&]() -> Status {
            const Status stored =
                connection
                    .statement(QStringLiteral("INSERT INTO checkpoint (size, epoch, note) VALUES (?, ?, ?)"
                                              " ON CONFLICT DO NOTHING"))
                    .exec(checkpoint.size, checkpoint.epoch, checkpoint.note);
            if (!stored)
                return stored;
            return connection.statement(QStringLiteral("DELETE FROM checkpoint WHERE epoch = ? AND size < ?"))
                .exec(checkpoint.epoch, checkpoint.size);
        });
    });
}

QFuture<Result<void>> DeskSettings::keepEvidence(const QByteArray& note, const Fault& fault)
{
    return database_.write<void>(Priority::normal, [note, fault](sql::WriteConnection& connection) -> Result<void> {
        return inTransaction(connection, sql::Durability::full,
                             [&]() -> Status { return insertFault(connection, fault, note); });
    });
}

QFuture<Result<std::optional<Fault>>> DeskSettings::firstFault()
{
    return database_.read<std::optional<Fault>>([](sql::ReadConnection& connection) -> Result<std::optional<Fault>> {
        sql::Statement select = connection.statement(QStringLiteral("SELECT pos, what FROM fault ORDER BY id LIMIT 1"));
        const Result<bool> found = select.first();
        if (!found)
            return tl::unexpected(found.error());
        return *found ? std::optional(Fault{select.strong<Position>(0), select.text(1)}) : std::nullopt;
    });
}

QFuture<Result<void>> DeskSettings::addFault(const Fault& fault)
{
    return keepEvidence({}, fault);
}

QFuture<Result<QList<HeldHead>>> DeskSettings::heads(const ThreadId& after, int limit)
{
    return database_.read<QList<HeldHead>>([after, limit](sql::ReadConnection& connection) -> Result<QList<HeldHead>> {
        QList<HeldHead> heads;
        sql::Statement select = connection.statement(QStringLiteral(
            "SELECT id, head_seq, head_leaf FROM thread WHERE id > ? AND head_seq > 0 ORDER BY id LIMIT ?"));
        select.bind(0, after);
        select.bind(1, limit);
        const Status read = select.forEach([&heads](sql::Statement& row) {
            heads.append({row.id<ThreadId>(0), row.strong<ThreadSeq>(1), row.digest(2)});
        });
        return read ? Result<QList<HeldHead>>(std::move(heads)) : tl::unexpected(read.error());
    });
}

QFuture<Result<std::optional<Digest>>> DeskSettings::leafAt(const ThreadId& thread, ThreadSeq threadSeq)
{
    return database_.read<std::optional<Digest>>(
        [thread, threadSeq](sql::ReadConnection& connection) -> Result<std::optional<Digest>> {
            sql::Statement select =
                connection.statement(QStringLiteral("SELECT leaf FROM entry WHERE thread = ? AND seq = ?"));
            const Result<bool> found = select.first(thread, threadSeq);
            if (!found)
                return tl::unexpected(found.error());
            return *found ? std::optional(select.digest(0)) : std::nullopt;
        });
}

QFuture<Result<QByteArray>> DeskSettings::value(const QString& name)
{
    return database_.read<QByteArray>(
        [name](sql::ReadConnection& connection) { return readSetting(connection, name); });
}

QFuture<Result<void>> DeskSettings::setValue(const QString& name, const QByteArray& value)
{
    return database_.write<void>(Priority::normal, [name, value](sql::WriteConnection& connection) -> Result<void> {
        return inTransaction(connection, sql::Durability::full, [&]() -> Status {
            if (value.isEmpty())
                return connection.statement(QStringLiteral("DELETE FROM setting WHERE name = ?")).exec(name);
            return connection.statement(putSql).exec(name, value);
        });
    });
}

QFuture<Result<void>> DeskSettings::saveDraft(const ThreadId& thread, bool note, const QString& text)
{
    return database_.write<void>(Priority::send, [=](sql::WriteConnection& connection) -> Result<void> {
        return inTransaction(connection, sql::Durability::normal, [&]() -> Status {
            if (text.isEmpty())
                return connection.statement(QStringLiteral("DELETE FROM draft WHERE thread = ? AND note = ?"))
                    .exec(thread, note);
            return connection
                .statement(
                    QStringLiteral("INSERT INTO draft (thread, note, text) SELECT id, ?, ? FROM thread"
                                   " WHERE id = ? ON CONFLICT (thread, note) DO UPDATE SET text = excluded.text"))
                .exec(note, text, thread);
        });
    });
}

QFuture<Result<void>> DeskSettings::dropKeptDraft(qint64 number)
{
    return local::dropKeptDraft(database_, number);
}

QFuture<Result<ScopeId>> DeskSettings::scopeOf(const ThreadId& thread)
{
    return database_.read<ScopeId>([thread](sql::ReadConnection& connection) -> Result<ScopeId> {
        sql::Statement select = connection.statement(QStringLiteral("SELECT scope FROM thread WHERE id = ?"));
        const Result<bool> found = select.first(thread);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("This conversation is not on this desk."));
        return select.id<ScopeId>(0);
    });
}

QFuture<Result<ThreadSeq>> DeskSettings::newestSeq(const ThreadId& thread)
{
    return database_.read<ThreadSeq>([thread](sql::ReadConnection& connection) -> Result<ThreadSeq> {
        sql::Statement select = connection.statement(QStringLiteral("SELECT head_seq FROM thread WHERE id = ?"));
        const Result<bool> found = select.first(thread);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("This conversation is not on this desk."));
        return select.strong<ThreadSeq>(0);
    });
}

QFuture<Result<QList<BlobId>>> DeskSettings::wantedBlobs(int limit)
{
    return database_.read<QList<BlobId>>([limit](sql::ReadConnection& connection) -> Result<QList<BlobId>> {
        QList<BlobId> blobs;
        sql::Statement select = connection.statement(
            QStringLiteral("SELECT a.blob FROM attachment AS a LEFT JOIN held AS h ON h.blob = a.blob"
                           " WHERE a.state = ? AND h.blob IS NULL ORDER BY a.message DESC LIMIT ?"));
        select.bind(0, StoredState::good);
        select.bind(1, limit);
        const Status read = select.forEach([&blobs](sql::Statement& row) { blobs.append(row.id<BlobId>(0)); });
        return read ? Result<QList<BlobId>>(std::move(blobs)) : tl::unexpected(read.error());
    });
}

} // namespace holdfast::local
