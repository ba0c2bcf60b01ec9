#include "models/log/entry.h"
#include "storage/local/desk_directory.h"
#include "storage/sync/desk_session.h"
#include "tests/support/string_makers.h"
#include "tests/sync/central_stub.h"
#include "tests/sync/waiting.h"

#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <csignal>

using namespace holdfast;
using namespace holdfast::test;
using views::Session;

namespace {

const QString passphrase = QStringLiteral("blue lamp by the river");
const local::PassphraseCost cheap{64 * 1024, 3, 1};

struct Fixture
{
    QTemporaryDir folder;
    CentralStub central;
    TinyServer server{[this](const TinyRequest& request) { return central.answer(request); }};
    SystemClock clock;
    SystemRandom random;
    int relaunches = 0;

    std::unique_ptr<sync::DeskSession> session()
    {
        return std::make_unique<sync::DeskSession>(
            sync::SessionOptions{folder.path(), {}, [this] { ++relaunches; }, cheap}, clock, random);
    }
    Result<void> enrol(Session& session, const QString& password = QStringLiteral("right password"))
    {
        return finished(session.enrol(server.url(), QStringLiteral("thandi"), password, passphrase));
    }
};

QHash<QString, QByteArray> filesIn(const QString& folder)
{
    QHash<QString, QByteArray> files;
    QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        QFile file(it.next());
        if (file.open(QIODevice::ReadOnly))
            files.insert(file.fileName(), file.readAll());
    }
    return files;
}

} // namespace

TEST_CASE("A first run finds the organisation, enrols this device and opens the desk")
{
    Fixture f;
    auto session = f.session();
    CHECK(session->state() == Session::State::firstRun);
    const auto facts = finished(session->probe(f.server.url()));
    REQUIRE(facts);
    CHECK(facts->organisation == QStringLiteral("Umoya Insurance"));
    CHECK_FALSE(facts->secure);
    REQUIRE(f.enrol(*session));
    CHECK(session->state() == Session::State::open);
    REQUIRE(session->desk());
    CHECK(session->desk()->me.name == QStringLiteral("Thandi Nkosi"));
    views::DeskNews& news = session->desk()->news;
    CHECK(becomes([&news] { return news.syncState().link == views::SyncState::Link::online; }));

    session->lock();
    CHECK(session->desk() == nullptr);
    CHECK(becomes([&f] { return f.relaunches == 1; }));
    session = f.session(); // as the fresh process
    CHECK(session->state() == Session::State::locked);
    CHECK(session->knownDesk()->login == QStringLiteral("thandi"));

    const auto before = filesIn(f.folder.path());
    const auto wrong = finished(session->unlock(QStringLiteral("another passphrase")));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == ErrorCode::wrongKey);
    CHECK_FALSE(wrong.error().text.isEmpty());
    CHECK(filesIn(f.folder.path()) == before);
    CHECK(finished(session->unlock(passphrase)));
    CHECK(session->state() == Session::State::open);
}

TEST_CASE("A wrong password, a short passphrase and a wrong server are said in words, and leave nothing behind")
{
    Fixture f;
    auto session = f.session();
    CHECK(f.enrol(*session, QStringLiteral("wrong")).error().code == ErrorCode::denied);
    const auto brief = finished(session->enrol(f.server.url(), QStringLiteral("thandi"),
                                               QStringLiteral("right password"), QStringLiteral("short")));
    CHECK(brief.error().code == ErrorCode::invalidInput);
    TinyServer other([](const TinyRequest&) { return TinyReply::json(200, "<html>Printer</html>"); });
    const auto facts = finished(session->probe(other.url()));
    REQUIRE_FALSE(facts);
    CHECK(facts.error().text.startsWith(QStringLiteral("There is no Holdfast at this address")));
    CHECK(finished(session->probe(QUrl(QStringLiteral("http://central.example.co.za")))).error().code ==
          ErrorCode::denied);
    CHECK(session->state() == Session::State::firstRun);
    CHECK(filesIn(f.folder.path()).isEmpty());
}

TEST_CASE("A first run that broke off before its end is done again, and what it left is kept aside")
{
    Fixture f;
    QString keys;
    {
        auto session = f.session();
        REQUIRE(f.enrol(*session));
        QDirIterator files(f.folder.path(), {QStringLiteral("keys.json")}, QDir::Files, QDirIterator::Subdirectories);
        REQUIRE(files.hasNext());
        keys = files.next();
    }
    // The key slots are written last: whoever died before them has a database that nobody can open.
    REQUIRE(QFile::remove(keys));
    auto session = f.session();
    CHECK(session->state() == Session::State::firstRun);
    REQUIRE(f.enrol(*session));
    CHECK(QDir(f.folder.path()).entryList({QStringLiteral("*.incomplete-*")}, QDir::Dirs).size() == 1);
    session.reset();
    CHECK(finished(f.session()->unlock(passphrase)));
}

TEST_CASE("T4 T5: a failed proof is told in words, keeps what was verified, and is told again after a restart")
{
    for (const bool rolledBack : {false, true}) {
        Fixture f;
        f.central.show(SmallLog(9));
        auto session = f.session();
        REQUIRE(f.enrol(*session));
        const auto state = [&session] { return session->desk()->news.syncState(); };
        CHECK(becomes([&] { return state().verifiedUpTo == 10; }));
        CHECK_FALSE(state().faultAt);
        f.central.show(rolledBack ? SmallLog(4) : SmallLog(14, 'x', 3));
        CHECK(becomes([&] { return state().faultAt == 10; }));
        const QString words =
            rolledBack ? QStringLiteral("Central's log is shorter than the one this desk verified before.")
                       : QStringLiteral("Central's log does not continue the one this desk verified before.");
        CHECK(becomes([&] { return state().detail.contains(words); }));
        CHECK(state().detail.contains(QStringLiteral("Tell your administrator")));

        session.reset();
        f.central.show(SmallLog(9)); // as if nothing had been
        session = f.session();
        REQUIRE(finished(session->unlock(passphrase)));
        CHECK(becomes([&] { return state().faultAt == 10 && state().detail.contains(words); }));
        CHECK(state().verifiedUpTo == 10);
    }
}

TEST_CASE("A desk follows the log's new key by its handover, also after a restart, and takes no old one again")
{
    Fixture f;
    SmallLog log(9);
    log.org = *OrgId::fromHex(QByteArrayView(QByteArray(32, 'a')));
    f.central.show(log);
    auto session = f.session();
    REQUIRE(f.enrol(*session));
    const auto state = [&session] { return session->desk()->news.syncState(); };
    CHECK(becomes([&] { return state().verifiedUpTo == 10; }));
    SmallLog changed = log;
    changed.grow(3);
    const auto second = *log::SigningKey::fromSeed(QByteArray(32, '2'));
    changed.handovers = {log::handOver(log.org, *log.key, second.publicKey())};
    changed.useKey('2');
    f.central.show(changed);
    CHECK(becomes([&] { return state().verifiedUpTo == 14; }));
    CHECK_FALSE(state().faultAt);

    session.reset();
    session = f.session();
    REQUIRE(finished(session->unlock(passphrase)));
    CHECK(becomes([&] { return state().link == views::SyncState::Link::online && state().verifiedUpTo == 14; }));
    CHECK_FALSE(state().faultAt);
    changed.useKey('k'); // whoever kept or stole the old key
    changed.grow(2);
    f.central.show(changed);
    CHECK(becomes([&] { return state().faultAt == 14; }));
}

TEST_CASE("A reply and a note reach central once, and nothing waits afterwards")
{
    Fixture f;
    auto session = f.session();
    REQUIRE(f.enrol(*session));
    views::Desk& desk = *session->desk();
    const ThreadId thread = f.random.id<ThreadId>();
    const auto reply = finished(desk.acts.reply(thread, QStringLiteral("Good day"), {}, std::nullopt, ThreadSeq{4}));
    const auto note = finished(desk.acts.note(thread, QStringLiteral("Between us"), {}));
    REQUIRE(reply);
    REQUIRE(note);
    CHECK(becomes([&f] { return f.central.accepted().size() == 2; }));
    CHECK(f.central.accepted() == QList<EntryId>{*reply, *note});
    CHECK(becomes([&desk] {
        const views::SyncState state = desk.news.syncState();
        return state.link == views::SyncState::Link::online && state.waiting == 0;
    }));
    CHECK_FALSE(finished(desk.acts.note(thread, QStringLiteral("  "), {})));
    CHECK_FALSE(finished(desk.acts.reply(thread, {}, {}, std::nullopt, {})));
}

TEST_CASE("A spent sign-in asks for the password, and what was written meanwhile is sent afterwards")
{
    Fixture f;
    f.central.refusesTokens = true;
    auto session = f.session();
    int asked = 0;
    QObject::connect(session.get(), &Session::signInNeeded, session.get(), [&asked] { ++asked; });
    REQUIRE(f.enrol(*session));
    CHECK(becomes([&asked] { return asked == 1; }));
    views::Desk& desk = *session->desk();
    REQUIRE(finished(desk.acts.note(f.random.id<ThreadId>(), QStringLiteral("Written offline"), {})));
    CHECK(becomes([&desk] { return desk.news.syncState().waiting == 1; }));
    CHECK_FALSE(desk.news.syncState().detail.isEmpty());
    CHECK(finished(session->signInAgain(QStringLiteral("wrong"))).error().code == ErrorCode::denied);
    REQUIRE(finished(session->signInAgain(QStringLiteral("right password"))));
    CHECK(becomes([&f] { return f.central.accepted().size() == 1; }));
}

namespace {

// What the child of the next test does: unlocks, writes a reply and dies the moment its future resolved.
[[noreturn]] void replyAndDie(const QString& folder)
{
    SystemClock clock;
    SystemRandom random;
    sync::DeskSession session({folder, {}, {}, cheap}, clock, random);
    if (!finished(session.unlock(passphrase)))
        _exit(3);
    session.desk()
        ->acts.reply(random.id<ThreadId>(), QStringLiteral("Sent"), {}, std::nullopt, {})
        .then(QtFuture::Launch::Sync, [](const Result<EntryId>& id) {
            if (id)
                std::puts(id->toHex().constData());
            std::fflush(stdout);
            ::kill(::getpid(), SIGKILL);
        });
    static_cast<void>(becomes([] { return false; }));
    _exit(4);
}

} // namespace

TEST_CASE("child: reply and die", "[.child]")
{
    replyAndDie(qEnvironmentVariable("HOLDFAST_TEST_DESK"));
}

TEST_CASE("A desk killed right after a reply was acknowledged sends it exactly once")
{
    Fixture f;
    {
        auto session = f.session();
        REQUIRE(f.enrol(*session));
    }
    f.central.isBusy = true; // so that the dying process cannot send it itself
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOLDFAST_TEST_DESK"), f.folder.path());
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("child: reply and die")});
    REQUIRE(child.waitForFinished(120'000));
    REQUIRE(child.exitStatus() == QProcess::CrashExit);
    EntryId written;
    for (const QByteArray& line : child.readAllStandardOutput().split('\n')) {
        if (const auto id = EntryId::fromHex(QByteArrayView(line.trimmed())))
            written = *id;
    }
    REQUIRE_FALSE(written.isNull());
    CHECK(f.central.accepted().isEmpty());

    f.central.isBusy = false;
    auto session = f.session();
    REQUIRE(finished(session->unlock(passphrase)));
    CHECK(becomes([&f] { return !f.central.accepted().isEmpty(); }));
    views::DeskNews& news = session->desk()->news;
    CHECK(becomes([&news] { return news.syncState().waiting == 0; }));
    CHECK(f.central.accepted() == QList<EntryId>{written});
}
