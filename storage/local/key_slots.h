// The file that keeps the database key, wrapped under the passphrase. Blocking calls: run them on a worker.
#pragma once

#include "models/base/error.h"
#include "models/base/random.h"

#include <QString>

#include <optional>

namespace holdfast::sql {
class SecretBytes;
}

namespace holdfast::local {

// Argon2id, RFC 9106.
struct PassphraseCost
{
    quint32 memoryKiB = 64 * 1024;
    quint32 passes = 3;
    quint32 lanes = 1;
    friend bool operator==(const PassphraseCost&, const PassphraseCost&) = default;
};

// Finds the passes that take about one second here, never under 64 MiB and 3 passes.
[[nodiscard]] PassphraseCost calibratedCost();

// Slot A of the file: AES-256-GCM of the 32-byte key under Argon2id(passphrase). Every write is a new file, synced and
// renamed over the old one after it was read back and opened. The device's signing seed is not here but inside the
// encrypted database (DeskSettings): it is never needed without it, and one file less has to agree with another.
class KeySlots
{
public:
    // `cost`: of new slots; nothing: calibrated when one is made. Opening takes the cost that the slot was made with.
    KeySlots(QString file, RandomSource& random, std::optional<PassphraseCost> cost = std::nullopt);

    [[nodiscard]] bool exists() const;
    // conflict if the file exists.
    [[nodiscard]] Status create(const sql::SecretBytes& databaseKey, const QString& passphrase);
    // wrongKey: the passphrase does not open it, and nothing was touched. newerVersion, corrupt, notFound.
    [[nodiscard]] Result<sql::SecretBytes> open(const QString& passphrase) const;
    // The old slot goes only after the new one was read back from disk and opened.
    [[nodiscard]] Status changePassphrase(const QString& oldPassphrase, const QString& newPassphrase);

private:
    [[nodiscard]] Status write(const sql::SecretBytes& databaseKey, const QString& passphrase) const;

    QString file_;
    RandomSource& random_;
    std::optional<PassphraseCost> cost_;
};

} // namespace holdfast::local
