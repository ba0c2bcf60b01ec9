// What a database file and its write-ahead log hold once the key is known: every page, free ones included.
#pragma once

#include <QByteArray>
#include <QString>

namespace holdfast::test {

// SQLCipher 4 with a raw key: pages of 4096 bytes, AES-256-CBC, the last 80 bytes of each its IV and MAC. Made with
// OpenSSL alone, so that no code of the product stands between the test and the disk.
[[nodiscard]] QByteArray decryptedPages(const QString& database, const QByteArray& key);

} // namespace holdfast::test
