// From a store's URL to its database, with the lock that keeps a second process out of an embedded one.
#pragma once

#include "central/store/config.h"
#include "central/store/keyring.h"
#include "storage/sql/database.h"
#include "storage/sql/database_files.h"

#include <memory>
#include <optional>

namespace holdfast::store {

struct OpenDatabase
{
    std::optional<sql::DatabaseLock> lock; // of the embedded store
    std::unique_ptr<sql::Database> database;
};

// Path of an embedded store; nothing for PostgreSQL; invalidInput for anything else.
[[nodiscard]] Result<std::optional<QString>> embeddedPath(const StoreConfig& config);
[[nodiscard]] Result<OpenDatabase> openDatabase(const StoreConfig& config, const Keyring& keys, sql::OpenMode mode);
[[nodiscard]] QString anchorPath(const StoreConfig& config);
[[nodiscard]] QString
journalPath(const StoreConfig& config); // of erasures; beside the keys, never in the store's backups

} // namespace holdfast::store
