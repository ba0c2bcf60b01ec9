// A copy of a file leaves the encrypted store: recorded first, whole or not at all, nowhere else.
#include "storage/sync/desk_session.h"
#include "tests/support/string_makers.h"
#include "tests/sync/central_stub.h"
#include "tests/sync/waiting.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QByteArray report = "%PDF-1.7 accident report of a person";

// An open desk that wrote a reply with a document; its bytes are here.
struct Fixture
{
    explicit Fixture(bool saysActs = true)
    {
        central.saysActs = saysActs;
        central.open(thread);
        session = std::make_unique<sync::DeskSession>(
            sync::SessionOptions{folder.path(), {}, [] {}, local::PassphraseCost{64 * 1024, 3, 1}}, clock, random);
        REQUIRE(finished(session->enrol(server.url(), QStringLiteral("thandi"), QStringLiteral("right password"),
                                        QStringLiteral("blue lamp by the river"))));
        REQUIRE(becomes([&] { return finished(desk().reader.thread(thread)).has_value(); }));
        central.isBusy = true; // what is written stays in the outbox, where it is counted
        const auto replied = finished(desk().acts.reply(
            thread, QStringLiteral("Here it is"),
            {{QStringLiteral("report.pdf"), QStringLiteral("application/pdf"), report, sha256({report})}}, {}, {}));
        REQUIRE(replied);
        message = *replied;
        const auto shown = finished(desk().reader.message(message));
        REQUIRE(shown);
        REQUIRE(shown->attachments.size() == 1);
        CHECK(shown->attachments.first().isHere);
        file = shown->attachments.first().attachment.id;
        REQUIRE(becomes([&] { return waiting() == 1; }));
    }
    views::Desk& desk() { return *session->desk(); }
    int waiting() { return desk().news.syncState().waiting; }
    Result<void> save(const QString& path) { return finished(desk().acts.saveCopy({thread, message, file, path})); }
    QStringList outside() const
    {
        QStringList files;
        QDirIterator it(place.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (it.hasNext())
            files.append(it.next());
        return files;
    }

    QTemporaryDir folder;
    QTemporaryDir place; // where the person saves
    CentralStub central;
    TinyServer server{[this](const TinyRequest& request) { return central.answer(request); }};
    SystemClock clock;
    SystemRandom random;
    std::unique_ptr<sync::DeskSession> session;
    ThreadId thread = random.id<ThreadId>();
    EntryId message;
    BlobId file;
};

} // namespace

TEST_CASE("A saved copy is whole, its owner's alone, and recorded")
{
    Fixture f;
    const QString path = f.place.filePath(QStringLiteral("report.pdf"));
    REQUIRE(f.save(path));
    CHECK(f.outside() == QStringList{path});
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadOnly));
    CHECK(file.readAll() == report);
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther |
                        QFileDevice::WriteOther | QFileDevice::ExeOwner;
    CHECK((file.permissions() & others) == QFileDevice::Permissions());
    CHECK(becomes([&] { return f.waiting() == 2; })); // the act, behind the reply
}

TEST_CASE("A place that cannot be written to: words, no file, and the record stands")
{
    Fixture f;
    const auto missing = f.save(f.place.filePath(QStringLiteral("no such folder/report.pdf")));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().text.contains(QStringLiteral("Choose another place")));
    CHECK(becomes([&] { return f.waiting() == 2; }));
    CHECK_FALSE(f.save(f.place.path()));
    CHECK_FALSE(f.save(QStringLiteral("report.pdf")));
    CHECK(f.outside().isEmpty());
    CHECK_FALSE(QFile::exists(QStringLiteral("report.pdf")));
}

TEST_CASE("Without a place to record it nothing is saved")
{
    Fixture f(false);
    const auto saved = f.save(f.place.filePath(QStringLiteral("report.pdf")));
    REQUIRE_FALSE(saved);
    CHECK(saved.error().code == ErrorCode::unavailable);
    CHECK(f.outside().isEmpty());
    CHECK(f.waiting() == 1);
}

TEST_CASE("A file that is not here is not recorded as saved")
{
    Fixture f;
    const auto saved = finished(f.desk().acts.saveCopy(
        {f.thread, f.message, f.random.id<BlobId>(), f.place.filePath(QStringLiteral("x.pdf"))}));
    REQUIRE_FALSE(saved);
    CHECK(saved.error().code == ErrorCode::notFound);
    CHECK(f.outside().isEmpty());
    CHECK(f.waiting() == 1);
}
