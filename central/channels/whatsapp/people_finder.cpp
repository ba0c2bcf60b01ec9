#include "central/channels/whatsapp/people_finder.h"

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;

bool isPhone(const QString& key)
{
    return key.startsWith(u'+');
}

// Phone before user id: the phone is what other systems know the person by.
QStringList keysOf(const Correspondent& sender)
{
    QStringList keys;
    if (!sender.phone.isEmpty())
        keys.append(sender.phone);
    return keys + sender.userIds;
}

// True if the key is new to these facts.
bool addKey(domain::PersonFacts& facts, const QString& key)
{
    QList<QString>& list = isPhone(key) ? facts.phones : facts.providerUserIds;
    if (list.contains(key))
        return false;
    list.append(key);
    return true;
}

} // namespace

Result<std::optional<PersonId>> PeopleFinder::byKey(const QString& key)
{
    if (const auto found = found_.constFind(key); found != found_.constEnd())
        return std::optional(*found);
    auto person = isPhone(key) ? writer_.people().personByPhone(key) : writer_.people().personByProviderUser(key);
    if (person && *person)
        found_.insert(key, **person);
    return person;
}

Result<PersonId> PeopleFinder::find(const Correspondent& sender)
{
    const QStringList keys = keysOf(sender);
    std::optional<PersonId> person;
    QStringList unknown;
    for (const QString& key : keys + sender.formerKeys) {
        const auto found = byKey(key);
        if (!found)
            return tl::unexpected<Error>(found.error());
        if (*found && !person)
            person = **found;
        else if (!*found && keys.contains(key))
            unknown.append(key);
    }
    if (person && unknown.isEmpty())
        return *person;

    domain::PersonFacts facts;
    facts.name = sender.name.isEmpty() ? keys.value(0, u"Unknown sender"_s) : sender.name;
    facts.asOf = writer_.clock().now();
    if (person) {
        const auto stored = written_.contains(*person) ? Result<domain::PersonFacts>(written_.value(*person))
                                                       : writer_.people().person(*person);
        if (!stored && stored.error().code != ErrorCode::notFound)
            return tl::unexpected<Error>(stored.error());
        if (stored)
            facts = *stored; // with its time: this is nothing newer from the system that keeps the facts
    }
    bool more = !person;
    for (const QString& key : std::as_const(unknown))
        more = addKey(facts, key) || more;
    const PersonId whose = person.value_or(PersonId());
    const PersonId id = person ? whose : writer_.random().id<PersonId>();
    for (const QString& key : std::as_const(unknown))
        found_.insert(key, id);
    if (more)
        put(id, facts);
    return id;
}

void PeopleFinder::put(const PersonId& person, const domain::PersonFacts& facts)
{
    auto entry = store::centralEntry(writer_.clock(), writer_.random(), person, domain::Kind::personFacts,
                                     domain::toJson(facts));
    entry.newThreadScope = writer_.organisation().everyone;
    entries_.push_back(std::move(entry));
    written_.insert(person, facts);
}

} // namespace holdfast::whatsapp
