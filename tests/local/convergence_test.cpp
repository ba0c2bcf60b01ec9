// Whatever way a log came to a desk, its tables are those of a fresh fetch: for every kind of entry.
#include "tests/domain/samples.h"
#include "tests/local/desk_fixture.h"

#include <set>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

struct Scoped
{
    ScopeId scope;
    local::FeedEntry entry;
};

// A log of two scopes and of what every desk gets. Each kind comes several times in each place where it may stand.
class MixedLog
{
public:
    explicit MixedLog(DeskFixture& desk) : maker_(desk.maker), other_(maker_.colleague(QStringLiteral("Priya")))
    {
        everyone_ = maker_.scope();
        add(everyone_, maker_.profile(desk.me, QStringLiteral("Lerato Khumalo")));
        add(everyone_, maker_.enrol(desk.me));
        add(everyone_, maker_.profile(other_, QStringLiteral("Priya Naidoo")));
        add(everyone_, maker_.enrol(other_));
        structure_.scope = everyone_;
        for (Place& place : places_)
            open(place);
        for (int round = 0; round < 4; ++round) {
            for (const Sample& sample : allSamples())
                addKind(sample);
        }
    }

    [[nodiscard]] ScopeId scope(size_t number) const { return places_[number].scope; }
    [[nodiscard]] const std::vector<Scoped>& entries() const { return entries_; }
    [[nodiscard]] const std::set<Kind>& kinds() const { return kinds_; }
    [[nodiscard]] std::vector<local::FeedEntry> readable(const std::set<ScopeId>& scopes, size_t from, size_t to) const
    {
        std::vector<local::FeedEntry> readable;
        for (size_t i = from; i < to; ++i) {
            if (entries_[i].scope == everyone_ || scopes.contains(entries_[i].scope))
                readable.push_back(entries_[i].entry);
        }
        return readable;
    }

private:
    struct Place
    {
        ScopeId scope;
        ThreadId thread;
        PersonId person;
        PolicyId policy;
        EntryId message; // newest of the customer
        EntryId reply;
    };

    void add(const ScopeId& scope, const local::FeedEntry& entry) { entries_.push_back({scope, entry}); }

    void open(Place& place)
    {
        SeededRandom& random = maker_.random();
        place = {random.id<ScopeId>(), random.id<ThreadId>(), random.id<PersonId>(), random.id<PolicyId>(), {}, {}};
        maker_.setScope(place.scope);
        add(place.scope, maker_.person(place.person, QStringLiteral("Customer"), QStringLiteral("+27825550143")));
        add(place.scope, maker_.policy(place.policy, place.person, QStringLiteral("HL-204-118-7")));
        add(place.scope, maker_.openCase(place.thread, place.person));
        add(place.scope, maker_.customer(place.thread, place.person, QStringLiteral("Call 082 555 0143")));
        place.message = maker_.lastId();
    }

    // What speaks of staff, devices, rights and the log itself goes to every desk.
    [[nodiscard]] static bool isForEveryone(Kind kind)
    {
        return kind >= Kind::userProfile && kind < Kind::deliveryStatus;
    }

    void addKind(const Sample& sample)
    {
        kinds_.insert(sample.kind);
        if (isForEveryone(sample.kind))
            return addTo(structure_, sample);
        for (Place& place : places_)
            addTo(place, sample);
    }

    void addTo(Place& place, const Sample& sample)
    {
        maker_.setScope(place.scope);
        const QByteArray content = aboutThis(place, sample.json);
        const ThreadId thread = sample.kind == Kind::personFacts   ? place.person
                                : sample.kind == Kind::policyFacts ? place.policy
                                                                   : place.thread;
        const bool byDevice = domain::authorOf(sample.kind) == domain::Author::device;
        add(place.scope, byDevice ? maker_.signedBy(other_, thread, sample.kind, content)
                                  : maker_.central(thread, sample.kind, content));
        if (sample.kind == Kind::customerMessage)
            place.message = maker_.lastId();
        if (sample.kind == Kind::agentReply)
            place.reply = maker_.lastId();
    }

    // The samples speak of ids that nobody has; here they speak of what is there.
    [[nodiscard]] QByteArray aboutThis(const Place& place, QByteArray json)
    {
        const auto put = [&json](const QByteArray& sample, const QByteArray& real) { json.replace(sample, real); };
        put(idOf<PersonId>(2).toHex(), place.person.toHex());
        put(idOf<PolicyId>(14).toHex(), place.policy.toHex());
        put(idOf<ScopeId>(25).toHex(), place.scope.toHex()); // moves stay where the scope's events are
        put(idOf<EntryId>(10).toHex(), place.message.toHex());
        put(idOf<EntryId>(9).toHex(), place.message.toHex());
        put(idOf<EntryId>(22).toHex(), place.reply.toHex());
        put(idOf<EntryId>(23).toHex(), place.reply.toHex());
        put("wamid.", "wamid." + QByteArray::number(++provided_) + ".");
        return json;
    }

    LogMaker& maker_;
    Colleague other_;
    ScopeId everyone_;
    std::array<Place, 2> places_;
    Place structure_{{}, *ThreadId::fromBytes(QByteArray(16, 'e')), {}, {}, {}, {}};
    std::vector<Scoped> entries_;
    std::set<Kind> kinds_;
    int provided_ = 0;
};

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
