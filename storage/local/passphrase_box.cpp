#include "storage/local/passphrase_box.h"

#include <QElapsedTimer>

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstring>
#include <memory>

namespace holdfast::local {
namespace {

constexpr int keyBytes = 32;
constexpr int saltBytes = 16;
constexpr int nonceBytes = 12;
constexpr int tagBytes = 16;
constexpr qint64 aimedMilliseconds = 1000;
const QByteArray domain = QByteArrayLiteral("holdfast/desk-key/v1"); // bound as associated data

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* raw(const QByteArray& bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.constData());
}

unsigned char* raw(sql::SecretBytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}

// The same text typed on another keyboard or system must give the same bytes: NFC, then UTF-8.
Result<sql::SecretBytes> derive(const QString& passphrase, const QByteArray& salt, const PassphraseCost& cost)
{
    QByteArray typed = passphrase.normalized(QString::NormalizationForm_C).toUtf8();
    sql::SecretBytes key(keyBytes);
    const int code =
        argon2id_hash_raw(cost.passes, cost.memoryKiB, cost.lanes, typed.constData(), static_cast<size_t>(typed.size()),
                          salt.constData(), static_cast<size_t>(salt.size()), key.data(), keyBytes);
    OPENSSL_cleanse(typed.data(), static_cast<size_t>(typed.size()));
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
        return fail(ErrorCode::busy, QStringLiteral("There is not enough memory to check the passphrase. Close other "
                                                    "programs and try again."));
    if (code != ARGON2_OK)
        return fail(ErrorCode::internal, QStringLiteral("The passphrase could not be checked."));
    return key;
}

} // namespace

PassphraseCost calibratedCost()
{
    PassphraseCost cost;
    const QByteArray salt(saltBytes, 's');
    QElapsedTimer timer;
    timer.start();
    if (!derive(QStringLiteral("calibration"), salt, cost))
        return cost;
    const qint64 spent = qMax<qint64>(1, timer.elapsed());
    const qint64 passes = cost.passes * aimedMilliseconds / spent;
    cost.passes = static_cast<quint32>(qBound<qint64>(cost.passes, passes, 100));
    return cost;
}

bool isPlausible(const WrappedKey& key)
{
    constexpr quint32 mostMemoryKiB = 4 * 1024 * 1024;
    return key.salt.size() == saltBytes && key.nonce.size() == nonceBytes &&
           key.wrapped.size() == keyBytes + tagBytes && key.cost.lanes >= 1 && key.cost.lanes <= 64 &&
           key.cost.passes >= 1 && key.cost.passes <= 1000 && key.cost.memoryKiB >= 8 * key.cost.lanes &&
           key.cost.memoryKiB <= mostMemoryKiB;
}

Result<WrappedKey> wrapKey(const sql::SecretBytes& key, const QString& passphrase, const PassphraseCost& cost,
                           RandomSource& random)
{
    WrappedKey slot{cost, random.bytes(saltBytes), random.bytes(nonceBytes), QByteArray(keyBytes + tagBytes, 0)};
    Result<sql::SecretBytes> wrapping = derive(passphrase, slot.salt, cost);
    if (!wrapping)
        return tl::unexpected(wrapping.error());
    const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    auto* out = reinterpret_cast<unsigned char*>(slot.wrapped.data());
    int length = 0;
    const bool good =
        cipher && key.size() == keyBytes &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(*wrapping), raw(slot.nonce)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &length, raw(domain), static_cast<int>(domain.size())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), out, &length, reinterpret_cast<const unsigned char*>(key.view().data()),
                          keyBytes) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), out + keyBytes, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tagBytes, out + keyBytes) == 1;
    if (!good)
        return fail(ErrorCode::internal, QStringLiteral("The key of this desk could not be wrapped."));
    return slot;
}

Result<sql::SecretBytes> unwrapKey(const WrappedKey& slot, const QString& passphrase)
{
    Result<sql::SecretBytes> wrapping = derive(passphrase, slot.salt, slot.cost);
    if (!wrapping)
        return tl::unexpected(wrapping.error());
    const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    sql::SecretBytes key(keyBytes);
    QByteArray tag = slot.wrapped.right(tagBytes);
    int length = 0;
    const bool good =
        cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(*wrapping), raw(slot.nonce)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &length, raw(domain), static_cast<int>(domain.size())) == 1 &&
        EVP_DecryptUpdate(cipher.get(), raw(key), &length, raw(slot.wrapped), keyBytes) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tagBytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), raw(key) + keyBytes, &length) == 1;
    if (!good)
        return fail(ErrorCode::wrongKey,
                    QStringLiteral("This passphrase does not open the desk. Nothing was changed; try again."));
    return key;
}

} // namespace holdfast::local
