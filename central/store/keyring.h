// The keys of a store: files in a directory outside it. Lost keys mean lost contents; they are never made anew
// silently.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/random.h"
#include "models/log/signing.h"

#include <QByteArray>
#include <QString>

#include <map>

namespace holdfast::store {

// Immutable after loading, so every thread may use it.
class Keyring
{
public:
    // Makes the directory (0700) and the files (0600). conflict when any of them exists.
    [[nodiscard]] static Status create(const QString& directory, const QString& signerFile, RandomSource& random);
    // What create() made, after a later step failed: the next try must find no keys.
    static void discard(const QString& directory, const QString& signerFile);
    // notFound names the missing file; denied when a file can be read by others.
    [[nodiscard]] static Result<Keyring> load(const QString& directory, const QString& signerFile);

    Keyring(Keyring&&) noexcept = default;
    Keyring& operator=(Keyring&&) noexcept = default;
    Keyring(const Keyring&) = delete;
    Keyring& operator=(const Keyring&) = delete;
    ~Keyring();

    [[nodiscard]] const log::SigningKey& logKey() const { return logKey_; }
    [[nodiscard]] const QByteArray& databaseKey() const { return databaseKey_; }          // of the embedded store
    [[nodiscard]] const QByteArray& cursorKey() const { return cursorKey_; }              // MAC of feed cursors
    [[nodiscard]] Digest lookup(QByteArrayView purpose, QByteArrayView identifier) const; // HMAC of an identifier
    [[nodiscard]] quint64 kekEpoch() const { return kekEpoch_; }                          // newest
    [[nodiscard]] Result<QByteArray> kek(quint64 epoch) const; // notFound: destroyed, and with it what it wrapped

private:
    explicit Keyring(log::SigningKey logKey) : logKey_(std::move(logKey)) {}
    log::SigningKey logKey_;
    QByteArray databaseKey_;
    QByteArray lookupKey_;
    QByteArray cursorKey_;
    std::map<quint64, QByteArray> keks_;
    quint64 kekEpoch_ = 0;
};

} // namespace holdfast::store
