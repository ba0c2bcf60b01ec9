// One key wrapped under a passphrase: Argon2id (RFC 9106), then AES-256-GCM (NIST SP 800-38D).
#pragma once

#include "storage/local/key_slots.h"
#include "storage/sql/secret_bytes.h"

namespace holdfast::local {

struct WrappedKey
{
    PassphraseCost cost;
    QByteArray salt;    // 16 bytes
    QByteArray nonce;   // 12 bytes
    QByteArray wrapped; // key and 16 bytes of tag
};

// Lengths fit and the cost is within what a desk may be asked to spend (4 GiB, 1,000 passes, 64 lanes).
[[nodiscard]] bool isPlausible(const WrappedKey& key);
[[nodiscard]] Result<WrappedKey> wrapKey(const sql::SecretBytes& key, const QString& passphrase,
                                         const PassphraseCost& cost, RandomSource& random);
[[nodiscard]] Result<sql::SecretBytes> unwrapKey(const WrappedKey& key, const QString& passphrase); // wrongKey

} // namespace holdfast::local
