#include "app/console/options.h"

#include <QDir>

namespace holdfast::console {
namespace {

const auto lockedOption = QLatin1String("--locked");

} // namespace

Result<Options> readOptions(const QStringList& arguments)
{
    Options options;
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const QString& name = arguments[i];
        QString* value = nullptr;
        if (name == QLatin1String("--data"))
            value = &options.dataDir;
        else if (name == QLatin1String("--server"))
            value = &options.server;
        else if (name == QLatin1String("--ca"))
            value = &options.ca;
        else if (name == lockedOption)
            options.locked = true;
        else if (name == QLatin1String("--help"))
            options.help = true;
        else if (name == QLatin1String("--version"))
            options.version = true;
        else
            return fail(ErrorCode::invalidInput,
                        QStringLiteral("There is no option %1. Run holdfast --help.").arg(name));
        if (!value)
            continue;
        if (++i == arguments.size() || arguments[i].isEmpty())
            return fail(ErrorCode::invalidInput, QStringLiteral("%1 needs a value. Run holdfast --help.").arg(name));
        *value = arguments[i];
    }
    if (!options.dataDir.isEmpty())
        options.dataDir = QDir(options.dataDir).absolutePath();
    if (!options.ca.isEmpty())
        options.ca = QDir().absoluteFilePath(options.ca);
    return options;
}

QString usage()
{
    return QStringLiteral("holdfast [--data DIR] [--server URL] [--ca FILE] [--locked]\n\n"
                          "  --data DIR    where this desk keeps its encrypted files\n"
                          "  --server URL  central's address, proposed on the first run\n"
                          "  --ca FILE     trust only this certificate authority (PEM)\n"
                          "  --locked      start at the lock screen\n");
}

QStringList relaunchArguments(const QStringList& arguments)
{
    QStringList again = arguments;
    if (!again.contains(lockedOption))
        again.append(lockedOption);
    return again;
}

} // namespace holdfast::console
