#include "storage/local/desk_directory.h"

#include "storage/files/durable_file.h"
#include "storage/sql/database_files.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include <algorithm>
#include <tuple>

namespace holdfast::local {
namespace {

constexpr int recordVersion = 1;
constexpr qint64 maxRecordBytes = 64 * 1024;

QByteArray toJson(const DeskRecord& record)
{
    const QJsonObject object{
        {QStringLiteral("version"), recordVersion},
        {QStringLiteral("org"), record.org.toHexString()},
        {QStringLiteral("organisation"), record.organisation},
        {QStringLiteral("user"), record.user.toHexString()},
        {QStringLiteral("name"), record.userName},
        {QStringLiteral("login"), record.login},
        {QStringLiteral("server"), record.server.toString(QUrl::FullyEncoded)},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

std::optional<DeskRecord> recordOf(const QByteArray& json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const auto text = [&object](QLatin1String name) { return object.value(name).toString(); };
    const std::optional<OrgId> org = OrgId::fromHex(QStringView(text(QLatin1String("org"))));
    const std::optional<UserId> user = UserId::fromHex(QStringView(text(QLatin1String("user"))));
    if (object.value(QLatin1String("version")).toInt() != recordVersion || !org || !user)
        return std::nullopt;
    return DeskRecord{*org,
                      text(QLatin1String("organisation")),
                      *user,
                      text(QLatin1String("name")),
                      text(QLatin1String("login")),
                      QUrl(text(QLatin1String("server")), QUrl::StrictMode)};
}

} // namespace

DeskDirectory::DeskDirectory(QString root) : root_(std::move(root)) {}

QString DeskDirectory::defaultRoot()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + QStringLiteral("/desks");
}

DeskFiles DeskDirectory::filesOf(const OrgId& org, const UserId& user) const
{
    return {root_ + QLatin1Char('/') + org.toHexString() + QLatin1Char('-') + user.toHexString()};
}

Result<QList<DeskRecord>> DeskDirectory::desks() const
{
    QList<DeskRecord> found;
    const QStringList folders = QDir(root_).entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks);
    for (const QString& folder : folders) {
        const Result<QByteArray> json =
            files::readSmallFile(DeskFiles{root_ + QLatin1Char('/') + folder}.record(), maxRecordBytes);
        if (!json && json.error().code == ErrorCode::io)
            return tl::unexpected(json.error());
        const std::optional<DeskRecord> record = json ? recordOf(*json) : std::nullopt;
        if (record)
            found.append(*record);
    }
    std::sort(found.begin(), found.end(), [](const DeskRecord& left, const DeskRecord& right) {
        return std::tie(left.organisation, left.login, left.user) <
               std::tie(right.organisation, right.login, right.user);
    });
    return found;
}

Result<DeskFiles> DeskDirectory::prepare(const DeskRecord& record) const
{
    if (const Status local = sql::checkLocalPath(root_ + QLatin1Char('/')); !local)
        return tl::unexpected(local.error());
    const DeskFiles files = filesOf(record.org, record.user);
    if (const Status made = files::makePrivateFolder(files.folder); !made)
        return tl::unexpected(made.error());
    if (const Status written = files::writeDurably(files.record(), toJson(record)); !written)
        return tl::unexpected(written.error());
    return files;
}

} // namespace holdfast::local
