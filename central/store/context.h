// What the row classes work with: one connection, the keys, and the collaborators of its thread.
#pragma once

#include "central/store/incidents.h"
#include "central/store/keyring.h"
#include "central/store/organisation.h"
#include "central/store/thread_keys.h"
#include "models/base/clock.h"
#include "models/base/random.h"
#include "storage/sql/connection.h"

namespace holdfast::store {

class ErasureJournal;

// Belongs to one thread. `writer` is null on reader threads, `incidents` where nobody watches (offline commands).
struct Context
{
    sql::Connection& db;
    sql::WriteConnection* writer;
    const Keyring& keys;
    ThreadKeys& threadKeys;
    const Organisation& organisation;
    Clock& clock;
    RandomSource& random;
    Incidents* incidents = nullptr;
    ErasureJournal* journal = nullptr; // of the appender's thread only

    // One stored value that does not open must not hide its neighbours: it is counted, marked and passed over. False
    // for every other failure, which is the whole call's.
    [[nodiscard]] bool passesOver(const Error& error) const
    {
        if (error.code != ErrorCode::corrupt)
            return false;
        if (incidents)
            ++incidents->damagedValues;
        return true;
    }
};

} // namespace holdfast::store
