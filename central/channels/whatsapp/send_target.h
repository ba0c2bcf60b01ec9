// Where a reply goes, and what it quotes, as the log has it.
#pragma once

#include "central/store/session.h"

namespace holdfast::whatsapp {

// The address that the customer wrote from last in this conversation, else one of the person's. Empty: none is known.
[[nodiscard]] Result<QString> addressOf(store::StoreReader& reader, const ThreadId& thread);
// The provider's id of a message of this conversation; empty when it has none.
[[nodiscard]] Result<QString> providerIdOf(store::StoreReader& reader, const EntryId& message);

} // namespace holdfast::whatsapp
