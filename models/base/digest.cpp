#include "models/base/digest.h"

#include <QtEndian>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace holdfast {
namespace {

const unsigned char* raw(QByteArrayView view)
{
    return reinterpret_cast<const unsigned char*>(view.data());
}

struct MdFree
{
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct MacContextFree
{
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

// Only an out-of-memory or a broken OpenSSL makes these fail; there is no way to go on without hashes.
void require(bool good)
{
    if (!good)
        std::abort();
}

EVP_MD* sha256Method()
{
    static EVP_MD* const method =
        EVP_MD_fetch(nullptr, "SHA256", nullptr); // fetched once: a fetch costs more than a hash
    return method;
}

// With its hash chosen: looking that up by name costs more than the MAC of a short text.
EVP_MAC_CTX* newHmac()
{
    static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    EVP_MAC_CTX* const context = EVP_MAC_CTX_new(mac);
    char name[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                     OSSL_PARAM_construct_end()};
    require(EVP_MAC_CTX_set_params(context, parameters) == 1);
    return context;
}

} // namespace

Digest sha256(std::initializer_list<QByteArrayView> parts)
{
    thread_local const std::unique_ptr<EVP_MD_CTX, MdFree> context(EVP_MD_CTX_new());
    Digest digest;
    require(EVP_DigestInit_ex2(context.get(), sha256Method(), nullptr) == 1);
    for (const QByteArrayView part : parts)
        require(EVP_DigestUpdate(context.get(), raw(part), static_cast<size_t>(part.size())) == 1);
    require(EVP_DigestFinal_ex(context.get(), digest.bytes.data(), nullptr) == 1);
    return digest;
}

Digest hmacSha256(QByteArrayView key, std::initializer_list<QByteArrayView> parts)
{
    thread_local const std::unique_ptr<EVP_MAC_CTX, MacContextFree> context(newHmac());
    Digest digest;
    size_t size = 0;
    static const unsigned char empty = 0;
    require(EVP_MAC_init(context.get(), key.isEmpty() ? &empty : raw(key), static_cast<size_t>(key.size()), nullptr) ==
            1);
    for (const QByteArrayView part : parts)
        require(EVP_MAC_update(context.get(), raw(part), static_cast<size_t>(part.size())) == 1);
    require(EVP_MAC_final(context.get(), digest.bytes.data(), &size, digest.bytes.size()) == 1);
    return digest;
}

bool equalConstantTime(QByteArrayView left, QByteArrayView right)
{
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), static_cast<size_t>(left.size())) == 0;
}

QByteArray bigEndian32(quint32 value)
{
    QByteArray out(4, Qt::Uninitialized);
    qToBigEndian(value, out.data());
    return out;
}

QByteArray bigEndian64(quint64 value)
{
    QByteArray out(8, Qt::Uninitialized);
    qToBigEndian(value, out.data());
    return out;
}

} // namespace holdfast
