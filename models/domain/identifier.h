// Identifiers people type in many spellings: phone, policy, claim and ID numbers.
#pragma once

#include <QString>
#include <QStringList>

namespace holdfast::domain {

// "+27825550143" from "082 555 0143", "27 82 555 0143" or "+27 (82) 555-0143"; `country` is the calling code without
// "+". Empty if it cannot be a phone number.
[[nodiscard]] QString normalisedPhone(QStringView text, QStringView country = u"27");

// Letters and digits only, upper case: "HL2041187" from "HL-204-118-7".
[[nodiscard]] QString normalisedIdentifier(QStringView text);

// Every identifier-like token of a text, normalised (phones in E.164 and national digits): for the identifier index.
[[nodiscard]] QStringList identifiersIn(QStringView text);

} // namespace holdfast::domain
