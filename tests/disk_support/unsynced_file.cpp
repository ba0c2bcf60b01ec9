#include "tests/disk_support/unsynced_file.h"

#include <algorithm>
#include <utility>

namespace holdfast::test {
namespace {

constexpr qint64 sectorBytes = 512;

void apply(QByteArray& file, const Change& change)
{
    if (!change.bytes) {
        file.resize(qsizetype(change.at), '\0');
        return;
    }
    const qint64 end = change.at + change.bytes->size();
    if (file.size() < end)
        file.resize(qsizetype(end), '\0');
    std::copy(change.bytes->cbegin(), change.bytes->cend(), file.begin() + change.at);
}

// Each sector of the write reached the disk or did not.
void applyTorn(QByteArray& file, const Change& change, std::mt19937_64& dice)
{
    if (!change.bytes)
        return;
    const qint64 end = change.at + change.bytes->size();
    for (qint64 from = change.at; from < end;) {
        const qint64 to = std::min(end, (from / sectorBytes + 1) * sectorBytes);
        if (dice() % 2 == 0)
            apply(file, {from, change.bytes->mid(qsizetype(from - change.at), qsizetype(to - from))});
        from = to;
    }
}

} // namespace

void UnsyncedFile::sync()
{
    for (const Change& change : pending_)
        apply(synced_, change);
    pending_.clear();
    // SQLite syncs the folder with the first sync of a log or journal that it made.
    isNamed_ = true;
    former_.reset();
}

void UnsyncedFile::remove()
{
    isRemoved_ = true;
    pending_.clear();
}

void UnsyncedFile::recreate()
{
    if (isRemoved_ && isNamed_)
        former_ = std::exchange(synced_, {});
    synced_.clear();
    pending_.clear();
    isNamed_ = false;
    isRemoved_ = false;
}

std::optional<QByteArray> UnsyncedFile::after(Remains remains, std::mt19937_64& dice) const
{
    const auto either = [&dice] { return dice() % 2 == 0; };
    if (isRemoved_)
        return isNamed_ && either() ? std::optional(synced_) : std::nullopt;
    if (!isNamed_ && either())
        return former_;
    QByteArray file = synced_;
    std::vector<const Change*> kept;
    for (const Change& change : pending_) {
        if (remains == Remains::all || (remains != Remains::none && either()))
            kept.push_back(&change);
    }
    for (const Change* change : kept) {
        if (remains == Remains::someTorn && change == kept.back())
            applyTorn(file, *change, dice);
        else
            apply(file, *change);
    }
    return file;
}

} // namespace holdfast::test
