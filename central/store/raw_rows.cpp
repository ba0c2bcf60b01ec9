#include "central/store/raw_rows.h"

#include "central/store/aead.h"
#include "central/store/bulk.h"

namespace holdfast::store {

namespace {

constexpr qint64 microsPerDay = 86'400LL * 1'000'000;

QByteArray dayBinding(qint64 day, quint64 kekEpoch)
{
    return "holdfast/inbox-day/v1" + bigEndian64(quint64(day)) + bigEndian64(kekEpoch);
}

} // namespace

qint64 nextRowId(Timestamp now, qint64 last)
{
    return std::max(last + 1, now.value * 1024); // 2^63 / 1024 microseconds: year 2255
}

qint64 dayOf(Timestamp time)
{
    return time.value / microsPerDay;
}

QByteArray rawBinding(qint64 id, qint64 day)
{
    return "holdfast/inbox/v1" + bigEndian64(quint64(id)) + bigEndian64(quint64(day));
}

Result<QByteArray> DayKeys::key(qint64 day)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT kek_epoch, wrapped FROM inbox_day WHERE day = ?"));
    const Result<bool> found = query.first(day);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::notFound, QStringLiteral("The key of that day's raw bodies was destroyed."));
    const auto epoch = quint64(query.int64(0));
    const Result<QByteArray> kek = context_.keys.kek(epoch);
    if (!kek)
        return kek;
    return unseal(*kek, dayBinding(day, epoch), query.bytes(1));
}

Result<QByteArray> DayKeys::keyOrNew(qint64 day)
{
    const quint64 epoch = context_.keys.kekEpoch();
    const Result<QByteArray> kek = context_.keys.kek(epoch);
    if (!kek)
        return kek;
    Result<QByteArray> present = key(day);
    if (present || present.error().code != ErrorCode::notFound)
        return present;
    const QByteArray wrapped = seal(*kek, dayBinding(day, epoch), context_.random.bytes(aeadKeyBytes), context_.random);
    // Another central may make the same day's key: the first one counts for both.
    const Status made = context_.db
                            .statement(QStringLiteral("INSERT INTO inbox_day (day, kek_epoch, wrapped) "
                                                      "VALUES (?, ?, ?) ON CONFLICT (day) DO NOTHING"))
                            .exec(day, epoch, wrapped);
    if (!made)
        return tl::unexpected<Error>(made.error());
    return key(day);
}

Result<qint64> RawRows::stage(const QString& channel, const QByteArray& bytes)
{
    const Timestamp now = context_.clock.now();
    const qint64 day = dayOf(now);
    auto key = keys_.find(day);
    if (key == keys_.end()) {
        Result<QByteArray> made = DayKeys(context_).keyOrNew(day);
        if (!made)
            return tl::unexpected<Error>(made.error());
        key = keys_.emplace(day, std::move(*made)).first;
    }
    // The low bits are random at a fresh microsecond, so that two centrals hardly ever choose the same id.
    const qint64 spread = quint8(context_.random.bytes(1).front());
    lastId_ = std::max(nextRowId(now, lastId_), now.value * 1024 + spread);
    rows_.row().add(lastId_).add(now).add(day).add(channel);
    rows_.addBytes(seal(key->second, rawBinding(lastId_, day), bytes, context_.random));
    rows_.add(qint64(0)).add(QString());
    return lastId_;
}

Status RawRows::flush()
{
    static const BulkInsert insert(QStringLiteral("raw_inbox"), {{"id", Cell::number},
                                                                 {"received_at", Cell::number},
                                                                 {"day", Cell::number},
                                                                 {"channel", Cell::text},
                                                                 {"sealed", Cell::bytes},
                                                                 {"state", Cell::number},
                                                                 {"error", Cell::text}});
    const Status inserted = insert.run(context_.db, rows_);
    clear();
    return inserted;
}

void RawRows::clear()
{
    rows_.clear();
    keys_.clear();
}

} // namespace holdfast::store
