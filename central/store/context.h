// What the row classes work with: one connection, the keys, and the collaborators of its thread.
#pragma once

#include "central/store/keyring.h"
#include "central/store/organisation.h"
#include "central/store/thread_keys.h"
#include "models/base/clock.h"
#include "models/base/random.h"
#include "storage/sql/connection.h"

namespace holdfast::store {

class ErasureJournal;

// Belongs to one thread. `writer` is null on reader threads.
struct Context
{
    sql::Connection& db;
    sql::WriteConnection* writer;
    const Keyring& keys;
    ThreadKeys& threadKeys;
    const Organisation& organisation;
    Clock& clock;
    RandomSource& random;
    ErasureJournal* journal = nullptr; // of the appender's thread only
};

} // namespace holdfast::store
