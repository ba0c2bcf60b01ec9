#include "models/log/checkpoint.h"
#include "tests/support/string_makers.h"
#include "tests/verify/log_maker.h"
#include "verify/checker.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <functional>
#include <random>
#include <sstream>

using namespace holdfast;
using namespace holdfast::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

Digest rootAt(const LogMaker& maker, size_t size)
{
    std::vector<Digest> leaves;
    for (size_t i = 0; i < size; ++i)
        leaves.push_back(maker.lines[i].leaf);
    return log::treeRoot(leaves);
}

std::string check(const LogMaker& maker, const std::string& text, const QByteArray& key)
{
    std::istringstream input(text);
    std::ostringstream output;
    verify::Checker checker({key.toStdString(), maker.org.toBytes().toStdString()}, output);
    checker.run(input);
    CHECK((checker.report().failures == 0) == output.str().empty());
    return output.str();
}

std::string check(const LogMaker& maker, const std::string& text)
{
    return check(maker, text, maker.logKey());
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

using Flip = std::function<void(ExportLine&, std::mt19937&)>;

void flipOne(QByteArray& bytes, std::mt19937& random)
{
    const auto bit = qsizetype(random() % size_t(8 * bytes.size()));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
}

// Writes the header anew with one bit of one field changed; the recorded leaf stays.
template <typename Field>
Flip inHeader(Field log::Header::*field)
{
    return [field](ExportLine& line, std::mt19937& random) {
        log::Header header = *log::decodeHeader(line.header);
        if constexpr (requires { (header.*field).value; })
            (header.*field).value ^= 1 << (random() % 16);
        else if constexpr (std::is_same_v<Field, QByteArray>)
            (header.*field).isEmpty() ? void(header.*field = QByteArray(64, 's')) : flipOne(header.*field, random);
        else {
            QByteArray bytes = (header.*field).toBytes();
            flipOne(bytes, random);
            header.*field = *Field::fromBytes(bytes);
        }
        line.header = log::encode(header);
    };
}

template <typename Field>
Flip inPart(Field log::AuthorPart::*field)
{
    return [field](ExportLine& line, std::mt19937& random) {
        log::Header header = *log::decodeHeader(line.header);
        log::AuthorPart part = *log::decodeAuthorPart(header.authorPart);
        if constexpr (requires { (part.*field).value; })
            (part.*field).value ^= 1 << (random() % 16);
        else if constexpr (std::is_integral_v<Field>)
            part.*field ^= Field(1) << (random() % 16);
        else {
            QByteArray bytes = (part.*field).toBytes();
            flipOne(bytes, random);
            part.*field = *Field::fromBytes(bytes);
        }
        header.authorPart = log::encode(part);
        line.header = log::encode(header);
    };
}

std::vector<std::pair<std::string, Flip>> fieldFlips()
{
    return {{"entry_id", inPart(&log::AuthorPart::entryId)},
            {"thread", inPart(&log::AuthorPart::thread)},
            {"kind", inPart(&log::AuthorPart::kind)},
            {"author", inPart(&log::AuthorPart::author)},
            {"device", inPart(&log::AuthorPart::device)},
            {"dev_seq", inPart(&log::AuthorPart::deviceSeq)},
            {"t_claimed", inPart(&log::AuthorPart::claimedAt)},
            {"commit", inPart(&log::AuthorPart::commit)},
            {"signature", inHeader(&log::Header::signature)},
            {"epoch", inHeader(&log::Header::epoch)},
            {"pos", inHeader(&log::Header::pos)},
            {"scope", inHeader(&log::Header::scope)},
            {"tseq", inHeader(&log::Header::threadSeq)},
            {"t_central", inHeader(&log::Header::centralAt)},
            {"prev", inHeader(&log::Header::prev)},
            {"content", [](ExportLine& line, std::mt19937& random) { flipOne(line.content, random); }},
            {"salt", [](ExportLine& line, std::mt19937& random) { flipOne(line.salt, random); }},
            {"leaf", [](ExportLine& line, std::mt19937& random) {
                 QByteArray bytes = line.leaf.toBytes();
                 flipOne(bytes, random);
                 line.leaf = *Digest::fromBytes(bytes);
             }}};
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

TEST_CASE("T7: a good export has no failure, erased entries included")
{
    const LogMaker maker = smallLog();
    CHECK(maker.lines.size() == 30);
    CHECK(check(maker) == "");
}

TEST_CASE("T1: each flipped bit of a header, content or salt is reported at its own entry")
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

// HOLDFAST_TEST_TAMPERED_ENTRIES=1000 is the long run.
TEST_CASE("T1: a flipped bit of each field of each entry of a long log is named at its entry")
{
    const int given = qEnvironmentVariableIntValue("HOLDFAST_TEST_TAMPERED_ENTRIES");
    LogMaker maker = longLog(given > 0 ? given : 120);
    maker.heads();
    maker.checkpoint();
    REQUIRE(check(maker) == "");
    std::ostringstream output;
    verify::Checker before({maker.logKey().toStdString(), maker.org.toBytes().toStdString()}, output);
    std::mt19937 random(1);
    size_t tried = 0;
    std::map<std::string, size_t> missed;
    for (size_t pos = 0; pos < maker.lines.size(); ++pos) {
        for (const auto& [field, flip] : fieldFlips()) {
            const ExportLine good = maker.lines[pos];
            flip(maker.lines[pos], random);
            verify::Checker here = before;
            here.readLine(maker.lineAt(pos));
            missed[field] += !output.str().starts_with(failureAt(pos));
            output.str("");
            maker.lines[pos] = good;
            ++tried;
        }
        before.readLine(maker.lineAt(pos));
    }
    for (const auto& [field, count] : missed) {
        INFO(field);
        CHECK(count == 0);
    }
    CHECK(tried == maker.lines.size() * 18);
    CHECK(output.str() == "");
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

TEST_CASE("T2 T3: missing, doubled and swapped entries are reported")
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

TEST_CASE("T6: a rewritten entry with a fitting leaf is caught by what came after it")
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

TEST_CASE("T9: another key, another organisation, no checkpoint and a damaged checkpoint are reported")
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

TEST_CASE("The log's key is followed from any key that it has had; older ones alone prove nothing")
{
    LogMaker maker = smallLog();
    const QByteArray first = maker.logKey();
    maker.changeKey("second");
    maker.heads();
    maker.checkpoint();
    const QByteArray second = maker.logKey();
    maker.changeKey("third");
    maker.heads();
    maker.checkpoint();
    for (const QByteArray& key : {first, second, maker.logKey()})
        CHECK(check(maker, maker.text(), key) == "");
    CHECK_THAT(check(maker, maker.text(), QByteArray(32, 'x')), StartsWith("checkpoint 1: the given key is none"));

    // Nothing that the second key signed, or a later one: a thief of the first key could have made all of it.
    const auto notes = maker.notes;
    maker.notes = {notes[0], notes[1]};
    CHECK(check(maker, maker.text(), first) == "");
    CHECK_THAT(check(maker, maker.text(), second),
               StartsWith("checkpoint 2: no good checkpoint is signed by the given"));
    maker.notes = {notes[0], notes[1], notes[3]};
    CHECK(check(maker, maker.text(), second) == "");

    // The old key after its time, and a handover that it did not sign.
    maker.notes = notes;
    LogMaker other = smallLog();
    maker.notes[2] = other.signedNote(32, rootAt(maker, 32));
    CHECK_THAT(check(maker, maker.text(), first), StartsWith("checkpoint 3: it has no good signature"));
    maker.notes = notes;
    for (const char* field : {"previous", "public_key", "signature"}) {
        LogMaker forged = smallLog();
        forged.changeKey("second");
        ExportLine& line = forged.lines.back();
        const qsizetype place = line.content.indexOf(field) + QByteArrayView(field).size() + 5;
        line.content[place] = line.content[place] == 'a' ? 'b' : 'a';
        forged.replace(forged.lines.size() - 1, forged.partOf(forged.lines.size() - 1));
        CHECK_THAT(check(forged, forged.text(), first), ContainsSubstring("is not signed by the one before it"));
    }
}

TEST_CASE("T3 T6: checkpoints that were kept elsewhere are compared, and the first that does not fit is named")
{
    const QTemporaryDir folder;
    const LogMaker maker = smallLog();
    const QString file = fileWith(folder, maker.text());
    REQUIRE(QDir(folder.path()).mkdir(QStringLiteral("anchors")));
    const QString anchors = folder.filePath(QStringLiteral("anchors"));
    const auto put = [&anchors](const char* name, const QByteArray& note) {
        QFile anchor(anchors + u'/' + QString::fromLatin1(name));
        REQUIRE(anchor.open(QIODevice::WriteOnly));
        anchor.write(note);
    };
    const QStringList arguments{file, QStringLiteral("--log-key"), QString::fromLatin1(maker.logKey().toHex()),
                                QStringLiteral("--anchors"), anchors};
    CHECK(runProgram(arguments).exitCode == 2); // asked for, and none there
    put("2026-11-23.note", maker.notes[0]);
    put("2026-11-24.note", maker.notes[1]);
    const Run good = runProgram(arguments);
    CHECK(good.exitCode == 0);
    CHECK(good.output.contains("- The log continues all 2 checkpoints that were kept elsewhere."));
    put("2026-11-25.note", maker.signedNote(12, sha256({"another history"})));
    put("2026-11-26.note", maker.signedNote(99, Digest()));
    put("2026-11-27.note", QByteArray(100'000, 'n'));
    const Run bad = runProgram(arguments);
    CHECK(bad.exitCode == 1);
    CHECK(bad.output.startsWith("anchor 2026-11-25.note: the tree of the entries that it covers has another root\n"
                                "anchor 2026-11-26.note: it covers 99 entries; the export has 30\n"
                                "anchor 2026-11-27.note: it is not in the form of a checkpoint\n"));
}

TEST_CASE("Whose entry it is: all three or none, the one who was enrolled, and structure by central alone")
{
    for (int change = 0; change < 4; ++change) {
        LogMaker maker = smallLog();
        auto part = maker.partOf(2);
        if (change == 0)
            part.author = UserId();
        else if (change == 1)
            part.author = *UserId::fromBytes(QByteArray(16, 'b'));
        else if (change == 2)
            part.device = DeviceId();
        else
            part.kind = domain::number(domain::Kind::grantGiven);
        maker.replace(2, part);
        CHECK_THAT(check(maker), StartsWith(failureAt(2)));
    }
    LogMaker same = smallLog(); // the control: replacing by the same changes nothing
    same.replace(2, same.partOf(2));
    CHECK(check(same) == "");
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
    CHECK(good.output.startsWith(
        "30 entries, 30 of them under a good checkpoint, 2 checkpoints, 0 anchors, 0 failures\n"));
    CHECK(good.output.contains("Proven:\n- The first 30 entries"));
    CHECK(good.output.contains("Not proven:\n- That a time is true"));
    CHECK(good.output.contains("- What 2 erased entries said"));
    CHECK(runProgram({file, QStringLiteral("--log-key"), key, QStringLiteral("--org"), maker.org.toHexString()})
              .exitCode == 0);

    maker.lines[6].content[2] = 'T';
    fileWith(folder, maker.text());
    const Run bad = runProgram({file, QStringLiteral("--log-key"), key});
    CHECK(bad.exitCode == 1);
    const auto header = *log::decodeHeader(maker.lines[6].header);
    const QByteArray id = log::decodeAuthorPart(header.authorPart)->entryId.toHex();
    CHECK(bad.output.startsWith("pos 6 entry " + id + ": the content is not the one"));
    CHECK(bad.output.contains("Proven: nothing from the first failure on"));

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
