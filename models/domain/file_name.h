// Names for files that leave the store: the sender's name is text, never a path.
#pragma once

#include "models/domain/file_type.h"

namespace holdfast::domain {

// One path component that is a file's name on every system: no control, direction or invisible characters, no name of
// a device, bounded, and with an ending of its type, so that nothing runs at a double click. A type that does not fit
// its bytes gets ".bin".
[[nodiscard]] QString safeFileName(const QString& name, QStringView mime, TypeCheck check);

} // namespace holdfast::domain
