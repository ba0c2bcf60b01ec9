// A log of two teams and of what every desk gets, with every kind of entry several times in each place for it.
#pragma once

#include "tests/domain/samples.h"
#include "tests/local/desk_fixture.h"

#include <array>
#include <set>

namespace holdfast::test {

struct Scoped
{
    ScopeId scope;
    local::FeedEntry entry;
};

// A log of two scopes and of what every desk gets. Each kind comes several times in each place where it may stand.
class MixedLog
{
public:
    explicit MixedLog(DeskFixture& desk);

    [[nodiscard]] const ScopeId& everyone() const { return everyone_; }
    [[nodiscard]] ScopeId scope(size_t number) const { return places_[number].scope; }
    [[nodiscard]] ThreadId thread(size_t number) const { return places_[number].thread; } // a customer's case
    [[nodiscard]] const std::vector<Scoped>& entries() const { return entries_; }
    [[nodiscard]] const std::set<domain::Kind>& kinds() const { return kinds_; }
    [[nodiscard]] std::vector<local::FeedEntry> readable(const std::set<ScopeId>& scopes, size_t from, size_t to) const;

    // In the log from here on: `reader` has read the cases up to what is there now.
    void readAll(const Colleague& reader);
    void customerWrites(size_t number, const QString& text);

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
    void open(Place& place);
    // What speaks of staff, devices, rights and the log itself goes to every desk.
    [[nodiscard]] static bool isForEveryone(domain::Kind kind);
    void addKind(const Sample& sample);
    void addTo(Place& place, const Sample& sample);
    // The samples speak of ids that nobody has; here they speak of what is there.
    [[nodiscard]] QByteArray aboutThis(const Place& place, QByteArray json);

    LogMaker& maker_;
    Colleague other_;
    ScopeId everyone_;
    std::array<Place, 2> places_;
    Place structure_{{}, *ThreadId::fromBytes(QByteArray(16, 'e')), {}, {}, {}, {}};
    std::vector<Scoped> entries_;
    std::set<domain::Kind> kinds_;
    int provided_ = 0;
};

} // namespace holdfast::test
