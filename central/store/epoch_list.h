// Where each epoch but the first began: a setting, so that nobody looks through the whole log for it.
#pragma once

#include "models/base/ids.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace holdfast::store {

struct EpochBeginning
{
    Epoch epoch;
    Position pos; // of its epoch.began entry: the size of the restored prefix
};

[[nodiscard]] inline QString epochListSetting()
{
    return QStringLiteral("epochs");
}
[[nodiscard]] QByteArray formatEpochList(const std::vector<EpochBeginning>& list);
[[nodiscard]] std::vector<EpochBeginning> parseEpochList(const QByteArray& text);

} // namespace holdfast::store
