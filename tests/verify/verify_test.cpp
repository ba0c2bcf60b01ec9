#include "models/log/checkpoint.h"
#include "tests/support/string_makers.h"
#include "tests/verify/log_maker.h"
#include "verify/checker.h"

#include <QProcess>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <random>
#include <sstream>

using namespace holdfast;
using namespace holdfast::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

std::string check(const LogMaker& maker, const std::string& text)
{
    std::istringstream input(text);
    std::ostringstream output;
    verify::Checker checker({maker.logKey().toStdString(), maker.org.toBytes().toStdString()}, output);
    checker.run(input);
    CHECK((checker.failures() == 0) == output.str().empty());
    return output.str();
}

std::string check(const LogMaker& maker)
{
    return check(maker, maker.text());
}

std::string failureAt(size_t pos)
{
    return "pos " + std::to_string(pos) + " entry ";
}

// Counts the flips that are not reported first at `pos`; `step` bits apart.
size_t missedFlips(LogMaker& maker, size_t pos, QByteArray ExportLine::*field, qsizetype step)
{
    QByteArray& bytes = maker.lines[pos].*field;
    size_t missed = 0;
    for (qsizetype bit = 0; bit < 8 * bytes.size(); bit += step) {
        const char before = bytes[bit / 8];
        bytes[bit / 8] = static_cast<char>(before ^ (1 << (bit % 8)));
        missed += !check(maker).starts_with(failureAt(pos));
        bytes[bit / 8] = before;
    }
    return missed;
}

struct Run
{
    int exitCode = -1;
    QByteArray output;
};

Run runProgram(const QStringList& arguments)
{
    QProcess program;
    program.start(QStringLiteral(HOLDFAST_BIN_DIR "/holdfast-verify"), arguments);
    REQUIRE(program.waitForFinished());
    return {program.exitCode(), program.readAllStandardOutput()};
}

QString fileWith(const QTemporaryDir& folder, const std::string& text)
{
    QFile file(folder.filePath(QStringLiteral("export.jsonl")));
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(text));
    return file.fileName();
}

} // namespace

TEST_CASE("A good export has no failure, erased entries included")
{
    const LogMaker maker = smallLog();
    CHECK(maker.lines.size() == 30);
    CHECK(check(maker) == "");
}

TEST_CASE("Each flipped bit of a header, content or salt is reported at its own entry")
{
    LogMaker maker = smallLog();
    size_t missed = 0;
    for (size_t pos = 0; pos < maker.lines.size(); ++pos) {
        // Every bit of one entry by a desk; a sample of the others.
        const bool whole = pos == 2;
        missed += missedFlips(maker, pos, &ExportLine::header, whole ? 1 : 131);
        if (maker.lines[pos].erased)
            continue;
        missed += missedFlips(maker, pos, &ExportLine::content, whole ? 1 : 61);
        missed += missedFlips(maker, pos, &ExportLine::salt, whole ? 1 : 61);
    }
    CHECK(missed == 0);
}

TEST_CASE("A flipped bit anywhere in the file's text is noticed")
{
    const LogMaker maker = smallLog();
    const std::string good = maker.text();
    std::mt19937 random(11);
    size_t tried = 0;
    size_t unnoticed = 0;
    while (tried < 600) {
        const size_t place = random() % good.size();
        const size_t lineStart = good.rfind('\n', place) == std::string::npos ? 0 : good.rfind('\n', place) + 1;
        const size_t decoded = good.find("\"decoded\"", lineStart);
        if (place >= decoded && place < good.find('\n', decoded))
            continue; // for people; nothing proves it
        const size_t leafName = good.find("\"leaf\"", lineStart);
        if (place > leafName && place < leafName + 5)
            continue; // a line without a leaf is a good line
        std::string bad = good;
        bad[place] = static_cast<char>(bad[place] ^ (1 << (random() % 8)));
        ++tried;
        unnoticed += check(maker, bad).empty();
    }
    CHECK(unnoticed == 0);
}

TEST_CASE("Missing, doubled and swapped entries are reported")
{
    LogMaker maker = smallLog();
    const auto lines = maker.lines;
    maker.lines.erase(maker.lines.begin() + 7);
    CHECK_THAT(check(maker), StartsWith(failureAt(7)));
    maker.lines = lines;
    maker.lines.insert(maker.lines.begin() + 7, lines[7]);
    CHECK_THAT(check(maker), StartsWith(failureAt(8)));
    maker.lines = lines;
    std::swap(maker.lines[7], maker.lines[8]);
    CHECK_THAT(check(maker), StartsWith(failureAt(7)));
    maker.lines = lines;
    maker.lines.pop_back();
    CHECK_THAT(check(maker), StartsWith("checkpoint 2: it covers 30 entries; the export has 29"));
    maker.lines = lines;
    maker.lines[0].erased = true;
    CHECK_THAT(check(maker), StartsWith(failureAt(0)));
}

TEST_CASE("A rewritten entry with a fitting leaf is caught by what came after it")
{
    LogMaker maker = smallLog();
    auto header = *log::decodeHeader(maker.lines[1].header);
    header.centralAt.value += 1;
    maker.lines[1].header = encode(header);
    maker.lines[1].leaf = log::leafHash(maker.lines[1].header);
    const std::string output = check(maker);
    CHECK_THAT(output, ContainsSubstring("the thread's entry at pos 1"));
    CHECK_THAT(output, ContainsSubstring("the tree of the entries that it covers has another root"));
}

TEST_CASE("Another key, another organisation, no checkpoint and a damaged checkpoint are reported")
{
    LogMaker maker = smallLog();
    const auto notes = maker.notes;
    for (qsizetype bit = 0; bit < 8 * notes[0].size(); bit += 13) {
        maker.notes[0][bit / 8] = static_cast<char>(notes[0][bit / 8] ^ (1 << (bit % 8)));
        CHECK_FALSE(check(maker).empty());
        maker.notes = notes;
    }
    maker.notes.clear();
    CHECK_THAT(check(maker), StartsWith("checkpoint 1: the export has none"));
    maker.notes = notes;
    maker.org = OrgId();
    CHECK_THAT(check(maker), ContainsSubstring("of another organisation"));
    maker.notes = {notes[1], notes[0]}; // any order
    maker.org = smallLog().org;
    CHECK(check(maker) == "");
}

TEST_CASE("Hostile files end in failures, not in harm")
{
    const LogMaker maker = smallLog();
    const std::string deep = std::string(100000, '[') + "\n";
    CHECK_FALSE(check(maker, deep).empty());
    CHECK_FALSE(check(maker, "").empty());
    CHECK_FALSE(check(maker, std::string(5 * 1024 * 1024, '{')).empty());
    CHECK_FALSE(check(maker, "{\"checkpoint\":\"\\n\\n\"}\n").empty());
    CHECK_FALSE(check(maker, "{\"checkpoint\":\"\"}\n{}\n").empty());
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        std::string text(random() % 400, '\n');
        for (char& character : text)
            character = "{}[]\":,\\u0123abcnulltruefalse\n\x80\xff"[random() % 34];
        CHECK_FALSE(check(maker, text).empty());
    }
}

TEST_CASE("The program answers by exit code and names the entry")
{
    const QTemporaryDir folder;
    LogMaker maker = smallLog();
    const QString key = QString::fromLatin1(maker.logKey().toHex());
    const QString file = fileWith(folder, maker.text());
    const Run good = runProgram({file, QStringLiteral("--log-key"), key});
    CHECK(good.exitCode == 0);
    CHECK(good.output == "30 entries, 30 of them under a good checkpoint, 0 failures\n");
    CHECK(runProgram({file, QStringLiteral("--log-key"), key, QStringLiteral("--org"), maker.org.toHexString()})
              .exitCode == 0);

    maker.lines[6].content[2] = 'T';
    fileWith(folder, maker.text());
    const Run bad = runProgram({file, QStringLiteral("--log-key"), key});
    CHECK(bad.exitCode == 1);
    const auto header = *log::decodeHeader(maker.lines[6].header);
    const QByteArray id = log::decodeAuthorPart(header.authorPart)->entryId.toHex();
    CHECK(bad.output.startsWith("pos 6 entry " + id + ": the content is not the one"));

    CHECK(runProgram({file}).exitCode == 2);
    CHECK(runProgram({file, QStringLiteral("--log-key"), QStringLiteral("00")}).exitCode == 2);
    CHECK(runProgram({file + u'x', QStringLiteral("--log-key"), key}).exitCode == 2);
    CHECK(
        runProgram({file, QStringLiteral("--log-key"), key, QStringLiteral("--org"), QStringLiteral("zz")}).exitCode ==
        2);
    maker.notes.clear();
    fileWith(folder, maker.text());
    CHECK(runProgram({file, QStringLiteral("--log-key"), key}).exitCode == 2);
}
