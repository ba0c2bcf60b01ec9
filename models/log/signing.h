// Ed25519 keys (RFC 8032) of devices and of the log.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QByteArray>

namespace holdfast::log {

// A private key; its seed is wiped when the object dies. Move-only.
class SigningKey
{
public:
    [[nodiscard]] static Result<SigningKey> fromSeed(QByteArrayView seed); // 32 bytes
    SigningKey(SigningKey&& other) noexcept;
    SigningKey& operator=(SigningKey&& other) noexcept;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    [[nodiscard]] QByteArray publicKey() const;                  // 32 bytes
    [[nodiscard]] QByteArray sign(QByteArrayView message) const; // 64 bytes; thread-safe

private:
    explicit SigningKey(void* key);
    void* key_; // EVP_PKEY, kept out of the header
};

[[nodiscard]] bool verifySignature(QByteArrayView publicKey, QByteArrayView message, QByteArrayView signature);

[[nodiscard]] DeviceId deviceOf(QByteArrayView publicKey);

// "holdfast/entry/v1\n" || org(16) || author_part: what a device signs.
[[nodiscard]] QByteArray entryMessage(const OrgId& org, QByteArrayView authorPart);

// "holdfast/device/v1\n" || token: what a device signs to be bound to the sign-in of that access token.
[[nodiscard]] QByteArray deviceMessage(QByteArrayView token);

// "holdfast/refresh/v1\n" || refresh: what a device signs to renew its token.
[[nodiscard]] QByteArray refreshMessage(QByteArrayView refresh);

// "holdfast/receipt/v1\n" || org(16) || entry_id(16) || commit(32) || u64be(pos) || u64be(epoch): what central signs.
[[nodiscard]] QByteArray receiptMessage(const OrgId& org, const EntryId& entry, const QByteArray& commit, Position pos,
                                        Epoch epoch);

} // namespace holdfast::log
