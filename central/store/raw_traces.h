// The raw webhook bodies that brought what is to be erased.
#pragma once

#include "central/store/erasures.h"

namespace holdfast::store {

// Inbox ids of the projected bodies that name a message of the plan: what they said is in the log. One that still waits
// is not of an entry that exists. Opens every body that is kept, so it is no work for the
// appender.
[[nodiscard]] Result<std::vector<qint64>> rawBodiesOf(Context& context, const std::vector<ThreadErasure>& plan);

} // namespace holdfast::store
