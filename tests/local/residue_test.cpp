// After a closing or an erasure nothing of it is left in any file of the desk: not in freed pages, not in the
// write-ahead logs, not in the search index, not in the media file, not in the temporary folder. Its neighbour is the
// control.
#include "storage/local/desk_settings.h"
#include "tests/local/decrypted_pages.h"
#include "tests/local/desk_fixture.h"

#include <QDirIterator>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

// Word ends, because the index stores a term without the beginning that it shares with the one before it.
const QByteArray gone = "ephyrquartz";
const QByteArray goneFile = "yxophonefile";
const QByteArray goneNumber = "825559471";
const QByteArray stays = "olivinefels";

QByteArray pictureOf(const QByteArray& word)
{
    return (word + ' ').repeated(40'000); // several chunks
}

// In UTF-8 or UTF-16, whatever the case of its letters.
bool holdsText(const QByteArray& bytes, const QByteArray& text)
{
    const QString wide = QString::fromUtf8(text).toLower();
    const QByteArray utf16(reinterpret_cast<const char*>(wide.utf16()), wide.size() * 2);
    const QByteArray lower = bytes.toLower();
    return lower.contains(text.toLower()) || lower.contains(utf16);
}

struct ResidueDesk : DeskFixture
{
    ResidueDesk()
    {
        qputenv("SQLITE_TMPDIR", temporary.path().toLocal8Bit());
        person = maker.random().id<PersonId>();
        other = maker.random().id<PersonId>();
        lost = maker.random().id<ThreadId>();
        kept = maker.random().id<ThreadId>();
        maker.openIn(kept, maker.random().id<ScopeId>());
        maker.openIn(*ThreadId::fromBytes(other.toBytes()), maker.random().id<ScopeId>());
        write(lost, person, "Z" + gone, "L" + goneFile, "+27" + goneNumber);
        write(kept, other, "W" + stays, "W" + stays, "+27825550000");
        done(local::DeskSettings(*database).saveDraft(
            lost, false, QStringLiteral("Z") + QString::fromLatin1(gone) + QStringLiteral(" 0\nmy own words")));
    }
    ~ResidueDesk() { qunsetenv("SQLITE_TMPDIR"); }

    void write(const ThreadId& thread, const PersonId& by, const QByteArray& word, const QByteArray& fileWord,
               const QByteArray& phone)
    {
        const QByteArray bytes = pictureOf(fileWord);
        const domain::Attachment file{maker.random().id<BlobId>(), bytes.size(), QStringLiteral("image/jpeg"),
                                      QString::fromLatin1(fileWord) + QStringLiteral(".jpg"), sha256({bytes})};
        std::vector<local::FeedEntry> feed{maker.person(by, QString::fromLatin1(word), QString::fromLatin1(phone)),
                                           maker.openCase(thread, by)};
        // So many that pages are freed, terms fill segments of the index, and the log holds old versions of pages.
        for (int i = 0; i < 300; ++i) {
            feed.push_back(maker.customer(thread, by, QString::fromLatin1(word) + QStringLiteral(" %1").arg(i)));
            messages[thread].append(maker.lastId());
        }
        feed.push_back(maker.customer(thread, by, QString::fromLatin1(word), {file}));
        messages[thread].append(maker.lastId());
        apply(std::move(feed));
        done(media->put(file.id, bytes, sha256({bytes})));
        blobs.append(file.id);
    }
    // Every byte that the desk's files hold, decrypted where they are encrypted, and as they are.
    QByteArray everything()
    {
        QByteArray all;
        for (const QString& file : {files.history(), files.media()})
            all += decryptedPages(file, testKey());
        for (const QString& place : {files.folder, temporary.path()}) {
            QDirIterator each(place, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
            while (each.hasNext()) {
                QFile file(each.next());
                if (file.open(QIODevice::ReadOnly))
                    all += file.readAll();
            }
        }
        return all;
    }
    void checkClean()
    {
        const QByteArray all = everything();
        for (const QByteArray& word : {gone, goneFile, goneNumber}) {
            INFO(word.toStdString());
            CHECK_FALSE(holdsText(all, word));
        }
        CHECK(holdsText(all, stays)); // the control: what is there is found
        CHECK(int(valueOf(reader->search({QString::fromLatin1("W" + stays), 10, std::nullopt})).hits.size()) == 10);
    }

    QTemporaryDir temporary;
    PersonId person, other;
    ThreadId lost, kept;
    QHash<ThreadId, QList<EntryId>> messages;
    QList<BlobId> blobs;
};

} // namespace

TEST_CASE("Nothing of a closed thread and its person is left in any page of the desk", "[residue]")
{
    ResidueDesk desk;
    const QByteArray before = desk.everything();
    for (const QByteArray& word : {gone, goneFile, goneNumber})
        REQUIRE(holdsText(before, word));

    SECTION("by threads")
    {
        valueOf(desk.applier->apply(
            {{}, {}, "c", {{desk.lost, false}, {*ThreadId::fromBytes(desk.person.toBytes()), false}}}));
        desk.checkClean();
        CHECK(holdsText(desk.everything(), "my own words"));
    }
    SECTION("by their scope")
    {
        valueOf(desk.applier->apply({{}, {{desk.maker.scope(), false}}, "c"}));
        desk.checkClean();
    }
    SECTION("also once the desk is closed and opened again")
    {
        valueOf(desk.applier->apply({{}, {{desk.maker.scope(), false}}, "c"}));
        desk.close();
        desk.open();
        desk.checkClean();
    }
}

TEST_CASE("Nothing of erased contents is left in any page of the desk, and the log still verifies", "[residue]")
{
    ResidueDesk desk;
    domain::EraseContents whole;
    whole.erasure = desk.maker.random().id<EntryId>();
    whole.thread = desk.lost;
    whole.below = ThreadSeq{10'000};
    domain::EraseContents facts = whole;
    facts.erasure = desk.maker.random().id<EntryId>();
    facts.thread = *ThreadId::fromBytes(desk.person.toBytes());
    local::FeedBatch batch{{}, {}, "c"};
    batch.erased = {whole, facts};
    valueOf(desk.applier->apply(batch));
    desk.checkClean();
    const auto leaves = [&desk] { return desk.query(QStringLiteral("SELECT hex(leaf) FROM entry")).size(); };
    CHECK(leaves() == 2 * 303); // every header is still here
    const local::Applied next =
        desk.apply({desk.maker.customer(desk.lost, desk.person, QStringLiteral("and the chain goes on"))});
    CHECK_FALSE(next.fault.has_value());
    CHECK(valueOf(desk.reader->newestMessages(desk.lost, 10)).messages.size() == 1);
    const QStringList folded = desk.dump();
    done(desk.applier->rebuild());
    CHECK(desk.dump() == folded);
}

TEST_CASE("One erased message leaves its neighbours in the thread, a draft without its words, and the rest of the list",
          "[residue]")
{
    ResidueDesk desk;
    local::DeskSettings settings(*desk.database);
    const EntryId victim = desk.messages[desk.kept].at(17);
    desk.apply({desk.maker.customer(desk.kept, desk.other, QStringLiteral("unique tourmaline sentence"))});
    const EntryId newest = desk.maker.lastId();
    done(settings.saveDraft(desk.kept, false, QStringLiteral("> unique tourmaline sentence\nI see.")));
    domain::EraseContents some;
    some.erasure = desk.maker.random().id<EntryId>();
    some.thread = desk.kept;
    some.entries = {victim, newest};
    local::FeedBatch batch{{}, {}, "c"};
    batch.erased = {some};
    valueOf(desk.applier->apply(batch));
    CHECK_FALSE(holdsText(desk.everything(), "tourmaline"));
    CHECK(valueOf(desk.reader->draft(desk.kept, false)) == QStringLiteral("I see."));
    CHECK(desk.query(QStringLiteral("SELECT count(*) FROM message WHERE hex(thread) = '%1'")
                         .arg(QString::fromLatin1(desk.kept.toHex()).toUpper())) == QStringList{QStringLiteral("300")});
    const QStringList folded = desk.dump();
    done(desk.applier->rebuild());
    CHECK(desk.dump() == folded);
}
