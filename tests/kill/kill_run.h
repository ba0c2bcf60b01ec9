// Console and central on the real stack, killed again and again while messages flow both ways, and the count
// afterwards.
#pragma once

#include "tests/kill/working_desk.h"
#include "tests/story_support/ledger.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>

#include <random>

namespace holdfast::test {

struct KillOptions
{
    int cycles = 4; // kills of each of the two
    quint64 seed = 1;
    QString storeUrl; // empty: the embedded store
};

struct KillTally
{
    int centralKills = 0;
    int deskKills = 0;
    int cleanStarts = 0;
    int verifications = 0; // of central's whole log while it runs
    qint64 seconds = 0;
    story::LedgerCounts counts;

    [[nodiscard]] QString words() const;
};

class KillRun
{
public:
    explicit KillRun(KillOptions options);
    [[nodiscard]] KillTally run();

private:
    [[nodiscard]] bool begin();
    [[nodiscard]] bool takeKey();
    void cycle(int number);
    [[nodiscard]] bool startDesk();
    [[nodiscard]] bool startCentral();
    void killDesk();
    void killCentral();
    void hear(); // what the desk acknowledged
    void verifyCentral();
    void finish();
    [[nodiscard]] QString dataDir() const { return folder_.filePath(QStringLiteral("desk")); }

    KillOptions options_;
    std::mt19937_64 dice_;
    QTemporaryDir folder_;
    story::Organisation organisation_;
    story::Ledger ledger_{organisation_};
    QByteArray deskKey_;
    std::unique_ptr<QProcess> desk_;
    QByteArray unread_;
    bool deskIsOpen_ = false;
    int deskLives_ = 0;
    QElapsedTimer time_;
    KillTally tally_;
};

} // namespace holdfast::test
