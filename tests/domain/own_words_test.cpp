#include "models/domain/own_words.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using holdfast::domain::ownWords;

TEST_CASE("a draft keeps its author's words and loses what it repeats of others")
{
    const QStringList others{QStringLiteral("My ID number is 8405125800087\nplease help"), QStringLiteral("Yes")};
    CHECK(ownWords(QStringLiteral("Good day Thandi"), others) == QStringLiteral("Good day Thandi"));
    CHECK(ownWords(QStringLiteral("> My ID number is 8405125800087\nI will look at it"), others) ==
          QStringLiteral("I will look at it"));
    CHECK(ownWords(QStringLiteral("You wrote my id number is 8405125800087, thanks"), others) ==
          QStringLiteral("You wrote , thanks"));
    CHECK(ownWords(QStringLiteral("\u201cPlease help\u201d\nYes\nYes, we will"), others) ==
          QStringLiteral("Yes, we will"));
    CHECK(ownWords(QStringLiteral("> My ID number is 8405125800087\n> please help"), others).isEmpty());
    CHECK(ownWords(QStringLiteral(" \n"), {}).isEmpty());
}
