// Who wrote: finds the person behind a phone number or a provider's user id, or makes one.
#pragma once

#include "central/channels/whatsapp/provider_body.h"
#include "central/store/store.h"

#include <QHash>

namespace holdfast::whatsapp {

// Within one transaction: remembers what it decided, because its entries are only staged after it.
class PeopleFinder
{
public:
    PeopleFinder(store::StoreWriter& writer, std::vector<store::EntryToAppend>& entries)
        : writer_(writer), entries_(entries)
    {}

    // Adds a person.facts entry for someone new, and for new keys of someone known.
    [[nodiscard]] Result<PersonId> find(const Correspondent& sender);

private:
    [[nodiscard]] Result<std::optional<PersonId>> byKey(const QString& key);
    void put(const PersonId& person, const domain::PersonFacts& facts);

    store::StoreWriter& writer_;
    std::vector<store::EntryToAppend>& entries_;
    QHash<QString, PersonId> found_;
    QHash<PersonId, domain::PersonFacts> written_;
};

} // namespace holdfast::whatsapp
