// How a session comes to life in either dialect.
#pragma once

#include "models/base/error.h"
#include "storage/sql/connection.h"
#include "storage/sql/session.h"

#include <memory>

namespace holdfast::sql {

enum class Access { read, write };

[[nodiscard]] Result<std::unique_ptr<Session>> openFile(const DatabaseFile& file, const SecretBytes& key,
                                                        Access access);
[[nodiscard]] Result<std::unique_ptr<Session>> openPostgres(const PostgresUrl& url, Access access);

} // namespace holdfast::sql
