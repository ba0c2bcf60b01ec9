// Where central's store lives and how it paces itself.
#pragma once

#include <QString>

#include <chrono>

namespace holdfast::store {

struct StoreConfig
{
    QString url;             // "sqlcipher:FILE" or "postgresql://user[:password]@host[:port]/database"
    QString keyDirectory;    // key files, 0600, outside the store and its backups
    QString signerFile;      // the log's signing key; empty: "log.key" in keyDirectory
    QString anchorFile;      // last signed note, outside the database; empty: "anchor.note" in keyDirectory
    QString anchorDirectory; // a checkpoint a day, on storage that is written once; empty: none

    int readers = 2;
    int queueLimit = 4096; // jobs waiting per queue; beyond it: ErrorCode::unavailable
    std::chrono::milliseconds groupWindow{5};
    int groupSize = 256;
    std::chrono::milliseconds checkpointInterval{10000};
};

} // namespace holdfast::store
