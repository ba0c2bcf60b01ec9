// Thread lists, counts and headers, read from the projections. Reader threads.
#pragma once

#include "models/views/values.h"
#include "storage/local/desk_settings.h"
#include "storage/sql/connection.h"

namespace holdfast::local {

// For whom and when an answer is made.
struct ReadContext
{
    UserId me;
    QString organisation;
    Timestamp now;
};

[[nodiscard]] Result<views::Navigation> readNavigation(sql::Connection& connection, const ReadContext& context);
[[nodiscard]] Result<views::ThreadPage> readThreads(sql::Connection& connection, const ReadContext& context,
                                                    const views::ThreadQuery& query);
[[nodiscard]] Result<views::ThreadHeader> readHeader(sql::Connection& connection, const ReadContext& context,
                                                     const ThreadId& id);
[[nodiscard]] Result<QList<views::Staff>> readStaff(sql::Connection& connection);
[[nodiscard]] Result<QList<views::Team>> readTeams(sql::Connection& connection);

// The statements behind the lists, for the test of their query plans.
[[nodiscard]] QStringList listStatements();

// "+27 82 555 0143" from "+27825550143"; other countries' numbers as they are.
[[nodiscard]] QString spacedPhone(const QString& phone);

} // namespace holdfast::local
