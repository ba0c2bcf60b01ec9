// A reading connection and all that lives on it, for one thread.
#pragma once

#include "central/store/context.h"
#include "storage/sql/database.h"

#include <memory>

namespace holdfast::store {

struct ReaderParts
{
    const sql::Database& database;
    const Keyring& keys;
    const Organisation& organisation;
    Clock& clock;
    RandomSource& random;
    Incidents& incidents;
};

struct ReaderSession
{
    ReaderSession(std::unique_ptr<sql::ReadConnection> opened, const ReaderParts& parts)
        : connection(std::move(opened)),
          threadKeys(parts.keys, parts.random), context{*connection,        nullptr,     parts.keys,   threadKeys,
                                                        parts.organisation, parts.clock, parts.random, &parts.incidents}
    {}
    [[nodiscard]] static Result<std::unique_ptr<ReaderSession>> open(const ReaderParts& parts)
    {
        Result<std::unique_ptr<sql::ReadConnection>> connection = parts.database.openReader();
        if (!connection)
            return tl::unexpected<Error>(connection.error());
        return std::make_unique<ReaderSession>(std::move(*connection), parts);
    }

    std::unique_ptr<sql::ReadConnection> connection;
    ThreadKeys threadKeys;
    Context context;
};

} // namespace holdfast::store
