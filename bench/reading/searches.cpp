#include "bench/reading/searches.h"

#include "models/domain/identifier.h"
#include "storage/sql/connection.h"

namespace holdfast::bench {
namespace {

constexpr int rounds = 5;

// Common and rare words, beginnings of words, accents, two words, names, numbers in several spellings.
QStringList queries(const sample::World& world)
{
    QStringList all{QStringLiteral("claim"),    QStringLiteral("windscreen"),        QStringLiteral("the"),
                    QStringLiteral("gar"),      QStringLiteral("photo damage"),      QStringLiteral("thank you"),
                    QStringLiteral("CL-82017"), QStringLiteral("cl 82500"),          QStringLiteral("handover 12"),
                    QStringLiteral("excess"),   QStringLiteral("nothing-like-this"), QStringLiteral("tomorrow"),
                    QStringLiteral("po")};
    for (int i = 0; i < 5; ++i) {
        const sample::Policy& policy = world.policies.at(i * 37 % world.policies.size());
        all.append(policy.facts.number);
        all.append(QString(policy.facts.number).remove(u'-'));
        all.append(policy.facts.holderName.section(u' ', 0, 0));
    }
    return all;
}

// Words of a text without the index: letters and digits, case and accents folded. Written apart from the product's.
QStringList plainWords(const QString& text)
{
    QStringList words;
    QString word;
    for (const QChar c : text.normalized(QString::NormalizationForm_D).toLower()) {
        if (c.isLetterOrNumber())
            word.append(c);
        else if (!c.isMark() && !word.isEmpty())
            words.append(std::exchange(word, {}));
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

struct Scanned
{
    EntryId entry;
    QStringList words;
    QStringList identifiers;
};

std::vector<Scanned> scanAll(OpenedDesk& desk)
{
    using Texts = std::vector<std::pair<EntryId, QString>>;
    const Texts texts = valueOf(desk.database().read<Texts>([](sql::ReadConnection& connection) -> Result<Texts> {
        Texts found;
        sql::Statement select =
            connection.statement(QStringLiteral("SELECT entry, text || char(10) || names FROM message"));
        const Status read =
            select.forEach([&](sql::Statement& row) { found.emplace_back(row.id<EntryId>(0), row.text(1)); });
        return read ? Result<Texts>(std::move(found)) : tl::unexpected(read.error());
    }));
    std::vector<Scanned> scanned;
    scanned.reserve(texts.size());
    for (const auto& [entry, text] : texts)
        scanned.push_back({entry, plainWords(text), domain::identifiersIn(text)});
    return scanned;
}

bool matches(const Scanned& message, const QStringList& words, const QString& identifier)
{
    if (!identifier.isEmpty() && message.identifiers.contains(identifier))
        return true;
    return std::all_of(words.begin(), words.end(), [&message](const QString& word) {
        return std::any_of(message.words.begin(), message.words.end(),
                           [&word](const QString& one) { return one.startsWith(word); });
    });
}

QSet<EntryId> allHits(OpenedDesk& desk, const QString& text)
{
    QSet<EntryId> hits;
    views::SearchQuery query{text, 200, std::nullopt};
    do {
        const views::SearchPage page = valueOf(desk.reader().search(query));
        for (const views::SearchHit& hit : page.hits) {
            if (hit.what == views::SearchHit::What::message)
                hits.insert(hit.message);
        }
        query.afterRow = page.next;
    } while (query.afterRow);
    return hits;
}

void printRecall(OpenedDesk& desk, const QStringList& all)
{
    const Stopwatch watch;
    const std::vector<Scanned> scanned = scanAll(desk);
    qint64 expected = 0;
    qint64 found = 0;
    qint64 extra = 0;
    for (const QString& query : all) {
        const QSet<EntryId> hits = allHits(desk, query);
        const QStringList words = plainWords(query);
        const QString normal = domain::normalisedIdentifier(query);
        const bool isNumber = std::count_if(normal.begin(), normal.end(), [](QChar c) { return c.isDigit(); }) >= 3;
        qint64 good = 0;
        for (const Scanned& message : scanned) {
            if (!matches(message, words, isNumber ? normal : QString()))
                continue;
            ++expected;
            good += hits.contains(message.entry) ? 1 : 0;
        }
        found += good;
        extra += hits.size() - good;
    }
    print({QStringLiteral("search: recall over %1 queries").arg(all.size()),
           number(100.0 * double(found) / double(qMax<qint64>(1, expected)), 3) + u'%',
           QStringLiteral("%1 hits of a brute-force scan (%2 s); %3 more found")
               .arg(number(double(expected)), number(watch.seconds(), 1), number(double(extra))),
           {},
           QStringLiteral("100 %")});
}

// The index alone: matching and the newest fifty row numbers.
double rawSearch(OpenedDesk& desk, sqlite3_stmt* statement, const QString& query)
{
    QByteArray match;
    for (const QString& word : plainWords(query))
        match += '"' + word.toUtf8() + "\"* ";
    const Stopwatch watch;
    sqlite3_bind_text(statement, 1, match.constData(), int(match.size()), SQLITE_STATIC);
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement);
    desk.bare().check(code, SQLITE_DONE);
    sqlite3_reset(statement);
    return watch.seconds();
}

} // namespace

void measureSearch(OpenedDesk& desk)
{
    const QStringList all = queries(desk.world());
    const BareStatement statement =
        desk.bare().prepare("SELECT rowid FROM message_fts WHERE message_fts MATCH ? ORDER BY rowid DESC LIMIT 51");
    std::vector<double> ours;
    std::vector<double> raw;
    double slowest = 0;
    QString slowestQuery;
    for (int round = 0; round < rounds; ++round) {
        for (const QString& query : all) {
            raw.push_back(rawSearch(desk, statement.get(), query));
            const Stopwatch watch;
            static_cast<void>(valueOf(desk.reader().search({query, 50, std::nullopt})));
            ours.push_back(watch.seconds());
            if (ours.back() > slowest) {
                slowest = ours.back();
                slowestQuery = query;
            }
        }
    }
    const double value = percentile(ours, 0.95);
    const double limit = percentile(raw, 0.95);
    print({QStringLiteral("search of all messages, first page (slowest: \"%1\", %2)")
               .arg(slowestQuery, milliseconds(slowest)),
           QStringLiteral("p95 %1").arg(milliseconds(value)),
           QStringLiteral("p95 %1 (the raw index)").arg(milliseconds(limit)), ratioOf(limit, value),
           QStringLiteral("p95 < 100 ms")});
    printRecall(desk, all);
}

} // namespace holdfast::bench
