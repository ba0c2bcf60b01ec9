#include "central/api/feed_ring.h"

#include "central/api/feed_json.h"
#include "models/domain/content.h"
#include "models/domain/kinds.h"

#include <algorithm>

namespace holdfast::api {

Effect effectOf(log::KindNumber kind)
{
    using domain::Kind;
    const auto known = domain::kindOf(kind);
    if (!known)
        return Effect::unknown;
    switch (*known) {
    case Kind::roomMessage:
    case Kind::customerMessage:
    case Kind::agentReply:
    case Kind::internalNote:
    case Kind::mediaCustody:
    case Kind::threadOpened:
    case Kind::threadAssigned:
    case Kind::threadState:
    case Kind::threadLinked:
    case Kind::threadRead:
    case Kind::personFacts:
    case Kind::policyFacts:
    case Kind::scopeDefined:
    case Kind::deviceEnrolled:
    case Kind::logHeads:
    case Kind::logKey:
    case Kind::keyShown:
    case Kind::exported:
    case Kind::signedIn:
    case Kind::fileSaved:
    case Kind::administered:
    case Kind::incidentNoted:
    case Kind::deliveryStatus:
    case Kind::providerAccepted:
        return Effect::none;
    case Kind::userProfile:
    case Kind::grantGiven:
    case Kind::grantEnded:
    case Kind::deviceRevoked:
        return Effect::onAccess;
    case Kind::threadMoved:
    case Kind::contentErased:
        return Effect::onEarlier;
    default:
        return Effect::unknown;
    }
}

std::vector<ScopeId> scopesOf(const store::FeedEntry& entry)
{
    std::vector<ScopeId> scopes{entry.scope};
    if (entry.kind == domain::number(domain::Kind::threadMoved)) {
        const domain::Content content = domain::parseContent(entry.kind, entry.content.value_or(QByteArray()));
        if (const auto* moved = std::get_if<domain::ThreadMoved>(&content))
            scopes.push_back(moved->to);
    }
    return scopes;
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
        if (const Effect effect = effectOf(entry.kind); effect == Effect::onEarlier || effect == Effect::unknown)
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
