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

} // namespace holdfast::sync
