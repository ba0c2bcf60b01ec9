// Which key signs the log, as the store recorded it: settings that change with each log.key entry.
#pragma once

#include "models/log/key_handover.h"
#include "storage/sql/connection.h"

namespace holdfast::store {

class Keyring;

[[nodiscard]] Result<QByteArray> logKeyInForce(sql::Connection& db);
[[nodiscard]] Result<std::vector<log::KeyHandover>> recordedHandovers(sql::Connection& db); // in order
[[nodiscard]] Status recordHandover(sql::Connection& db, const log::KeyHandover& handover);

// Every key that ever signed this log, as far as store and key directory know.
[[nodiscard]] Result<std::vector<QByteArray>> knownLogKeys(sql::Connection& db, const Keyring& keys);

} // namespace holdfast::store
