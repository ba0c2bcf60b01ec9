// One entry of the log as a line of words for people.
#pragma once

#include "models/domain/content.h"

#include <QHash>

namespace holdfast::local {

struct LogNames // what ids are called; missing ones are worded without a name
{
    QHash<UserId, QString> staff;
    QHash<PolicyId, QString> policies;
};

[[nodiscard]] QString logWords(log::KindNumber kind, const std::optional<QByteArray>& content, const LogNames& names);

} // namespace holdfast::local
