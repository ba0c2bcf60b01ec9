#include "phone/window/people.h"

#include "ui/theme/words.h"

#include <QCoreApplication>

namespace holdfast::phone {

std::vector<Person> samplePeople()
{
    return {{"27825550143", QStringLiteral("Thandiwe Mokoena")}, {"27825550117", QStringLiteral("Ashwin Govender")},
            {"27825550126", QStringLiteral("Nomvula Zulu")},     {"27825550138", QStringLiteral("Yusuf Adams")},
            {"27825550159", QStringLiteral("Chantelle Jacobs")}, {"27825550171", QStringLiteral("Li-Hua Chen")}};
}

QString spacedNumber(const QByteArray& digits)
{
    const QString number = QString::fromLatin1(digits);
    // South African numbers: country, two digits, three, four. Others stay whole, because their groups differ.
    if (number.size() == 11 && number.startsWith(QStringLiteral("27")))
        return QStringLiteral("+27 %1 %2 %3").arg(number.mid(2, 2), number.mid(4, 3), number.mid(7));
    return u'+' + number;
}

QString shownName(const Person& person)
{
    constexpr int longest = 60; // characters
    const QString name = ui::plainLine(person.name, longest);
    return name.isEmpty() ? spacedNumber(person.number) : name;
}

QString businessNameOf(const PhoneConfig& config)
{
    constexpr int longest = 60; // characters
    const QString name = ui::plainLine(config.businessName, longest);
    if (!name.isEmpty())
        return name;
    return config.number.displayNumber.isEmpty() ? QCoreApplication::translate("People", "The business")
                                                 : spacedNumber(config.number.displayNumber);
}

} // namespace holdfast::phone
