// The whole log as JSON Lines: docs/log-format.md.
#pragma once

#include "models/base/error.h"

#include <QByteArray>

#include <functional>

namespace holdfast::store {

struct Context;

// Called once per line, with its "\n"; an error ends the export.
using LineWriter = std::function<Status(QByteArrayView line)>;

// Answers the number of entries written. One consistent view.
[[nodiscard]] Result<quint64> exportJsonl(Context& context, const LineWriter& write);

} // namespace holdfast::store
