#include "storage/local/search_text.h"
#include "tests/local/desk_fixture.h"

#include <set>

using namespace holdfast;
using namespace holdfast::test;

namespace {

// Independent of the product's own folding: letters with their marks removed, lower case.
QStringList plainWords(const QString& text)
{
    QStringList words;
    QString word;
    const QString decomposed = text.normalized(QString::NormalizationForm_D).toLower();
    for (const QChar character : decomposed + QLatin1Char(' ')) {
        if (character.isMark())
            continue;
        if (character.isLetterOrNumber()) {
            word += character;
        } else if (!word.isEmpty()) {
            words.append(word);
            word.clear();
        }
    }
    return words;
}

bool matches(const QString& text, const QString& query)
{
    const QStringList words = plainWords(text);
    const QStringList wanted = plainWords(query);
    return std::all_of(wanted.begin(), wanted.end(), [&words](const QString& prefix) {
        return std::any_of(words.begin(), words.end(),
                           [&prefix](const QString& word) { return word.startsWith(prefix); });
    });
}

QList<views::SearchHit> searchAll(DeskFixture& desk, const QString& text, int limit = 37)
{
    QList<views::SearchHit> hits;
    views::SearchQuery query{text, limit, std::nullopt};
    do {
        const views::SearchPage page = valueOf(desk.reader->search(query));
        CHECK(page.hits.size() <= limit);
        hits += page.hits;
        query.afterRow = page.next;
    } while (query.afterRow);
    return hits;
}

} // namespace

TEST_CASE("Search finds exactly what a scan of all messages finds", "[search]")
{
    static const QStringList vocabulary{
        QStringLiteral("car"),           QStringLiteral("Carport"),   QStringLiteral("café"),
        QStringLiteral("CAFE"),          QStringLiteral("geyser"),    QStringLiteral("versekering"),
        QStringLiteral("môre"),          QStringLiteral("more"),      QStringLiteral("naïve"),
        QStringLiteral("excess"),        QStringLiteral("R5500"),     QStringLiteral("ingxaki"),
        QStringLiteral("siyabonga"),     QStringLiteral("Müller"),    QStringLiteral("re\u0301sume\u0301"),
        QStringLiteral("it's"),          QStringLiteral("a"),         QStringLiteral("\"quoted\""),
        QStringLiteral("NEAR"),          QStringLiteral("OR"),        QStringLiteral("Привет"),
        QStringLiteral("policy-holder"), QStringLiteral("\U0001F64F")};
    DeskFixture desk(21);
    SeededRandom& random = desk.maker.random();
    QHash<EntryId, QString> texts;
    std::vector<local::FeedEntry> feed;
    QList<ThreadId> threads;
    for (int i = 0; i < 40; ++i)
        threads.append(random.id<ThreadId>());
    for (int i = 0; i < 5000; ++i) {
        QStringList words;
        for (int count = 1 + random.below(8); count > 0; --count)
            words.append(vocabulary[random.below(static_cast<int>(vocabulary.size()))]);
        const QString text = words.join(random.below(5) == 0 ? QStringLiteral("\n") : QStringLiteral(" "));
        feed.push_back(desk.maker.customer(threads[random.below(40)], {}, text));
        texts.insert(desk.maker.lastId(), text);
    }
    desk.apply(feed);
    for (const QString& query :
         {QStringLiteral("car"), QStringLiteral("cafe"), QStringLiteral("café geyser"), QStringLiteral("mor"),
          QStringLiteral("MULLER"), QStringLiteral("resume"), QStringLiteral("NEAR OR"), QStringLiteral("\"quoted\" *"),
          QStringLiteral("policy-h"), QStringLiteral("прив"), QStringLiteral("r55 exc"), QStringLiteral("a"),
          QStringLiteral("zzz"), QStringLiteral("it's")}) {
        INFO(query.toStdString());
        std::set<EntryId> expected;
        for (auto it = texts.cbegin(); it != texts.cend(); ++it) {
            if (matches(it.value(), query))
                expected.insert(it.key());
        }
        std::set<EntryId> found;
        Timestamp last{std::numeric_limits<qint64>::max()};
        const QList<views::SearchHit> hits = searchAll(desk, query, 200);
        for (const views::SearchHit& hit : hits) {
            CHECK(found.insert(hit.message).second);
            CHECK(hit.at <= last);
            last = hit.at;
        }
        CHECK(found == expected);
    }
}

TEST_CASE("An identifier is found in any spelling", "[search]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const ThreadId thread = maker.random().id<ThreadId>();
    const PersonId person = maker.random().id<PersonId>();
    const PolicyId policy = maker.random().id<PolicyId>();
    desk.apply({maker.person(person, QStringLiteral("Thandiwe Mokoena"), QStringLiteral("+27825550143")),
                maker.policy(policy, person, QStringLiteral("HL-204-118-7")), maker.openCase(thread, person),
                maker.customer(thread, person, QStringLiteral("Call me on 082 555 0143 about HL 204 118 7"))});
    const EntryId message = maker.lastId();
    for (const QString& spelling : {QStringLiteral("082 555 0143"), QStringLiteral("+27825550143"),
                                    QStringLiteral("0825550143"), QStringLiteral("+27 (82) 555-0143")}) {
        INFO(spelling.toStdString());
        const QList<views::SearchHit> hits = searchAll(desk, spelling);
        CHECK(std::any_of(hits.begin(), hits.end(),
                          [](const auto& hit) { return hit.what == views::SearchHit::What::person; }));
        CHECK(std::any_of(hits.begin(), hits.end(), [&](const auto& hit) { return hit.message == message; }));
    }
    for (const QString& spelling :
         {QStringLiteral("HL2041187"), QStringLiteral("hl-204-118-7"), QStringLiteral("HL 204 118 7")}) {
        INFO(spelling.toStdString());
        const QList<views::SearchHit> hits = searchAll(desk, spelling);
        CHECK(std::any_of(hits.begin(), hits.end(), [&](const auto& hit) {
            return hit.what == views::SearchHit::What::policy && hit.policy == policy;
        }));
        CHECK(std::any_of(hits.begin(), hits.end(), [&](const auto& hit) { return hit.message == message; }));
    }
    const QList<views::SearchHit> byName = searchAll(desk, QStringLiteral("thandi mok"));
    REQUIRE(!byName.isEmpty());
    CHECK(byName.first().what == views::SearchHit::What::person);
    CHECK(byName.first().thread == thread);
    CHECK(searchAll(desk, QStringLiteral("8405125800087")).size() == 1);
}

TEST_CASE("A renamed person is found by the new name only, and paging one by one is complete", "[search]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const PersonId person = maker.random().id<PersonId>();
    const ThreadId thread = maker.random().id<ThreadId>();
    desk.apply({maker.person(person, QStringLiteral("Oldname Smith"), QStringLiteral("+27825550143"), 1),
                maker.person(person, QStringLiteral("Newname Smith"), QStringLiteral("+27825550144"), 2),
                maker.person(person, QStringLiteral("Late Smith"), QStringLiteral("+27825550145"), 1)});
    CHECK(searchAll(desk, QStringLiteral("oldname")).isEmpty());
    CHECK(searchAll(desk, QStringLiteral("late")).isEmpty());
    CHECK(searchAll(desk, QStringLiteral("newname")).size() == 1);
    for (int i = 0; i < 5; ++i)
        desk.apply({maker.customer(thread, person, QStringLiteral("Smith number %1").arg(i))});
    const QList<views::SearchHit> hits = searchAll(desk, QStringLiteral("smith"), 1);
    REQUIRE(hits.size() == 6);
    CHECK(hits[0].what == views::SearchHit::What::person);
    CHECK(hits[1].excerpt == QStringLiteral("Smith number 4"));
    CHECK(hits[5].excerpt == QStringLiteral("Smith number 0"));
}

TEST_CASE("Marks stand on the words that were found", "[search]")
{
    const local::Excerpt excerpt = local::excerptOf(
        QStringLiteral("Good day <b>, the Café\nwas closed; cafés open again"), {QStringLiteral("cafe")}, {});
    REQUIRE(excerpt.marks.size() == 2);
    CHECK(excerpt.text.mid(excerpt.marks[0].first, excerpt.marks[0].second) == QStringLiteral("Café"));
    CHECK(excerpt.text.mid(excerpt.marks[1].first, excerpt.marks[1].second) == QStringLiteral("cafés"));
    const local::Excerpt late =
        local::excerptOf(QString(500, u'x') + QStringLiteral(" needle"), {QStringLiteral("needle")}, {});
    REQUIRE(late.marks.size() == 1);
    CHECK(late.text.mid(late.marks[0].first, late.marks[0].second) == QStringLiteral("needle"));
}
