// Reads the faults that the control endpoint is asked for.
#pragma once

#include "models/base/error.h"
#include "phone/faults.h"

#include <QJsonObject>

namespace holdfast::phone {

// `{"sends": [{"kind", "status"?, "code"?, "ms"?, "count"?}], "media": [{"kind", "count"?}],
//   "webhooks": [{"kind", "ms"?, "retry"?, "count"?}]}`; all or nothing is taken.
[[nodiscard]] Status orderFaults(const QJsonObject& orders, Faults& faults);

} // namespace holdfast::phone
