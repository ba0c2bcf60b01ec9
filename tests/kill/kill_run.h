// Console and central on the real stack, killed again and again while messages flow both ways, and the count
// afterwards.
#pragma once

#include "models/views/desk.h"
#include "tests/kill/working_desk.h"
#include "tests/story_support/organisation.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>

#include <map>

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
    int verifications = 0;    // of central's whole log while it runs
    int customerMessages = 0; // each answered 200 in the end
    int acknowledged = 0;     // replies, notes and room messages that the desk promised to keep
    int inLog = 0;            // of those: in the log, and back on the desk
    int heldBack = 0;         // of those: shown as not sent, with words
    int repliesOnce = 0;      // replies that the customer's phone has exactly once
    int repliesUncertain = 0; // the provider's answer was lost: shown so, at the phone at most once
    qint64 seconds = 0;
    QStringList wrong; // lost, doubled, not clean

    [[nodiscard]] QString words() const;
};

class KillRun
{
public:
    explicit KillRun(KillOptions options);
    [[nodiscard]] KillTally run();

private:
    struct Promise
    {
        QByteArray kind;
        QString text;
    };

    [[nodiscard]] bool begin();
    [[nodiscard]] bool takeKey();
    void cycle(int number);
    void customersWrite();
    [[nodiscard]] bool startDesk();
    [[nodiscard]] bool startCentral();
    void killDesk();
    void killCentral();
    void hear(); // what the desk acknowledged
    void verifyCentral();
    [[nodiscard]] bool settle(views::Desk& desk);
    [[nodiscard]] QList<views::Message> everyMessage(views::Desk& desk);
    void count(views::Desk& desk);
    void countCustomers(const QHash<QString, int>& onDesk);
    void countPromises(const QHash<EntryId, views::Message>& onDesk, const QSet<EntryId>& notSent);
    void lookIntoDatabase();
    void isWrong(const QString& words);
    [[nodiscard]] QString dataDir() const { return folder_.filePath(QStringLiteral("desk")); }

    KillOptions options_;
    std::mt19937_64 dice_;
    QTemporaryDir folder_;
    story::Organisation organisation_;
    QByteArray deskKey_;
    std::unique_ptr<QProcess> desk_;
    QByteArray unread_;
    bool deskIsOpen_ = false;
    int deskLives_ = 0;
    QStringList customerTexts_;
    std::map<EntryId, Promise> promises_;
    QElapsedTimer time_;
    KillTally tally_;
};

} // namespace holdfast::test
