#include "tests/local/decrypted_pages.h"

#include <QFile>

#include <openssl/evp.h>

#include <memory>

namespace holdfast::test {
namespace {

constexpr qsizetype pageBytes = 4096;
constexpr qsizetype reservedBytes = 80; // IV 16, HMAC-SHA-512 64
constexpr qsizetype saltBytes = 16;
constexpr qsizetype walHeaderBytes = 32;
constexpr qsizetype frameHeaderBytes = 24;

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray decrypted(QByteArrayView page, bool isFirst, const QByteArray& key)
{
    const qsizetype skipped = isFirst ? saltBytes : 0;
    const QByteArrayView cipher = page.sliced(skipped, pageBytes - reservedBytes - skipped);
    const QByteArrayView iv = page.sliced(pageBytes - reservedBytes, 16);
    QByteArray plain(cipher.size() + 16, '\0');
    const auto bytes = [](QByteArrayView view) { return reinterpret_cast<const unsigned char*>(view.data()); };
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  EVP_CIPHER_CTX_free);
    int size = 0;
    EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, bytes(key), bytes(iv));
    EVP_CIPHER_CTX_set_padding(context.get(), 0);
    EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char*>(plain.data()), &size, bytes(cipher),
                      static_cast<int>(cipher.size()));
    plain.truncate(size);
    return plain;
}

} // namespace

QByteArray decryptedPages(const QString& database, const QByteArray& key)
{
    QByteArray plain;
    const QByteArray file = contentOf(database);
    for (qsizetype at = 0; at + pageBytes <= file.size(); at += pageBytes)
        plain += decrypted(QByteArrayView(file).sliced(at, pageBytes), at == 0, key);
    const QByteArray wal = contentOf(database + QStringLiteral("-wal"));
    constexpr qsizetype frame = frameHeaderBytes + pageBytes;
    for (qsizetype at = walHeaderBytes; at + frame <= wal.size(); at += frame) {
        const bool isFirst = wal.mid(at, 4) == QByteArray::fromHex("00000001");
        plain += decrypted(QByteArrayView(wal).sliced(at + frameHeaderBytes, pageBytes), isFirst, key);
    }
    return plain;
}

} // namespace holdfast::test
