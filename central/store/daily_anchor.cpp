#include "central/store/daily_anchor.h"

#include "storage/files/durable_file.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

namespace holdfast::store {
namespace {

QString missing(const QString& directory)
{
    return QStringLiteral("The folder for anchors is not there: %1. Make or mount it, or correct [anchor] in the "
                          "configuration.")
        .arg(directory);
}

} // namespace

Status DailyAnchor::check() const
{
    if (directory_.isEmpty() || QDir(directory_).exists())
        return {};
    return fail(ErrorCode::notFound, missing(directory_));
}

Status DailyAnchor::keep(const QByteArray& note, Timestamp now) const
{
    if (directory_.isEmpty())
        return {};
    const QDate day = QDateTime::fromMSecsSinceEpoch(now.value / 1000, Qt::UTC).date();
    const QString file = QDir(directory_).filePath(day.toString(Qt::ISODate) + QStringLiteral(".note"));
    if (QFile::exists(file))
        return {};
    const Status created = files::createDurably(file, note);
    if (!created && created.error().code == ErrorCode::conflict)
        return {}; // another central was first
    if (!created) {
        return fail(
            created.error().code,
            QStringLiteral("The day's anchor %1 could not be written. Check the directory of [anchor].").arg(file));
    }
    // Holds nothing secret, and must not change: on storage that keeps what is read-only, this is what commits it.
    QFile::setPermissions(file, QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther);
    return {};
}

Result<std::vector<KeptAnchor>> keptAnchors(const QString& directory)
{
    constexpr qint64 most = 64 * 1024;
    std::vector<KeptAnchor> anchors;
    const QDir folder(directory);
    if (!folder.exists())
        return fail(ErrorCode::io, missing(directory));
    for (const QString& name : folder.entryList({QStringLiteral("*.note")}, QDir::Files, QDir::Name)) {
        const Result<QByteArray> note = files::readSmallFile(folder.filePath(name), most);
        // One that is too large is none of ours; reading it as empty lets it be named among the others.
        if (!note && note.error().code != ErrorCode::tooLarge)
            return tl::unexpected<Error>(note.error());
        anchors.push_back({name, note.value_or(QByteArray())});
    }
    if (anchors.empty())
        return fail(ErrorCode::notFound, QStringLiteral("There is no anchor (*.note) in %1.").arg(directory));
    return anchors;
}

} // namespace holdfast::store
