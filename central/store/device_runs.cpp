#include "central/store/device_runs.h"

#include "central/store/bulk.h"
#include "central/store/context.h"
#include "models/log/entry.h"

namespace holdfast::store {

namespace {

constexpr int pageRows = 2000;
constexpr qint64 keptRuns = 1000; // of a device; of an older one it is only forgotten that it was left

struct RunRow
{
    qint64 number = 0; // runs of a device count up from 1
    bool left = false; // the profile was set back to before it
};

Result<std::optional<RunRow>> oneRun(sql::Statement& query)
{
    const Result<bool> found = query.first();
    if (!found)
        return tl::unexpected<Error>(found.error());
    return *found ? std::optional(RunRow{query.int64(0), query.int64(1) != 0}) : std::nullopt;
}

Result<std::optional<RunRow>> findRun(sql::Connection& db, const DeviceId& device, const QByteArray& run)
{
    if (run.isEmpty())
        return std::nullopt;
    sql::Statement query =
        db.statement(QStringLiteral("SELECT number, gone FROM device_run WHERE device = ? AND run = ?"));
    query.bind(0, device);
    query.bind(1, run);
    return oneRun(query);
}

Result<std::optional<RunRow>> newestRun(sql::Connection& db, const DeviceId& device)
{
    sql::Statement query = db.statement(
        QStringLiteral("SELECT number, gone FROM device_run WHERE device = ? ORDER BY number DESC LIMIT 1"));
    query.bind(0, device);
    return oneRun(query);
}

Result<bool> isCopied(sql::Connection& db, const DeviceId& device)
{
    sql::Statement query = db.statement(QStringLiteral("SELECT 1 FROM copied_device WHERE device = ?"));
    return query.first(device);
}

} // namespace

Result<RunStanding> DeviceRunReads::standing(const DeviceId& device, const QByteArray& run)
{
    const Result<bool> copied = isCopied(context_.db, device);
    if (!copied)
        return tl::unexpected<Error>(copied.error());
    if (*copied)
        return RunStanding::copied;
    const auto known = findRun(context_.db, device, run);
    const auto newest = newestRun(context_.db, device);
    if (!known || !newest)
        return tl::unexpected<Error>(!known ? known.error() : newest.error());
    const bool current = *known && (*known)->number == (*newest)->number;
    return current ? RunStanding::current : RunStanding::other;
}

Result<DeviceSeq> DeviceRunReads::newestNumber(const DeviceId& device)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT coalesce(max(seq), 0) FROM device_entry WHERE device = ?"));
    const Result<bool> found = query.first(device);
    if (!found)
        return tl::unexpected<Error>(found.error());
    return query.strong<DeviceSeq>(0);
}

Result<RunStanding> DeviceRunWrites::begin(const RunClaim& claim)
{
    const Result<RunStanding> judged = judge(claim);
    if (judged && *judged == RunStanding::copied) {
        const Status kept = context_.db
                                .statement(QStringLiteral("INSERT INTO copied_device (device) VALUES (?) "
                                                          "ON CONFLICT (device) DO NOTHING"))
                                .exec(claim.device);
        if (!kept)
            return tl::unexpected<Error>(kept.error());
    }
    return judged;
}

Result<RunStanding> DeviceRunWrites::judge(const RunClaim& claim)
{
    const Result<RunStanding> before = standing(claim.device, claim.run);
    if (!before || *before != RunStanding::other)
        return before; // asked again, or found out already
    const auto again = findRun(context_.db, claim.device, claim.run);
    const auto after = findRun(context_.db, claim.device, claim.after);
    const auto newest = newestRun(context_.db, claim.device);
    for (const auto* row : {&again, &after, &newest}) {
        if (!*row)
            return tl::unexpected<Error>(row->error());
    }
    if (*again)
        return RunStanding::copied; // it spoke for the device before another did
    const qint64 newestNumber = *newest ? (*newest)->number : 0;
    const bool goesOn = *after && (*after)->number == newestNumber;
    // Of a run that is unknown here, a store that was itself restored cannot tell anything.
    const bool unknown = !*after && !claim.after.isEmpty();
    if (!goesOn && !unknown) {
        if (*after && (claim.live || (*after)->left))
            return RunStanding::copied;
        const qint64 backTo = *after ? (*after)->number : 0;
        if (const Status left = leaveAfter(claim.device, backTo); !left)
            return tl::unexpected<Error>(left.error());
    }
    if (const Status added = add(claim, newestNumber + 1); !added)
        return tl::unexpected<Error>(added.error());
    return RunStanding::current;
}

Status DeviceRunWrites::leaveAfter(const DeviceId& device, qint64 number)
{
    return context_.db.statement(QStringLiteral("UPDATE device_run SET gone = 1 WHERE device = ? AND number > ?"))
        .exec(device, number);
}

Status DeviceRunWrites::add(const RunClaim& claim, qint64 number)
{
    const Status added =
        context_.db.statement(QStringLiteral("INSERT INTO device_run (device, run, number, gone) VALUES (?, ?, ?, 0)"))
            .exec(claim.device, claim.run, number);
    if (!added)
        return added;
    return context_.db.statement(QStringLiteral("DELETE FROM device_run WHERE device = ? AND number <= ?"))
        .exec(claim.device, number - keptRuns);
}

Status DeviceRunWrites::release(const DeviceId& device)
{
    for (const char* table : {"copied_device", "device_run"}) {
        const Status done =
            context_.db.statement(QStringLiteral("DELETE FROM %1 WHERE device = ?").arg(QLatin1StringView(table)))
                .exec(device);
        if (!done)
            return done;
    }
    return {};
}

Status numberEntries(sql::WriteConnection& db)
{
    const BulkInsert insert(QStringLiteral("device_entry"),
                            {{"device", Cell::bytes}, {"seq", Cell::number}, {"entry_id", Cell::bytes}},
                            QStringLiteral("ON CONFLICT (device, seq) DO NOTHING"));
    for (qint64 pos = 0;;) {
        BulkRows numbers;
        int rows = 0;
        {
            sql::Statement query =
                db.statement(QStringLiteral("SELECT pos, bytes FROM entry_header WHERE pos >= ? ORDER BY pos LIMIT ?"));
            query.bind(0, pos);
            query.bind(1, pageRows);
            const Status read = query.forEach([&](sql::Statement& row) {
                ++rows;
                pos = row.int64(0) + 1;
                const Result<log::Header> header = log::decodeHeader(row.bytes(1));
                if (!header || header->signature.isEmpty())
                    return;
                if (const Result<log::AuthorPart> author = log::decodeAuthorPart(header->authorPart))
                    numbers.row().add(author->device).add(author->deviceSeq).add(author->entryId);
            });
            if (!read)
                return read;
        }
        if (rows == 0)
            return {};
        if (const Status kept = insert.run(db, numbers); !kept)
            return kept;
    }
}

} // namespace holdfast::store
