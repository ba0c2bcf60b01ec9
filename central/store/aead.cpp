#include "central/store/aead.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace holdfast::store {

namespace {

struct FreeCipher
{
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

// One context per thread: allocating one costs more than encrypting a message.
EVP_CIPHER_CTX* cipherOfThread()
{
    thread_local const Cipher cipher(EVP_CIPHER_CTX_new());
    if (!cipher)
        std::abort(); // out of memory
    return cipher.get();
}

const unsigned char* bytesOf(QByteArrayView view)
{
    return reinterpret_cast<const unsigned char*>(view.data());
}

unsigned char* bytesOf(QByteArray& array, qsizetype offset)
{
    return reinterpret_cast<unsigned char*>(array.data()) + offset;
}

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::corrupt,
                QStringLiteral("An encrypted value of the store does not open. It was changed, or its key is not the "
                               "one it was written with."));
}

} // namespace

QByteArray seal(QByteArrayView key, QByteArrayView associated, QByteArrayView plain, RandomSource& random)
{
    QByteArray out(aeadNonceBytes + plain.size() + aeadTagBytes, Qt::Uninitialized);
    random.fill(std::span(bytesOf(out, 0), static_cast<size_t>(aeadNonceBytes)));
    EVP_CIPHER_CTX* cipher = cipherOfThread();
    int length = 0;
    const bool ok =
        key.size() == aeadKeyBytes &&
        EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), nullptr, bytesOf(key), bytesOf(out, 0)) == 1 &&
        EVP_EncryptUpdate(cipher, nullptr, &length, bytesOf(associated), int(associated.size())) == 1 &&
        EVP_EncryptUpdate(cipher, bytesOf(out, aeadNonceBytes), &length, bytesOf(plain), int(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(cipher, bytesOf(out, aeadNonceBytes + length), &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, int(aeadTagBytes),
                            bytesOf(out, aeadNonceBytes + plain.size())) == 1;
    if (!ok)
        std::abort(); // a key of the wrong length or a broken library: nothing may be written in clear
    return out;
}

Result<QByteArray> unseal(QByteArrayView key, QByteArrayView associated, QByteArrayView sealed)
{
    const qsizetype size = sealed.size() - aeadNonceBytes - aeadTagBytes;
    if (size < 0 || key.size() != aeadKeyBytes)
        return damaged();
    QByteArray out(size, Qt::Uninitialized);
    QByteArray tag = sealed.last(aeadTagBytes).toByteArray();
    EVP_CIPHER_CTX* cipher = cipherOfThread();
    int length = 0;
    unsigned char none = 0;
    const bool ok = EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), nullptr, bytesOf(key), bytesOf(sealed)) == 1 &&
                    EVP_DecryptUpdate(cipher, nullptr, &length, bytesOf(associated), int(associated.size())) == 1 &&
                    EVP_DecryptUpdate(cipher, size ? bytesOf(out, 0) : &none, &length,
                                      bytesOf(sealed.sliced(aeadNonceBytes)), int(size)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, int(aeadTagBytes), bytesOf(tag, 0)) == 1 &&
                    EVP_DecryptFinal_ex(cipher, &none, &length) == 1;
    if (!ok)
        return damaged();
    return out;
}

} // namespace holdfast::store
