#include "storage/local/chain_links.h"

namespace holdfast::local {
namespace {

const QString doesNotContinue = QStringLiteral("The log check failed: an entry does not continue its thread.");
const QString missing = QStringLiteral("The log check failed: entries of a thread are missing or came out of order.");

} // namespace

ChainLinks::ChainLinks(sql::Connection& connection, Projection& projection, HoleBook& holes)
    : connection_(connection), projection_(projection), holes_(holes)
{}

Result<ChainLinks::Link> ChainLinks::take(const DecodedEntry& entry, Arrival arrival)
{
    const ThreadId& id = entry.part.thread;
    const ThreadSeq seq = entry.header.threadSeq;
    ThreadState& thread = projection_.thread(id);
    Link link;
    link.isNewest = seq > thread.headSeq;
    if (!link.isNewest) {
        if (!holes_.covers(id, seq)) {
            link.broken = missing;
            return link;
        }
        const Result<bool> fits = fitsHole(entry, thread.headSeq);
        if (!fits)
            return tl::unexpected(fits.error());
        if (!*fits)
            link.broken = doesNotContinue;
        holes_.fill(id, seq, entry.header.pos);
        taken_.insert({id, seq}, {entry.leaf, entry.header.prev});
        return link;
    }
    const ThreadSeq next{thread.headSeq.value + 1};
    if (seq == next) {
        if (entry.header.prev != thread.headLeaf)
            link.broken = doesNotContinue;
    } else if (mayLeaveHole(entry, thread.headSeq, arrival)) {
        holes_.open(id, {next, ThreadSeq{seq.value - 1}, entry.header.pos});
        if (arrival == Arrival::feed)
            holes_.list(id, entry.header.scope, entry.header.pos);
    } else {
        link.broken = missing;
    }
    thread.headSeq = seq;
    thread.headLeaf = entry.leaf;
    if (holes_.awaits(id))
        taken_.insert({id, seq}, {entry.leaf, entry.header.prev});
    return link;
}

// Of a thread that this desk follows the feed leaves nothing out. Of others it may begin in the middle.
bool ChainLinks::mayLeaveHole(const DecodedEntry& entry, ThreadSeq newest, Arrival arrival) const
{
    if (arrival == Arrival::history)
        return true;
    return newest.value == 0 && (holes_.isListed(entry.part.thread) || holes_.isWindow(entry.header.scope));
}

Result<bool> ChainLinks::fitsHole(const DecodedEntry& entry, ThreadSeq newest)
{
    const ThreadSeq seq = entry.header.threadSeq;
    if (seq.value == 1 && entry.header.prev != Digest())
        return false;
    const Result<std::optional<Ends>> below = heldAt(entry.part.thread, ThreadSeq{seq.value - 1});
    if (!below)
        return tl::unexpected(below.error());
    if (*below && (*below)->leaf != entry.header.prev)
        return false;
    const ThreadSeq next{seq.value + 1};
    if (next > newest)
        return true;
    const Result<std::optional<Ends>> above = heldAt(entry.part.thread, next);
    if (!above)
        return tl::unexpected(above.error());
    return !*above || (*above)->prev == entry.leaf;
}

Result<std::optional<ChainLinks::Ends>> ChainLinks::heldAt(const ThreadId& thread, ThreadSeq seq)
{
    if (seq.value == 0 || holes_.covers(thread, seq))
        return std::nullopt;
    if (const auto found = taken_.constFind({thread, seq}); found != taken_.cend())
        return *found;
    sql::Statement select =
        connection_.statement(QStringLiteral("SELECT leaf, header FROM entry WHERE thread = ? AND seq = ?"));
    const Result<bool> found = select.first(thread, seq);
    if (!found)
        return tl::unexpected(found.error());
    const Result<log::Header> header = *found ? log::decodeHeader(select.bytes(1)) : fail(ErrorCode::notFound, {});
    if (!header)
        return std::nullopt; // it was a fault when it came
    return Ends{select.digest(0), header->prev};
}

} // namespace holdfast::local
