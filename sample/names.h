// Names and words of the sample data. Invented people; phone numbers use the 555 exchange.
#pragma once

#include <QStringList>

namespace holdfast::sample {

[[nodiscard]] const QStringList& firstNames();
[[nodiscard]] const QStringList& familyNames();

struct StaffMember
{
    const char* name;
    const char* role;
    int team;
};
[[nodiscard]] const QList<StaffMember>& staffMembers();

} // namespace holdfast::sample
