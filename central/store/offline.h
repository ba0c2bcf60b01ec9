// Verifying and exporting a store that no central serves: also one whose anchor or tree refuses appending.
#pragma once

#include "central/store/config.h"
#include "central/store/export.h"
#include "central/store/verify.h"
#include "models/base/clock.h"
#include "models/base/random.h"

namespace holdfast::store {

// Blocking, on the caller's thread. Nothing is written or migrated. busy: an embedded store is in use.
// `anchors`: as verifyStore().
[[nodiscard]] Result<VerifyReport> verifyOffline(const StoreConfig& config, Clock& clock, RandomSource& random,
                                                 const QString& anchors);
[[nodiscard]] Result<quint64> exportOffline(const StoreConfig& config, Clock& clock, RandomSource& random,
                                            const LineWriter& write);

} // namespace holdfast::store
