#include "central/store/erasure_journal.h"

#include "storage/files/durable_file.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <unistd.h>

namespace holdfast::store {

namespace {

tl::unexpected<Error> unwritable()
{
    return fail(ErrorCode::io, QStringLiteral("The erasure journal cannot be written. Nothing was erased; make room on "
                                              "the disk of the key directory and try again."));
}

QByteArray toLine(const ErasureRecord& record)
{
    QJsonArray entries;
    for (const EntryId& entry : record.entries)
        entries.append(entry.toHexString());
    const QJsonObject object{{QStringLiteral("thread"), record.thread.toHexString()},
                             {QStringLiteral("entries"), entries},
                             {QStringLiteral("person"), record.person}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<ErasureRecord> fromLine(const QByteArray& line)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    const auto thread = ThreadId::fromHex(QStringView(object.value(QStringLiteral("thread")).toString()));
    if (!thread || !object.value(QStringLiteral("entries")).isArray())
        return std::nullopt;
    ErasureRecord record{*thread, {}, object.value(QStringLiteral("person")).toBool()};
    for (const QJsonValue& value : object.value(QStringLiteral("entries")).toArray()) {
        const auto entry = EntryId::fromHex(QStringView(value.toString()));
        if (!entry)
            return std::nullopt;
        record.entries.push_back(*entry);
    }
    return record;
}

} // namespace

Result<std::unique_ptr<ErasureJournal>> ErasureJournal::open(const QString& file)
{
    // The file's name is durable before its first line is.
    if (!QFileInfo::exists(file)) {
        const Status made = files::createDurably(file, QByteArray());
        if (!made && made.error().code != ErrorCode::conflict)
            return tl::unexpected<Error>(made.error());
    }
    std::unique_ptr<ErasureJournal> journal(new ErasureJournal(file));
    if (const Status loaded = journal->load(); !loaded)
        return tl::unexpected<Error>(loaded.error());
    return journal;
}

Status ErasureJournal::load()
{
    QFile file(file_);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::io, QStringLiteral("The erasure journal cannot be read: %1.").arg(file_));
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        if (!line.endsWith('\n'))
            break; // torn by a power cut: its erasure did not commit
        std::optional<ErasureRecord> record = fromLine(line);
        if (!record)
            return fail(
                ErrorCode::corrupt,
                QStringLiteral("The erasure journal is damaged: %1. Restore it from a copy of the key directory; "
                               "without it, erased contents could come back.")
                    .arg(file_));
        entries_.insert(record->entries.begin(), record->entries.end());
        records_.push_back(std::move(*record));
    }
    return {};
}

Status ErasureJournal::add(const ErasureRecord& record)
{
    const std::lock_guard lock(mutex_);
    QFile file(file_);
    if (!file.open(QIODevice::ReadWrite))
        return unwritable();
    // After a torn line the next one must not continue it.
    const QByteArray all = file.readAll();
    const qint64 whole = all.lastIndexOf('\n') + 1;
    const QByteArray line = toLine(record);
    const bool written = file.resize(whole) && file.seek(whole) && file.write(line) == line.size() && file.flush() &&
                         fdatasync(file.handle()) == 0;
    if (!written)
        return unwritable();
    entries_.insert(record.entries.begin(), record.entries.end());
    return {};
}

bool ErasureJournal::holds(const EntryId& entry) const
{
    const std::lock_guard lock(mutex_);
    return entries_.contains(entry);
}

} // namespace holdfast::store
