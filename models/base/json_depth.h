// How deep a JSON text nests, told before a parser sees it, so that no depth can exhaust its stack or ours.
#pragma once

#include <QByteArrayView>

namespace holdfast {

// Counts brackets outside strings. True as soon as more than `limit` are open.
[[nodiscard]] bool nestsDeeperThan(QByteArrayView json, int limit);

} // namespace holdfast
