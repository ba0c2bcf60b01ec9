#include "central/store/open_database.h"

#include "central/store/schema.h"

#include <QDir>
#include <QFile>

namespace holdfast::store {

Result<std::optional<QString>> embeddedPath(const StoreConfig& config)
{
    const QString scheme = QStringLiteral("sqlcipher:");
    if (config.url.startsWith(scheme)) {
        QString path = config.url.mid(scheme.size());
        if (!path.isEmpty() && !QDir::isAbsolutePath(path))
            path = QDir::current().absoluteFilePath(path);
        return path;
    }
    if (config.url.startsWith(QStringLiteral("postgresql://")))
        return std::nullopt;
    return fail(ErrorCode::invalidInput, QStringLiteral("The store's URL must begin with \"sqlcipher:\" or "
                                                        "\"postgresql://\"."));
}

Result<OpenDatabase> openDatabase(const StoreConfig& config, const Keyring& keys, sql::OpenMode mode)
{
    const Result<std::optional<QString>> path = embeddedPath(config);
    if (!path)
        return tl::unexpected<Error>(path.error());
    OpenDatabase open;
    if (!*path) {
        Result<sql::PostgresUrl> url = sql::PostgresUrl::parse(config.url);
        if (!url)
            return tl::unexpected<Error>(url.error());
        open.database = std::make_unique<sql::PostgresDatabase>(std::move(*url));
        return open;
    }
    if (const Status local = sql::checkLocalPath(**path); !local)
        return tl::unexpected<Error>(local.error());
    if (mode == sql::OpenMode::mustExist && !QFile::exists(**path)) // before a lock file is made beside nothing
        return fail(ErrorCode::notFound, QStringLiteral("There is no store at %1. \"holdfast-admin init\" makes a new "
                                                        "one; a backup goes to this place.")
                                             .arg(**path));
    Result<sql::DatabaseLock> lock = sql::DatabaseLock::take(**path);
    if (!lock)
        return tl::unexpected<Error>(lock.error());
    open.lock = std::move(*lock);
    sql::DatabaseFile file;
    file.path = **path;
    file.mode = mode;
    file.newestVersion = sql::newestVersion(migrations(sql::Dialect::sqlCipher));
    open.database =
        std::make_unique<sql::SqlCipherDatabase>(std::move(file), sql::SecretBytes::copyOf(keys.databaseKey()));
    return open;
}

QString anchorPath(const StoreConfig& config)
{
    return config.anchorFile.isEmpty() ? QDir(config.keyDirectory).filePath(QStringLiteral("anchor.note"))
                                       : config.anchorFile;
}

QString journalPath(const StoreConfig& config)
{
    return QDir(config.keyDirectory).filePath(QStringLiteral("erasures.log"));
}

} // namespace holdfast::store
