// The steps by which a SQLCipher file becomes a usable connection.
#pragma once

#include "models/base/error.h"
#include "storage/sql/secret_bytes.h"
#include "storage/sql/sqlcipher_driver.h"

struct sqlite3;

namespace holdfast::sql {

// Opens, keys, checks key and version, then applies the settings of the role. The caller closes the handle. After a
// failure no file is new or changed.
[[nodiscard]] Result<sqlite3*> connectSqlCipher(const QString& path, const SqlCipherSettings& settings,
                                                const SecretBytes& key);

} // namespace holdfast::sql
