#include "storage/sql/secret_bytes.h"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace holdfast::sql {

SecretBytes::SecretBytes(qsizetype size) : bytes_(std::make_unique<char[]>(static_cast<size_t>(size))), size_(size) {}

SecretBytes SecretBytes::copyOf(QByteArrayView bytes)
{
    SecretBytes secret(bytes.size());
    if (!bytes.isEmpty())
        std::memcpy(secret.data(), bytes.data(), static_cast<size_t>(bytes.size()));
    return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0))
{}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept
{
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

SecretBytes::~SecretBytes()
{
    wipe();
}

void SecretBytes::wipe()
{
    if (bytes_)
        OPENSSL_cleanse(bytes_.get(), static_cast<size_t>(size_));
    bytes_.reset();
    size_ = 0;
}

} // namespace holdfast::sql
