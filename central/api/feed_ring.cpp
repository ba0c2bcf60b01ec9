#include "central/api/feed_ring.h"

#include "central/api/feed_json.h"

#include <algorithm>

namespace holdfast::api {

bool isPlain(log::KindNumber kind)
{
    using domain::Kind;
    static constexpr Kind plain[] = {
        Kind::roomMessage,  Kind::customerMessage, Kind::agentReply,   Kind::internalNote,   Kind::mediaCustody,
        Kind::threadOpened, Kind::threadAssigned,  Kind::threadState,  Kind::threadLinked,   Kind::threadRead,
        Kind::personFacts,  Kind::policyFacts,     Kind::scopeDefined, Kind::deviceEnrolled, Kind::logHeads,
        Kind::keyShown,     Kind::exported,        Kind::signedIn,     Kind::deliveryStatus, Kind::providerAccepted,
    };
    return std::any_of(std::begin(plain), std::end(plain), [kind](Kind one) { return domain::number(one) == kind; });
}

void FeedRing::startAt(quint64 pos)
{
    slots_.clear();
    bytes_ = 0;
    begin_ = pos;
}

void FeedRing::append(const store::Tail& tail)
{
    if (tail.from != end())
        startAt(tail.from);
    for (const store::FeedEntry& entry : tail.entries) {
        Slot slot{entry.scope, entry.header.size() + (entry.content ? entry.content->size() : 0), entryJson(entry)};
        bytes_ += slot.json.size();
        slots_.push_back(std::move(slot));
        if (!isPlain(entry.kind))
            startAt(entry.pos.value + 1);
    }
    while (bytes_ > maxBytes_) {
        bytes_ -= slots_.front().json.size();
        slots_.pop_front();
        ++begin_;
    }
}

FeedRing::Page FeedRing::after(const std::vector<ScopeId>& scopes, quint64 from, int limit, qsizetype maxBytes) const
{
    Page page;
    qsizetype bytes = 0;
    page.scannedTo = from;
    for (auto slot = slots_.begin() + qsizetype(from - begin_); slot != slots_.end(); ++slot, ++page.scannedTo) {
        if (!std::binary_search(scopes.begin(), scopes.end(), slot->scope))
            continue;
        bytes += slot->bytes;
        if (page.entries.size() >= limit || (bytes > maxBytes && !page.entries.isEmpty())) {
            page.more = true;
            break;
        }
        page.entries.append(slot->json);
    }
    return page;
}

} // namespace holdfast::api
