#include "central/api/feed_json.h"
#include "central/api/feed_ring.h"
#include "models/base/random.h"
#include "models/domain/kinds.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;

namespace {

store::FeedEntry entryAt(quint64 pos, const ScopeId& scope, qsizetype bytes = 100,
                         domain::Kind kind = domain::Kind::roomMessage)
{
    store::FeedEntry entry;
    entry.pos = Position{pos};
    entry.scope = scope;
    entry.kind = domain::number(kind);
    entry.header = QByteArray(bytes, 'h');
    entry.salt = QByteArray(32, 's');
    entry.content = QByteArray::number(pos);
    return entry;
}

store::Tail tailOf(quint64 from, std::vector<store::FeedEntry> entries)
{
    return {from, from + entries.size(), std::move(entries)};
}

} // namespace

TEST_CASE("the ring gives what belongs to the scopes, in order, as far as the limits go")
{
    SystemRandom random;
    const auto mine = random.id<ScopeId>();
    const auto theirs = random.id<ScopeId>();
    api::FeedRing ring(1024 * 1024);
    std::vector<store::FeedEntry> entries;
    for (quint64 pos = 100; pos < 200; ++pos)
        entries.push_back(entryAt(pos, pos % 3 == 0 ? mine : theirs));
    ring.append(tailOf(100, entries));
    CHECK(ring.begin() == 100);
    CHECK(ring.end() == 200);
    const auto all = ring.after({mine}, 100, 500, 1024 * 1024);
    CHECK(all.entries.size() == 33);
    CHECK(all.scannedTo == 200);
    CHECK_FALSE(all.more);
    CHECK(all.entries.first() == api::entryJson(entries[2]));

    // Page by page, by number and by bytes, it is the same.
    for (const auto& [limit, bytes] : {std::pair(4, qsizetype(1024 * 1024)), std::pair(500, qsizetype(250))}) {
        QList<QByteArray> paged;
        quint64 from = 100;
        for (bool more = true; more;) {
            const auto page = ring.after({mine}, from, limit, bytes);
            CHECK(page.entries.size() <= limit);
            paged += page.entries;
            from = page.scannedTo;
            more = page.more;
        }
        CHECK(paged == all.entries);
    }
    CHECK(ring.after({random.id<ScopeId>()}, 100, 500, 1024).entries.isEmpty());
}

TEST_CASE("the ring stays within its memory and starts anew behind a hole and behind what may change earlier entries")
{
    SystemRandom random;
    const auto scope = random.id<ScopeId>();
    api::FeedRing ring(10'000);
    for (quint64 pos = 0; pos < 500; ++pos)
        ring.append(tailOf(pos, {entryAt(pos, scope)}));
    CHECK(ring.bytes() <= 10'000);
    CHECK(ring.bytes() > 5'000);
    CHECK(ring.end() == 500);
    CHECK(ring.begin() > 400);

    ring.append(tailOf(600, {entryAt(600, scope)}));
    CHECK(ring.begin() == 600);
    CHECK(ring.end() == 601);

    ring.append(tailOf(601, {entryAt(601, scope), entryAt(602, scope, 100, domain::Kind::grantEnded)}));
    CHECK(ring.begin() == 600); // rights are asked anew, but what was said stays as it was
    store::FeedEntry unknown = entryAt(604, scope);
    unknown.kind = 9999;
    ring.append(tailOf(603, {entryAt(603, scope), unknown, entryAt(605, scope)}));
    CHECK(ring.begin() == 605);
    CHECK(ring.end() == 606);
    CHECK(api::effectOf(domain::number(domain::Kind::epochBegan)) == api::Effect::unknown);
}
