#include "models/domain/identifier.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace holdfast::domain;

TEST_CASE("A South African number has one form, however it was written")
{
    for (const char16_t* spelling :
         {u"082 555 0143", u"0825550143", u"27 82 555 0143", u"27825550143", u"+27825550143", u"+27 (82) 555-0143",
          u"+27 (0)82 555 0143", u"0027 82 555 0143", u"(082) 555-0143", u"\u202a+27 82 555 0143\u202c",
          u"082\u00a0555\u00a00143", u"\u0660\u0668\u0662 \u0665\u0665\u0665 \u0660\u0661\u0664\u0663"}) {
        INFO(QString::fromUtf16(spelling).toStdString());
        CHECK(normalisedPhone(spelling) == QStringLiteral("+27825550143"));
    }
    CHECK(normalisedPhone(u"+44 20 7946 0958") == QStringLiteral("+442079460958"));
    CHECK(normalisedPhone(u"020 7946 0958", u"44") == QStringLiteral("+442079460958"));
}

TEST_CASE("What cannot be a phone number is none")
{
    for (const char16_t* text :
         {u"", u"+", u"123", u"8001015009087", u"2711025009087", u"08255501", u"CL-88231", u"082 555 0143 x",
          u"+0825550143", u"1234567890123456", u"++27825550143", u"+27 82 555 014", u"82+5550143"}) {
        INFO(QString::fromUtf16(text).toStdString());
        CHECK(normalisedPhone(text).isEmpty());
    }
    CHECK(normalisedPhone(QString(100000, u'1')).isEmpty());
}

TEST_CASE("Identifiers lose their separators and case")
{
    CHECK(normalisedIdentifier(u"HL-204-118-7") == QStringLiteral("HL2041187"));
    CHECK(normalisedIdentifier(u" hl 204.118/7 ") == QStringLiteral("HL2041187"));
    CHECK(normalisedIdentifier(u"--").isEmpty());
}

TEST_CASE("A text's identifiers are found in every spelling")
{
    struct Case
    {
        const char16_t* text;
        const char16_t* wanted;
    };
    const Case cases[] = {
        {u"Call me on 082 555 0143 please", u"+27825550143"},
        {u"Call me on 082 555 0143 please", u"0825550143"},
        {u"+27825550143", u"0825550143"},
        {u"tel:+27 82 555-0143.", u"+27825550143"},
        {u"since 2024 082 555 0143", u"+27825550143"},
        {u"082 555 0143 083 555 0199", u"+27835550199"},
        {u"082-555-0143, 083 555 0199", u"+27835550199"},
        {u"policy HL-204-118-7!", u"HL2041187"},
        {u"hl2041187", u"HL2041187"},
        {u"HL 204 118 7", u"HL2041187"},
        {u"claim (CL-88231)", u"CL88231"},
        {u"claim CL-88231", u"88231"},
        {u"ID 8001015009087", u"8001015009087"},
        {u"ID 800101 5009 087", u"8001015009087"},
        {u"+44 20 7946 0958", u"+442079460958"},
    };
    for (const Case& one : cases) {
        const QStringList found = identifiersIn(one.text);
        INFO(QString::fromUtf16(one.text).toStdString() << " -> " << found.join(u' ').toStdString());
        CHECK(found.contains(QString::fromUtf16(one.wanted)));
    }
}

TEST_CASE("Words and short numbers are not identifiers, and none comes twice")
{
    CHECK(identifiersIn(u"").isEmpty());
    CHECK(identifiersIn(u"My car was hit on 12 May, by 3 cars").isEmpty());
    QStringList found = identifiersIn(u"HL-204-118-7 and HL2041187 and hl 2041187");
    CHECK(found.count(QStringLiteral("HL2041187")) == 1);
    CHECK(found.removeDuplicates() == 0);
}

TEST_CASE("Long and random texts are read in bounds")
{
    const QString many = QStringLiteral("1234 ").repeated(13000);
    CHECK(identifiersIn(many).contains(QStringLiteral("1234")));
    QString counted;
    for (int i = 0; i < 9000; ++i)
        counted += QString::number(100000 + i) + u' ';
    CHECK(identifiersIn(counted).size() >= 9000);
    CHECK(identifiersIn(QString(60000, u'7')).isEmpty()); // longer than any identifier
    CHECK(identifiersIn(QStringLiteral("7-").repeated(30000)).size() < 100);
    std::mt19937 random(3);
    for (int round = 0; round < 500; ++round) {
        QString text(qsizetype(random() % 200), u' ');
        for (QChar& character : text)
            character = random() % 3 ? QChar(u"0123456789+-() aZ"[random() % 17]) : QChar(char16_t(random()));
        for (const QString& identifier : identifiersIn(text))
            CHECK((identifier.size() >= 4 && identifier.size() <= 40));
    }
}
