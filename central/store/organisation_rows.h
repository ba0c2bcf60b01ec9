// The organisation's fixed ids, kept as settings.
#pragma once

#include "central/store/organisation.h"
#include "models/base/error.h"
#include "storage/sql/connection.h"

namespace holdfast::store {

[[nodiscard]] Status saveOrganisation(sql::Connection& db, const Organisation& organisation);
[[nodiscard]] Result<Organisation> loadOrganisation(sql::Connection& db);

} // namespace holdfast::store
