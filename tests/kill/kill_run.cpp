#include "tests/kill/kill_run.h"

#include "storage/local/desk_directory.h"
#include "storage/sql/secret_bytes.h"
#include "storage/sync/desk_session.h"
#include "tests/story_support/desk_window.h"

#include <QCoreApplication>

#include <cstdio>

namespace holdfast::test {
namespace {

constexpr int longestWorkMs = 350; // between a start and the next kill
constexpr int verifyEvery = 25;
constexpr int restSeconds = 900; // the lease of a call whose answer never came, for several in one conversation

} // namespace

QString KillTally::words() const
{
    return QStringLiteral(
               "kills: %1 of central, %2 of the desk; clean starts: %3; whole log verified: %4 times; %5 s\n")
               .arg(centralKills)
               .arg(deskKills)
               .arg(cleanStarts)
               .arg(verifications)
               .arg(seconds) +
           counts.words();
}

KillRun::KillRun(KillOptions options)
    : options_(std::move(options)), dice_(options_.seed),
      organisation_({folder_.filePath(QStringLiteral("org")), options_.storeUrl, 0})
{}

KillTally KillRun::run()
{
    time_.start();
    if (begin()) {
        for (int number = 1; number <= 2 * options_.cycles && ledger_.isGood(); ++number) {
            cycle(number);
            if (number % 100 == 0)
                std::fprintf(stderr, "%d kills, %lld s\n", number, static_cast<long long>(time_.elapsed() / 1000));
        }
        finish();
    }
    tally_.seconds = time_.elapsed() / 1000;
    tally_.counts = ledger_.counts();
    return tally_;
}

void KillRun::finish()
{
    killDesk();
    --tally_.deskKills; // the last one only makes room
    SystemClock clock;
    SystemRandom random;
    {
        sync::DeskSession session({dataDir(), {}, {}, killCost}, clock, random);
        auto opening = session.unlock(killPassphrase);
        if (!story::waitUntil([&opening] { return opening.isFinished(); }, 120) || !opening.result()) {
            ledger_.isWrong(QStringLiteral("The desk did not open at the end."));
            return;
        }
        const bool rests = ledger_.settle(*session.desk(), restSeconds);
        Q_UNUSED(rests)
        ledger_.count(*session.desk());
    }
    verifyCentral();
    ledger_.countDatabase(dataDir(), killPassphrase);
    organisation_.stop();
}

bool KillRun::begin()
{
    if (const QString trouble = organisation_.setUp(); !trouble.isEmpty()) {
        ledger_.isWrong(trouble);
        return false;
    }
    SystemClock clock;
    SystemRandom random;
    QDir().mkpath(dataDir());
    {
        sync::DeskSession session({dataDir(), {}, {}, killCost}, clock, random);
        auto enrolling =
            session.enrol(organisation_.server(), QStringLiteral("lerato"), organisation_.password(), killPassphrase);
        if (!story::waitUntil([&enrolling] { return enrolling.isFinished(); }, 120) || !enrolling.result()) {
            ledger_.isWrong(QStringLiteral("The desk could not be set up."));
            return false;
        }
        for (int customer = 0; customer < 9; ++customer)
            ledger_.customerWrites();
    }
    return takeKey() && startDesk();
}

bool KillRun::takeKey()
{
    SystemRandom random;
    const local::DeskDirectory directory(dataDir());
    const auto desks = directory.desks();
    if (desks && desks->size() == 1) {
        const local::DeskFiles files = directory.filesOf(desks->first().org, desks->first().user);
        if (const auto key = local::KeySlots(files.keys(), random).open(killPassphrase)) {
            deskKey_ = key->view().toByteArray();
            return true;
        }
    }
    ledger_.isWrong(QStringLiteral("The desk's key could not be taken out."));
    return false;
}

// One kill; odd numbers hit central, even ones the desk.
void KillRun::cycle(int number)
{
    for (quint64 i = 0; i < 1 + dice_() % 3; ++i)
        ledger_.customerWrites();
    const int workMs = int(dice_() % longestWorkMs);
    QElapsedTimer work;
    work.start();
    const bool over = story::waitUntil(
        [&] {
            hear();
            return work.elapsed() >= workMs;
        },
        10);
    Q_UNUSED(over)
    if (number % 2 == 1) {
        killCentral();
        if (!startCentral())
            return;
        if (tally_.centralKills % verifyEvery == 0 || options_.cycles < verifyEvery)
            verifyCentral();
    } else {
        killDesk();
        if (!startDesk())
            return;
    }
}

bool KillRun::startDesk()
{
    desk_ = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOLDFAST_KILL_DATA"), dataDir());
    environment.insert(QStringLiteral("HOLDFAST_KILL_KEY"), QString::fromLatin1(deskKey_.toHex()));
    environment.insert(QStringLiteral("HOLDFAST_KILL_SEED"), QString::number(dice_()));
    environment.insert(QStringLiteral("HOLDFAST_KILL_NAME"), QStringLiteral("desk %1,").arg(++deskLives_));
    desk_->setProcessEnvironment(environment);
    desk_->start(QCoreApplication::applicationFilePath(), {QStringLiteral("child: a desk at work")});
    deskIsOpen_ = false;
    const bool answered = story::waitUntil(
        [this] {
            hear();
            return deskIsOpen_ || desk_->state() == QProcess::NotRunning;
        },
        120);
    if (answered && deskIsOpen_) {
        ++tally_.cleanStarts;
        return true;
    }
    ledger_.isWrong(QStringLiteral("The desk did not start: ") + QString::fromUtf8(desk_->readAllStandardError()));
    return false;
}

bool KillRun::startCentral()
{
    const QString trouble = organisation_.startCentral();
    const QByteArray words = organisation_.centralErrors();
    if (trouble.isEmpty() && words.isEmpty()) {
        ++tally_.cleanStarts;
        return true;
    }
    ledger_.isWrong(trouble + QString::fromUtf8(words));
    return false;
}

void KillRun::killDesk()
{
    desk_->kill();
    desk_->waitForFinished(30'000);
    hear();
    unread_.clear(); // a line that was cut was not acknowledged
    ++tally_.deskKills;
}

void KillRun::killCentral()
{
    organisation_.killCentral();
    ++tally_.centralKills;
}

void KillRun::hear()
{
    unread_ += desk_->readAllStandardOutput();
    for (qsizetype end = unread_.indexOf('\n'); end >= 0; end = unread_.indexOf('\n')) {
        const QByteArray line = unread_.left(end);
        unread_.remove(0, end + 1);
        if (line == "open")
            deskIsOpen_ = true;
        if (line.startsWith("trouble "))
            ledger_.isWrong(QStringLiteral("The desk said: ") + QString::fromUtf8(line.mid(8)));
        if (!line.startsWith("ack "))
            continue;
        const QList<QByteArray> parts = line.split(' ');
        if (const auto id = EntryId::fromHex(QByteArrayView(parts.value(2))))
            ledger_.acknowledged(*id, parts[1] == "reply" ? story::Ledger::Act::reply : story::Ledger::Act::internal,
                                 QString::fromUtf8(line.mid(4 + parts[1].size() + 1 + parts[2].size() + 1)));
    }
}

void KillRun::verifyCentral()
{
    const QString trouble = organisation_.verify();
    if (trouble.isEmpty())
        ++tally_.verifications;
    else
        ledger_.isWrong(trouble);
}

} // namespace holdfast::test
