// When the bytes of an attachment are needed: one condition for erasure and for the sweep.
#pragma once

#include <QString>

namespace holdfast::local {

// SQL condition on the blob's id: neither a message nor an entry that may still be sent, or be
// given back to a restored central, names it.
[[nodiscard]] QString isUnneeded(const QString& blob);

} // namespace holdfast::local
