#include "central/store/device_numbers.h"

#include <algorithm>

namespace holdfast::store {

Status DeviceNumbers::load(sql::Connection& db, std::span<const EntryToAppend* const> entries)
{
    sql::JsonRows numbers;
    for (const EntryToAppend* entry : entries) {
        if (!entry->signature.isEmpty())
            numbers.row().add(entry->author.device).add(entry->author.deviceSeq);
    }
    if (numbers.isEmpty())
        return {};
    sql::Statement query = db.statement(
        db.choose(QStringLiteral("SELECT d.device, d.seq, d.entry_id FROM json_each(?) AS r "
                                 "JOIN device_entry d ON d.device = unhex(r.value->>0) AND d.seq = r.value->>1"),
                  QStringLiteral("SELECT d.device, d.seq, d.entry_id FROM jsonb_array_elements(?::jsonb) AS r(value) "
                                 "JOIN device_entry d ON d.device = decode(r.value->>0, 'hex') "
                                 "AND d.seq = (r.value->>1)::bigint")));
    query.bind(0, numbers);
    return query.forEach([this](sql::Statement& row) {
        owners_.insert_or_assign({row.id<DeviceId>(0), row.strong<DeviceSeq>(1)}, row.id<EntryId>(2));
    });
}

bool DeviceNumbers::isTaken(const log::AuthorPart& author) const
{
    const auto owner = owners_.find({author.device, author.deviceSeq});
    return owner != owners_.end() && owner->second != author.entryId;
}

void DeviceNumbers::take(const log::AuthorPart& author)
{
    if (owners_.try_emplace({author.device, author.deviceSeq}, author.entryId).second)
        rows_.row().add(author.device).add(author.deviceSeq).add(author.entryId);
}

void DeviceNumbers::giveUp(std::span<const EntryId> entries)
{
    std::erase_if(owners_, [&](const auto& owner) {
        return std::find(entries.begin(), entries.end(), owner.second) != entries.end();
    });
    rows_.clear();
}

Status DeviceNumbers::flush(sql::Connection& db)
{
    static const BulkInsert numbers(QStringLiteral("device_entry"),
                                    {{"device", Cell::bytes}, {"seq", Cell::number}, {"entry_id", Cell::bytes}});
    const Status written = numbers.run(db, rows_);
    rows_.clear();
    return written;
}

void DeviceNumbers::clear()
{
    owners_.clear();
    rows_.clear();
}

} // namespace holdfast::store
