// AES-256-GCM as the store uses it: nonce(12) || ciphertext || tag(16) in one value.
#pragma once

#include "models/base/error.h"
#include "models/base/random.h"

#include <QByteArray>

namespace holdfast::store {

constexpr qsizetype aeadKeyBytes = 32;
constexpr qsizetype aeadNonceBytes = 12;
constexpr qsizetype aeadTagBytes = 16;

// NIST SP 800-38D with random 96-bit nonces; one key sees far fewer than 2^32 values.
[[nodiscard]] QByteArray seal(QByteArrayView key, QByteArrayView associated, QByteArrayView plain,
                              RandomSource& random);
// corrupt: the bytes, the key or what they are bound to differ from what was sealed.
[[nodiscard]] Result<QByteArray> unseal(QByteArrayView key, QByteArrayView associated, QByteArrayView sealed);

} // namespace holdfast::store
