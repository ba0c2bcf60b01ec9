#include "central/store/keyring.h"

#include "central/store/aead.h"
#include "storage/files/durable_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <openssl/crypto.h>

#include <utility>

namespace holdfast::store {

namespace {

QString pathOf(const QString& directory, QStringView name)
{
    return QDir(directory).filePath(name.toString());
}

QString signerPath(const QString& directory, const QString& signerFile)
{
    return signerFile.isEmpty() ? pathOf(directory, u"log.key") : signerFile;
}

// What a new store needs.
QStringList filesOf(const QString& directory, const QString& signerFile)
{
    QStringList paths{signerPath(directory, signerFile)};
    for (const QStringView name : {u"store.key", u"lookup.key", u"cursor.key", u"kek-1.key"})
        paths.append(pathOf(directory, name));
    return paths;
}

// Durable before anything is written that only this key opens.
Status writeKey(const QString& path, RandomSource& random)
{
    const Status written = files::createDurably(path, random.bytes(aeadKeyBytes).toHex() + '\n');
    if (written || written.error().code == ErrorCode::conflict)
        return written;
    return fail(written.error().code,
                QStringLiteral("The key file %1 could not be written. Check that the directory exists, is writable and "
                               "is on a disk with space.")
                    .arg(path));
}

Error missing(const QString& path)
{
    return {
        ErrorCode::notFound,
        QStringLiteral("The key file %1 is missing. Without it the store's contents cannot be read: put it back from "
                       "your copy of the key directory. For a new organisation, run \"holdfast-admin init\" first.")
            .arg(path)};
}

Result<QByteArray> readKey(const QString& path)
{
    QFile file(path);
    if (!file.exists()) {
        return tl::unexpected(missing(path));
    }
    const auto others =
        QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;
    if (file.permissions() & others) {
        return fail(ErrorCode::denied,
                    QStringLiteral("The key file %1 can be read by others. Set its mode to 0600.").arg(path));
    }
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::io, QStringLiteral("The key file %1 could not be read.").arg(path));
    const QByteArray hex = file.read(256).trimmed();
    const QByteArray key = QByteArray::fromHex(hex);
    if (hex.size() != 64 || key.toHex() != hex.toLower())
        return fail(ErrorCode::corrupt, QStringLiteral("The key file %1 does not hold 64 hex digits.").arg(path));
    return key;
}

// Public: what was signed when the log's key changed, 256 hex digits each.
QString handoversPath(const QString& signer)
{
    return signer + QStringLiteral(".handovers");
}

Result<std::vector<log::KeyHandover>> readHandovers(const QString& signer)
{
    const QString path = handoversPath(signer);
    if (!QFileInfo::exists(path))
        return std::vector<log::KeyHandover>();
    constexpr qint64 most = 1024 * 1024;
    const Result<QByteArray> hex = files::readSmallFile(path, most);
    if (!hex)
        return tl::unexpected<Error>(hex.error());
    auto handovers = log::decodeHandovers(QByteArray::fromHex(*hex));
    if (!handovers || log::encode(*handovers).toHex() != hex->trimmed())
        return fail(ErrorCode::corrupt,
                    QStringLiteral("The file %1 is damaged: it tells how the log's key changed. Put it back from your "
                                   "copy of the key directory.")
                        .arg(path));
    return std::move(*handovers);
}

void wipe(QByteArray& key)
{
    if (!key.isEmpty())
        OPENSSL_cleanse(key.data(), size_t(key.size()));
}

Result<log::SigningKey> readSigner(const QString& path)
{
    Result<QByteArray> seed = readKey(path);
    if (!seed)
        return tl::unexpected<Error>(seed.error());
    Result<log::SigningKey> key = log::SigningKey::fromSeed(*seed);
    wipe(*seed);
    return key;
}

} // namespace

Status Keyring::create(const QString& directory, const QString& signerFile, RandomSource& random)
{
    const QStringList paths = filesOf(directory, signerFile);
    for (const QString& path : paths) {
        if (QFileInfo::exists(path)) {
            return fail(ErrorCode::conflict,
                        QStringLiteral("There is a key file already: %1. A new store needs a key directory of its own.")
                            .arg(path));
        }
    }
    if (const Status made = files::makePrivateFolder(directory); !made)
        return fail(made.error().code, QStringLiteral("The key directory %1 could not be made.").arg(directory));
    for (qsizetype i = 0; i < paths.size(); ++i) {
        if (const Status written = writeKey(paths.at(i), random); !written) {
            for (qsizetype made = 0; made < i; ++made)
                QFile::remove(paths.at(made));
            return written;
        }
    }
    return {};
}

void Keyring::discard(const QString& directory, const QString& signerFile)
{
    for (const QString& path : filesOf(directory, signerFile))
        QFile::remove(path);
}

Result<Keyring> Keyring::load(const QString& directory, const QString& signerFile)
{
    const QString signer = signerPath(directory, signerFile);
    Result<log::SigningKey> logKey = readSigner(signer);
    if (!logKey)
        return tl::unexpected<Error>(logKey.error());
    Result<std::vector<log::KeyHandover>> handovers = readHandovers(signer);
    if (!handovers)
        return tl::unexpected<Error>(handovers.error());

    Keyring ring(std::move(*logKey));
    ring.handovers_ = std::move(*handovers);
    const std::pair<QStringView, QByteArray*> files[] = {
        {u"store.key", &ring.databaseKey_}, {u"lookup.key", &ring.lookupKey_}, {u"cursor.key", &ring.cursorKey_}};
    for (const auto& [name, key] : files) {
        Result<QByteArray> bytes = readKey(pathOf(directory, name));
        if (!bytes)
            return tl::unexpected<Error>(bytes.error());
        *key = std::move(*bytes);
    }
    static const QRegularExpression kekName(QStringLiteral("^kek-([1-9][0-9]{0,9})\\.key$"));
    for (const QString& name : QDir(directory).entryList({QStringLiteral("kek-*.key")}, QDir::Files)) {
        const QRegularExpressionMatch match = kekName.match(name);
        if (!match.hasMatch())
            continue;
        Result<QByteArray> bytes = readKey(pathOf(directory, name));
        if (!bytes)
            return tl::unexpected<Error>(bytes.error());
        const quint64 epoch = match.captured(1).toULongLong();
        ring.keks_.emplace(epoch, std::move(*bytes));
        ring.kekEpoch_ = std::max(ring.kekEpoch_, epoch);
    }
    if (ring.keks_.empty())
        return tl::unexpected(missing(pathOf(directory, u"kek-1.key")));
    return ring;
}

Status Keyring::changeLogKey(const QString& directory, const QString& signerFile, const OrgId& org,
                             RandomSource& random)
{
    const QString signer = signerPath(directory, signerFile);
    const QString next = signer + QStringLiteral(".next");
    const Result<log::SigningKey> old = readSigner(signer);
    if (!old)
        return tl::unexpected<Error>(old.error());
    if (QFileInfo::exists(next)) {
        const Result<log::SigningKey> left = readSigner(next);
        if (left && left->publicKey() == old->publicKey()) // only the tidying was missing
            QFile::remove(next);
    }
    if (!QFileInfo::exists(next)) {
        if (const Status written = writeKey(next, random); !written)
            return written;
    }
    Result<QByteArray> seed = readKey(next);
    const Result<log::SigningKey> fresh = readSigner(next);
    if (!seed || !fresh)
        return tl::unexpected<Error>(seed ? fresh.error() : seed.error());
    Result<std::vector<log::KeyHandover>> handovers = readHandovers(signer);
    if (!handovers)
        return tl::unexpected<Error>(handovers.error());
    const log::KeyHandover handover = log::handOver(org, *old, fresh->publicKey());
    if (handovers->empty() || handovers->back() != handover) { // signatures of Ed25519 are the same each time
        // A change that was given up must not lead astray.
        std::erase_if(*handovers, [&](const log::KeyHandover& other) { return other.previous == handover.previous; });
        handovers->push_back(handover);
        if (const Status kept = files::writeDurably(handoversPath(signer), log::encode(*handovers).toHex() + '\n');
            !kept)
            return kept;
    }
    // Replaces the old key only once what it signed is safe.
    const Status replaced = files::writeDurably(signer, seed->toHex() + '\n');
    wipe(*seed);
    if (replaced)
        QFile::remove(next);
    return replaced;
}

std::optional<std::vector<log::KeyHandover>> Keyring::changesSince(const OrgId& org, const QByteArray& key) const
{
    std::vector<log::KeyHandover> path = log::handoversFrom(org, key, handovers_);
    const QByteArray ours = logKey_.publicKey();
    while (!path.empty() && path.back().next != ours)
        path.pop_back();
    if (path.empty() && key != ours)
        return std::nullopt;
    return path;
}

Keyring::~Keyring()
{
    wipe(databaseKey_);
    wipe(lookupKey_);
    wipe(cursorKey_);
    for (auto& [epoch, key] : keks_)
        wipe(key);
}

Digest Keyring::lookup(QByteArrayView purpose, QByteArrayView identifier) const
{
    return hmacSha256(lookupKey_,
                      {"holdfast/lookup/v1", QByteArrayView("\0", 1), purpose, QByteArrayView("\0", 1), identifier});
}

Result<QByteArray> Keyring::kek(quint64 epoch) const
{
    const auto found = keks_.find(epoch);
    if (found == keks_.end()) {
        return fail(ErrorCode::notFound,
                    QStringLiteral("The key-encryption key of epoch %1 is not in the key directory: what it "
                                   "wrapped was erased, or the file must be put back.")
                        .arg(epoch));
    }
    return found->second;
}

} // namespace holdfast::store
