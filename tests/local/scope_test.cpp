#include "storage/local/desk_settings.h"
#include "tests/local/decrypted_pages.h"
#include "tests/local/desk_fixture.h"

using namespace holdfast;
using namespace holdfast::test;

namespace {

// One word for each thing that a scope leaves on a desk. Each begins unlike all others, so that no shared prefix hides
// its term in the index.
const QByteArrayList goneWords{"zephyrquartz", "xolanibrandt", "qvartzphoto", "wyverndraft", "jqxpolicy"};
const QByteArray unsentWord = "unsentvellum";
const QByteArray unsentFile = "fjordattached";
const QByteArray neighbourWord = "neighbouragate";

struct Scoped
{
    ScopeId scope;
    ThreadId thread;
    PersonId person;
    BlobId photo;
};

class ScopeDesk : public DeskFixture
{
public:
    ScopeDesk() : settings(*database)
    {
        apply({maker.profile(me, QStringLiteral("Lerato Khumalo")), maker.enrol(me)});
        neighbour = fill(neighbourWord, "neighbourperson", "neighbourphoto", "neighbourdraft", "neighbourpolicy");
        lost = fill(goneWords[0], goneWords[1], goneWords[2], goneWords[3], goneWords[4]);
    }

    bool holds(const QByteArray& word) const
    {
        for (const QString& file : {files.history(), files.media()}) {
            if (decryptedPages(file, testKey()).toLower().contains(word))
                return true;
        }
        return false;
    }

    EntryId writeUnsent()
    {
        const BlobId file = maker.random().id<BlobId>();
        done(putMedia(*media, file, QByteArray(unsentFile).repeated(40'000)));
        local::NewEntry entry = reply(lost.thread, QString::fromLatin1(unsentWord));
        domain::AgentReply content;
        content.text = QString::fromLatin1(unsentWord);
        content.attachments = {{file, 520'000, QStringLiteral("image/png"), QStringLiteral("a.png"), Digest()}};
        entry.content = domain::toJson(content);
        entry.blobs = {file};
        return valueOf(outbox->put(entry));
    }

    local::DeskSettings settings;
    Scoped neighbour;
    Scoped lost;

private:
    Scoped fill(const QByteArray& text, const QByteArray& name, const QByteArray& photo, const QByteArray& draft,
                const QByteArray& number)
    {
        Scoped scoped{maker.random().id<ScopeId>(), maker.random().id<ThreadId>(), maker.random().id<PersonId>(),
                      maker.random().id<BlobId>()};
        maker.setScope(scoped.scope);
        const QByteArray bytes = photo.repeated(40'000);
        const domain::Attachment file{scoped.photo, bytes.size(), QStringLiteral("image/jpeg"),
                                      QStringLiteral("photo.jpg"), sha256({bytes})};
        std::vector<local::FeedEntry> feed{
            maker.person(scoped.person, QString::fromLatin1(name), QStringLiteral("+27825550143")),
            maker.policy(maker.random().id<PolicyId>(), scoped.person, QString::fromLatin1(number)),
            maker.openCase(scoped.thread, scoped.person)};
        for (int i = 0; i < 40; ++i)
            feed.push_back(
                maker.customer(scoped.thread, scoped.person, QString::fromLatin1(text) + QString::number(i)));
        feed.push_back(maker.customer(scoped.thread, scoped.person, QString(), {file}));
        const domain::MediaCustody stored{maker.lastId(), domain::CustodyStep::stored, file, {}};
        feed.push_back(maker.central(scoped.thread, domain::Kind::mediaCustody, domain::toJson(stored)));
        apply(std::move(feed));
        shelf.blobs.insert(scoped.photo, bytes);
        CHECK(valueOf(reader->attachment(scoped.photo)) == bytes);
        // Half of it is the customer's.
        done(settings.saveDraft(
            scoped.thread, false,
            QStringLiteral("> %1%2\n%3").arg(QString::fromLatin1(text)).arg(7).arg(QString::fromLatin1(draft))));
        return scoped;
    }
};

} // namespace

TEST_CASE("A closed scope leaves nothing in any page, log or index, and its neighbour stays", "[scope]")
{
    ScopeDesk desk;
    for (const QByteArray& word : goneWords) // the control: the same scan finds each of them before
        CHECK(desk.holds(word));
    const local::Applied applied = desk.closeScope(desk.lost.scope);
    CHECK(applied.threads.contains(desk.lost.thread));
    CHECK(!applied.left.has_value());
    // While the desk is still open: the answer itself says that it is done. Of the draft its author's own words are
    // offered back, and go when he has decided.
    const QList<views::KeptDraft> kept = valueOf(desk.reader->keptDrafts());
    REQUIRE(kept.size() == 1);
    CHECK(kept.first().text.toUtf8() == goneWords[3]);
    CHECK(desk.holds(goneWords[3]));
    done(desk.settings.dropKeptDraft(kept.first().number));
    for (const QByteArray& word : goneWords) {
        INFO(word.toStdString());
        CHECK(!desk.holds(word));
    }
    CHECK(desk.holds(neighbourWord));
    CHECK(desk.holds("neighbourphoto"));
    CHECK(desk.holds("neighbourdraft"));
    CHECK(desk.holds("neighbourpolicy"));
    CHECK(await(desk.reader->thread(desk.lost.thread)).error().code == ErrorCode::notFound);
    CHECK(await(desk.media->get(desk.lost.photo)).error().code == ErrorCode::notFound);
}

TEST_CASE("Closing a scope spares what waits to be sent, its files included", "[scope]")
{
    ScopeDesk desk;
    const EntryId unsent = desk.writeUnsent();
    const local::OutboxEntry before = valueOf(desk.outbox->find(unsent));
    desk.closeScope(desk.lost.scope);
    const local::OutboxEntry after = valueOf(desk.outbox->find(unsent));
    CHECK(after.content == before.content);
    CHECK(valueOf(desk.media->get(before.blobs.first())).startsWith(unsentFile));
    // Nor does the sweep of the next start take them.
    desk.maker.clock().advance(3'600'000'000);
    valueOf(desk.media->sweep(desk.maker.clock().now()));
    CHECK(valueOf(desk.media->get(before.blobs.first())).startsWith(unsentFile));

    // The scope comes back: the waiting reply is in its thread again, once.
    desk.maker.setScope(desk.lost.scope);
    desk.apply({desk.maker.openCase(desk.lost.thread, desk.lost.person)});
    const views::MessagePage page = valueOf(desk.reader->newestMessages(desk.lost.thread, 50));
    REQUIRE(page.messages.size() == 1);
    CHECK(page.messages.first().id == unsent);
    CHECK(page.messages.first().pending);
    const QStringList derived = desk.dump();
    done(desk.applier->rebuild());
    CHECK(desk.dump() == derived);
}

TEST_CASE("No draft of a closed scope comes back to the disk", "[scope]")
{
    ScopeDesk desk;
    desk.closeScope(desk.lost.scope);
    done(desk.settings.saveDraft(desk.lost.thread, false, QStringLiteral("wyverndraft again")));
    CHECK(valueOf(desk.reader->draft(desk.lost.thread, false)).isEmpty());
    done(desk.settings.saveDraft(desk.neighbour.thread, false, QStringLiteral("kept")));
    CHECK(valueOf(desk.reader->draft(desk.neighbour.thread, false)) == QStringLiteral("kept"));
}

TEST_CASE("A photo that was on its way when its scope closed leaves nothing", "[scope]")
{
    ScopeDesk desk;
    desk.closeScope(desk.lost.scope);
    done(desk.media->keep(desk.lost.photo, QByteArray(goneWords[2]).repeated(40'000)));
    CHECK(!desk.holds(goneWords[2]));
    CHECK(!valueOf(desk.media->has(desk.lost.photo)));
}

TEST_CASE("What a crash between closing and erasing left goes at the next start", "[scope]")
{
    ScopeDesk desk;
    // As a kill leaves it: the closing is committed, the chunks and both logs are as they were.
    done(desk.database->write<void>(local::Priority::normal, [&](sql::WriteConnection& connection) -> Result<void> {
        for (const char* table : {"message", "attachment", "held"}) {
            const Status gone = connection.execute(
                QStringLiteral("DELETE FROM %1%2")
                    .arg(QLatin1StringView(table),
                         table == QByteArray("held")
                             ? QStringLiteral(" WHERE blob = x'%1'").arg(QString::fromLatin1(desk.lost.photo.toHex()))
                             : QString()));
            if (!gone)
                return gone;
        }
        return {};
    }));
    CHECK(desk.holds(goneWords[2]));
    desk.maker.clock().advance(1);
    // One of them lost its row too, of the other the name is still there and no message needs it.
    CHECK(valueOf(desk.media->sweep(desk.maker.clock().now())) == 2);
    CHECK(!desk.holds(goneWords[2]));
    CHECK(!desk.holds("neighbourphoto"));
}
