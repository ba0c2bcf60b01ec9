#include "models/log/signing.h"

#include "models/base/digest.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>
#include <utility>

namespace holdfast::log {
namespace {

constexpr qsizetype keyBytes = 32;
constexpr qsizetype signatureBytes = 64;

struct KeyFree
{
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct MdFree
{
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// With a good key only an out-of-memory or a broken OpenSSL fails; an unsigned entry must not go on.
void require(bool good)
{
    if (!good)
        std::abort();
}

const unsigned char* raw(QByteArrayView view)
{
    return reinterpret_cast<const unsigned char*>(view.data());
}

EVP_PKEY* handle(void* key)
{
    return static_cast<EVP_PKEY*>(key);
}

} // namespace

SigningKey::SigningKey(void* key) : key_(key) {}

SigningKey::SigningKey(SigningKey&& other) noexcept : key_(std::exchange(other.key_, nullptr)) {}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept
{
    std::swap(key_, other.key_);
    return *this;
}

SigningKey::~SigningKey()
{
    EVP_PKEY_free(handle(key_)); // wipes the seed
}

Result<SigningKey> SigningKey::fromSeed(QByteArrayView seed)
{
    if (seed.size() != keyBytes)
        return fail(ErrorCode::invalidInput, QStringLiteral("A signing key must have exactly 32 bytes."));
    EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(seed), static_cast<size_t>(keyBytes));
    if (!key)
        return fail(ErrorCode::internal, QStringLiteral("The signing key could not be loaded. Start Holdfast again."));
    return SigningKey(key);
}

QByteArray SigningKey::publicKey() const
{
    QByteArray out(keyBytes, Qt::Uninitialized);
    auto size = static_cast<size_t>(out.size());
    require(EVP_PKEY_get_raw_public_key(handle(key_), reinterpret_cast<unsigned char*>(out.data()), &size) == 1);
    return out;
}

QByteArray SigningKey::sign(QByteArrayView message) const
{
    const std::unique_ptr<EVP_MD_CTX, MdFree> context(EVP_MD_CTX_new());
    QByteArray out(signatureBytes, Qt::Uninitialized);
    auto size = static_cast<size_t>(out.size());
    require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle(key_)) == 1);
    require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, raw(message),
                           static_cast<size_t>(message.size())) == 1);
    return out;
}

bool verifySignature(QByteArrayView publicKey, QByteArrayView message, QByteArrayView signature)
{
    if (publicKey.size() != keyBytes || signature.size() != signatureBytes)
        return false;
    const std::unique_ptr<EVP_PKEY, KeyFree> key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(publicKey), static_cast<size_t>(keyBytes)));
    const std::unique_ptr<EVP_MD_CTX, MdFree> context(EVP_MD_CTX_new());
    return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), raw(signature), static_cast<size_t>(signatureBytes), raw(message),
                            static_cast<size_t>(message.size())) == 1;
}

DeviceId deviceOf(QByteArrayView publicKey)
{
    const Digest digest = sha256({publicKey});
    return *DeviceId::fromBytes(QByteArrayView(digest.bytes.data(), DeviceId::size));
}

QByteArray entryMessage(const OrgId& org, QByteArrayView authorPart)
{
    QByteArray message("holdfast/entry/v1\n");
    message.append(org.toBytes());
    message.append(authorPart);
    return message;
}

QByteArray deviceMessage(QByteArrayView token)
{
    return QByteArray("holdfast/device/v1\n").append(token);
}

QByteArray refreshMessage(QByteArrayView refresh)
{
    return QByteArray("holdfast/refresh/v1\n").append(refresh);
}

QByteArray receiptMessage(const OrgId& org, const EntryId& entry, const QByteArray& commit, Position pos, Epoch epoch)
{
    return QByteArray("holdfast/receipt/v1\n") + org.toBytes() + entry.toBytes() + commit + bigEndian64(pos.value) +
           bigEndian64(epoch.value);
}

} // namespace holdfast::log
