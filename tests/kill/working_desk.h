// A desk at work without a window: all of an open desk, an agent's acts in quick succession, until it is killed.
#pragma once

#include "models/base/clock.h"
#include "models/base/random.h"
#include "storage/local/key_slots.h"
#include "storage/sync/open_desk.h"

#include <QString>

#include <random>

namespace holdfast::test {

inline const QString killPassphrase = QStringLiteral("seven quiet herons wade");
// As short a key derivation as the format allows to write.
constexpr local::PassphraseCost killCost{64 * 1024, 3, 1};

// Opens the one desk in `dataDir`, says "open", then acts for ever. Each act that the desk acknowledged is a line on
// standard output, written at once: "ack KIND ENTRY TEXT". Anything amiss is "trouble WORDS", and the end. It is given
// the database's key: thousands of starts would else be spent in deriving it from the passphrase.
class WorkingDesk
{
public:
    WorkingDesk(QString dataDir, QByteArray key, quint64 seed, QString name);
    void workUntilKilled();

private:
    void open();
    void act();
    void acknowledge(const char* kind, const Result<EntryId>& id, const QString& text);
    void lookForThreads();
    [[noreturn]] void stop(const QString& trouble);

    SystemClock clock_;
    SystemRandom random_;
    QString dataDir_;
    QByteArray key_;
    std::unique_ptr<sync::OpenDesk> desk_;
    std::mt19937_64 dice_;
    QString name_; // begins every text, so that each is written once in the whole run
    int written_ = 0;
    QList<ThreadId> cases_;
    QList<ThreadId> rooms_;
};

} // namespace holdfast::test
