// Names under which the exchange keeps its small facts in local::DeskSettings.
#pragma once

#include <QString>

namespace holdfast::sync {

[[nodiscard]] inline QString refreshSetting()
{
    return QStringLiteral("refresh"); // the refresh token; removed when it is spent
}
[[nodiscard]] inline QString verifiedSetting()
{
    return QStringLiteral("witness.verified"); // "size covers", decimal
}
[[nodiscard]] inline QString handoversSetting()
{
    return QStringLiteral("witness.handovers"); // changes of the log's key since this desk was set up
}

[[nodiscard]] inline QString runSetting()
{
    return QStringLiteral("run"); // the newest run of this desk that central knows, 16 bytes
}
[[nodiscard]] inline QString actsSetting()
{
    return QStringLiteral("acts"); // the thread of recorded acts, 16 bytes; central says it at each sign-in
}

} // namespace holdfast::sync
