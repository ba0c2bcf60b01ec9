#include "tests/local/mixed_log.h"

namespace holdfast::test {

using domain::Kind;

MixedLog::MixedLog(DeskFixture& desk) : maker_(desk.maker), other_(maker_.colleague(QStringLiteral("Priya")))
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

std::vector<local::FeedEntry> MixedLog::readable(const std::set<ScopeId>& scopes, size_t from, size_t to) const
{
    std::vector<local::FeedEntry> readable;
    for (size_t i = from; i < to; ++i) {
        if (entries_[i].scope == everyone_ || scopes.contains(entries_[i].scope))
            readable.push_back(entries_[i].entry);
    }
    return readable;
}

void MixedLog::readAll(const Colleague& reader)
{
    for (const Place& place : places_) {
        maker_.setScope(place.scope);
        const local::FeedEntry newest = maker_.signedBy(
            reader, place.thread, Kind::threadRead, domain::toJson(domain::ThreadRead{maker_.newestOf(place.thread)}));
        add(place.scope, newest);
    }
}

void MixedLog::customerWrites(size_t number, const QString& text)
{
    Place& place = places_[number];
    maker_.setScope(place.scope);
    add(place.scope, maker_.customer(place.thread, place.person, text));
    place.message = maker_.lastId();
}

void MixedLog::open(Place& place)
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

bool MixedLog::isForEveryone(Kind kind)
{
    return kind >= Kind::userProfile && kind < Kind::deliveryStatus;
}

void MixedLog::addKind(const Sample& sample)
{
    kinds_.insert(sample.kind);
    if (isForEveryone(sample.kind))
        return addTo(structure_, sample);
    for (Place& place : places_)
        addTo(place, sample);
}

void MixedLog::addTo(Place& place, const Sample& sample)
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

QByteArray MixedLog::aboutThis(const Place& place, QByteArray json)
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

} // namespace holdfast::test
