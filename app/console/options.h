// The console's command line.
#pragma once

#include "models/base/error.h"

#include <QStringList>

namespace holdfast::console {

struct Options
{
    QString dataDir;
    QString server; // proposed on the first run
    QString ca;     // PEM file; only it is trusted
    bool locked = false;
    bool help = false;
    bool version = false;
};

// Works before there is an application object.
[[nodiscard]] Result<Options> readOptions(const QStringList& arguments);
[[nodiscard]] QString usage();
// The same again, for a process that starts at the lock screen.
[[nodiscard]] QStringList relaunchArguments(const QStringList& arguments);

} // namespace holdfast::console
