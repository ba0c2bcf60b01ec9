#include "central/channels/whatsapp/send_target.h"

namespace holdfast::whatsapp {
namespace {

constexpr int entriesAfterReply = 200; // the provider's answer follows a reply closely

// Ids that we made for lack of any are nobody's address.
bool isOurs(const QString& id)
{
    return id.startsWith(QStringLiteral("holdfast:"));
}

} // namespace

Result<QString> addressOf(store::StoreReader& reader, const ThreadId& thread)
{
    const auto facts = reader.threads().facts(thread);
    if (!facts)
        return tl::unexpected<Error>(facts.error());
    if (facts->newestCustomer.value > 0) {
        const auto entries = reader.feed().entriesOfThread(thread, facts->newestCustomer, 1);
        if (!entries)
            return tl::unexpected<Error>(entries.error());
        if (!entries->empty() && entries->front().content) {
            const auto content = domain::parseContent(entries->front().kind, *entries->front().content);
            const auto* message = std::get_if<domain::CustomerMessage>(&content);
            if (message && !message->fromAddress.isEmpty() && !isOurs(message->fromAddress))
                return message->fromAddress;
        }
    }
    const auto person = reader.people().person(facts->person);
    if (!person && person.error().code == ErrorCode::notFound)
        return QString();
    if (!person)
        return tl::unexpected<Error>(person.error());
    const QStringList addresses = person->phones + person->providerUserIds;
    for (const QString& address : addresses) {
        if (!isOurs(address))
            return address;
    }
    return QString();
}

Result<QString> providerIdOf(store::StoreReader& reader, const EntryId& message)
{
    const auto entry = reader.feed().entry(message);
    if (!entry && entry.error().code == ErrorCode::notFound)
        return QString();
    if (!entry)
        return tl::unexpected<Error>(entry.error());
    if (!entry->content)
        return QString();
    const auto content = domain::parseContent(entry->kind, *entry->content);
    if (const auto* customer = std::get_if<domain::CustomerMessage>(&content))
        return isOurs(customer->providerId) ? QString() : customer->providerId;
    const auto after = reader.feed().entriesOfThread(entry->thread, entry->threadSeq, entriesAfterReply);
    if (!after)
        return tl::unexpected<Error>(after.error());
    for (const store::FeedEntry& one : *after) {
        if (one.kind != domain::number(domain::Kind::providerAccepted) || !one.content)
            continue;
        const auto parsed = domain::parseContent(one.kind, *one.content);
        const auto* accepted = std::get_if<domain::ProviderAccepted>(&parsed);
        if (accepted && accepted->message == message)
            return accepted->providerId;
    }
    return QString();
}

} // namespace holdfast::whatsapp
