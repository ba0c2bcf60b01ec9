// Whatever way a log came to a desk, its tables are those of a fresh fetch: for every kind of entry.
#include "tests/local/desk_fixture.h"
#include "tests/local/mixed_log.h"

#include <set>

using namespace holdfast;
using namespace holdfast::test;

namespace {

// Gives a desk the log as central's feed would, with scopes closed and opened on the way.
class Feeding
{
public:
    Feeding(DeskFixture& desk, const MixedLog& log, quint64 seed) : desk_(desk), log_(log), random_(seed) {}

    void step()
    {
        const ScopeId scope = log_.scope(static_cast<size_t>(random_.below(2)));
        const size_t to = std::min(log_.entries().size(), upTo_ + 1 + static_cast<size_t>(random_.below(9)));
        if (random_.below(4) > 0) {
            const size_t from = upTo_ - std::min(upTo_, static_cast<size_t>(random_.below(3))); // some come again
            give({}, log_.readable(open_, from, to));
            upTo_ = to;
        } else if (open_.erase(scope) > 0) {
            give({{scope, false}}, {});
        } else {
            open(scope);
        }
    }

    void open(const ScopeId& scope)
    {
        if (open_.insert(scope).second)
            give({{scope, true}}, log_.readable({scope}, 0, upTo_));
    }

    [[nodiscard]] bool isDone() const { return upTo_ == log_.entries().size(); }
    [[nodiscard]] std::vector<local::FeedEntry> fresh() const { return log_.readable(open_, 0, upTo_); }

private:
    void give(const std::vector<local::ScopeEvent>& scopes, std::vector<local::FeedEntry> entries)
    {
        const local::Applied applied = valueOf(desk_.applier->apply({std::move(entries), scopes, "c"}));
        INFO((applied.fault ? applied.fault->what : QString()).toStdString());
        REQUIRE_FALSE(applied.fault.has_value());
    }

    DeskFixture& desk_;
    const MixedLog& log_;
    SeededRandom random_;
    std::set<ScopeId> open_;
    size_t upTo_ = 0;
};

} // namespace

TEST_CASE("State and events are a fresh fetch, for every kind, with scopes closed and opened on the way", "[apply]")
{
    for (quint64 seed = 1; seed <= 3; ++seed) {
        DeskFixture desk(seed);
        const MixedLog log(desk);
        for (log::KindNumber number = 0; number < 1000; ++number) {
            if (const auto kind = domain::kindOf(number))
                CHECK(log.kinds().contains(*kind));
        }
        Feeding feeding(desk, log, seed);
        const auto compare = [&] {
            DeskFixture other(seed);
            other.apply(feeding.fresh());
            REQUIRE(desk.dump() == other.dump());
        };
        for (int steps = 1; !feeding.isDone(); ++steps) {
            feeding.step();
            if (steps % 12 == 0)
                compare();
        }
        feeding.open(log.scope(0));
        feeding.open(log.scope(1));
        compare();
        const QStringList before = desk.dump();
        CHECK(before.size() > 60);
        done(desk.applier->rebuild());
        CHECK(desk.dump() == before);
    }
}
