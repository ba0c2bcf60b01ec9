#include "storage/local/prepared_entry.h"

#include <future>
#include <iterator>
#include <system_error>

namespace holdfast::local {
namespace {

constexpr size_t worthAThread = 32; // entries; a thread costs about as much as checking one signature

} // namespace

std::vector<PreparedEntry> prepareEntries(std::vector<FeedEntry> entries, const DeviceKeys& keys)
{
    std::vector<PreparedEntry> prepared;
    prepared.reserve(entries.size());
    for (FeedEntry& raw : entries) {
        QByteArray header = raw.header;
        Result<DecodedEntry> entry = decodeEntry(std::move(raw));
        if (entry)
            entry->checked = keys.check(*entry);
        if (entry && entry->checked != Checked::unknownDevice)
            entry->changes = changesOf(*entry);
        prepared.push_back({std::move(header), std::move(entry)});
    }
    return prepared;
}

std::vector<PreparedEntry> prepareOnTwoCores(std::vector<FeedEntry> entries, const DeviceKeys& keys)
{
    if (entries.size() < worthAThread)
        return prepareEntries(std::move(entries), keys);
    const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(entries.size() / 2);
    std::vector<FeedEntry> rest(std::make_move_iterator(middle), std::make_move_iterator(entries.end()));
    entries.erase(middle, entries.end());
    const auto prepareRest = [&rest, &keys] { return prepareEntries(std::move(rest), keys); };
    std::future<std::vector<PreparedEntry>> second;
    try {
        second = std::async(std::launch::async, prepareRest);
    } catch (const std::system_error&) {
        second = std::async(std::launch::deferred, prepareRest); // no thread to be had: one core does it all
    }
    std::vector<PreparedEntry> prepared = prepareEntries(std::move(entries), keys);
    std::vector<PreparedEntry> others = second.get();
    std::move(others.begin(), others.end(), std::back_inserter(prepared));
    return prepared;
}

} // namespace holdfast::local
