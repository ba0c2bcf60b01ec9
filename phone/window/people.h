// The customers that the simulator offers, and how their numbers are written.
#pragma once

#include "phone/phone.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace holdfast::phone {

struct Person
{
    QByteArray number; // digits
    QString name;      // may be empty
    friend bool operator==(const Person&, const Person&) = default;
};

// Invented people; their numbers use the 555 exchange.
[[nodiscard]] std::vector<Person> samplePeople();

[[nodiscard]] QString spacedNumber(const QByteArray& digits); // "+27 82 555 0143"
[[nodiscard]] QString shownName(const Person& person);        // one plain line; the number where there is no name

// One plain line: as configured, else the business's number, else what it is.
[[nodiscard]] QString businessNameOf(const PhoneConfig& config);

} // namespace holdfast::phone
