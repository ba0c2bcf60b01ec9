#include "storage/local/key_slots.h"

#include "models/base/digest.h"
#include "storage/files/durable_file.h"
#include "storage/local/passphrase_box.h"
#include "storage/sql/secret_bytes.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::local {
namespace {

constexpr int slotsVersion = 1;
constexpr qint64 maxSlotsBytes = 64 * 1024;
constexpr qsizetype keyBytes = 32;

QString base64(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

QByteArray toJson(const WrappedKey& slot)
{
    const QJsonObject passphrase{
        {QStringLiteral("kdf"), QStringLiteral("argon2id")},
        {QStringLiteral("memory_kib"), static_cast<qint64>(slot.cost.memoryKiB)},
        {QStringLiteral("passes"), static_cast<qint64>(slot.cost.passes)},
        {QStringLiteral("lanes"), static_cast<qint64>(slot.cost.lanes)},
        {QStringLiteral("salt"), base64(slot.salt)},
        {QStringLiteral("nonce"), base64(slot.nonce)},
        {QStringLiteral("wrapped"), base64(slot.wrapped)},
    };
    return QJsonDocument(QJsonObject{{QStringLiteral("version"), slotsVersion}, {QStringLiteral("a"), passphrase}})
        .toJson(QJsonDocument::Indented);
}

Error damaged()
{
    return {ErrorCode::corrupt, QStringLiteral("The file with this desk's key slots is damaged. Nothing was changed.")};
}

Result<WrappedKey> slotOf(const QByteArray& json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const int version = object.value(QLatin1String("version")).toInt();
    if (version > slotsVersion)
        return fail(ErrorCode::newerVersion,
                    QStringLiteral("This desk was set up by a newer Holdfast. Install that version to open it."));
    const QJsonObject slot = object.value(QLatin1String("a")).toObject();
    const auto number = [&slot](QLatin1String name) {
        return static_cast<quint32>(qBound(qint64(0), slot.value(name).toInteger(), qint64(0xffffffff)));
    };
    const auto bytes = [&slot](QLatin1String name) {
        return QByteArray::fromBase64(slot.value(name).toString().toLatin1());
    };
    WrappedKey key{
        {number(QLatin1String("memory_kib")), number(QLatin1String("passes")), number(QLatin1String("lanes"))},
        bytes(QLatin1String("salt")),
        bytes(QLatin1String("nonce")),
        bytes(QLatin1String("wrapped"))};
    if (version != slotsVersion || slot.value(QLatin1String("kdf")).toString() != QLatin1String("argon2id") ||
        !isPlausible(key))
        return tl::unexpected(damaged());
    return key;
}

Result<WrappedKey> readSlot(const QString& file)
{
    const Result<QByteArray> json = files::readSmallFile(file, maxSlotsBytes);
    if (!json && json.error().code == ErrorCode::tooLarge)
        return tl::unexpected(damaged());
    return json ? slotOf(*json) : tl::unexpected(json.error());
}

} // namespace

KeySlots::KeySlots(QString file, RandomSource& random, std::optional<PassphraseCost> cost)
    : file_(std::move(file)), random_(random), cost_(cost)
{}

bool KeySlots::exists() const
{
    return QFile::exists(file_);
}

Status KeySlots::create(const sql::SecretBytes& databaseKey, const QString& passphrase)
{
    if (exists())
        return fail(ErrorCode::conflict, QStringLiteral("This desk already has a passphrase. Unlock it instead."));
    return write(databaseKey, passphrase);
}

Result<sql::SecretBytes> KeySlots::open(const QString& passphrase) const
{
    const Result<WrappedKey> slot = readSlot(file_);
    if (!slot)
        return tl::unexpected(slot.error());
    return unwrapKey(*slot, passphrase);
}

Status KeySlots::changePassphrase(const QString& oldPassphrase, const QString& newPassphrase)
{
    const Result<sql::SecretBytes> key = open(oldPassphrase);
    if (!key)
        return tl::unexpected(key.error());
    return write(*key, newPassphrase);
}

// The new slot is proved on disk under another name first, so a bad disk or a bad write never costs the old one.
Status KeySlots::write(const sql::SecretBytes& databaseKey, const QString& passphrase) const
{
    if (databaseKey.size() != keyBytes)
        return fail(ErrorCode::internal, QStringLiteral("The key of this desk has a wrong length."));
    if (passphrase.isEmpty())
        return fail(ErrorCode::invalidInput, QStringLiteral("The passphrase is empty. Choose one."));
    const Result<WrappedKey> slot = wrapKey(databaseKey, passphrase, cost_ ? *cost_ : calibratedCost(), random_);
    if (!slot)
        return tl::unexpected(slot.error());
    const QByteArray json = toJson(*slot);
    const QString trial = file_ + QStringLiteral(".trial");
    if (const Status written = files::writeDurably(trial, json); !written)
        return written;
    const Result<WrappedKey> back = readSlot(trial);
    const Result<sql::SecretBytes> opened = back ? unwrapKey(*back, passphrase) : tl::unexpected(back.error());
    QFile::remove(trial);
    if (!opened || !equalConstantTime(opened->view(), databaseKey.view()))
        return fail(ErrorCode::io,
                    QStringLiteral("The new passphrase could not be proved on disk; the old one stays."));
    return files::writeDurably(file_, json);
}

} // namespace holdfast::local
