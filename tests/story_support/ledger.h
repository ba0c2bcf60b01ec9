// What was promised while messages flowed both ways, and what is there afterwards: nothing lost, nothing doubled.
#pragma once

#include "models/views/desk.h"
#include "tests/story_support/organisation.h"

#include <map>

namespace holdfast::story {

struct LedgerCounts
{
    int customerMessages = 0; // each answered 200 in the end
    int acknowledged = 0;     // replies, notes and room messages that the desk promised to keep
    int inLog = 0;            // of those: in the log, and back on the desk
    int heldBack = 0;         // of those: shown as not sent, with words
    int repliesOnce = 0;      // replies that the customer's phone has exactly once
    int repliesUncertain = 0; // the provider's answer was lost: shown so, at the phone at most once
    QStringList wrong;        // lost, doubled, not clean; words

    [[nodiscard]] QString words() const;
};

class Ledger
{
public:
    enum class Act { reply, internal };

    explicit Ledger(Organisation& organisation) : organisation_(organisation) {}

    // Customers take turns; each text is written once.
    void customerWrites();
    void acknowledged(const EntryId& id, Act act, const QString& text);
    void isWrong(const QString& words);
    [[nodiscard]] bool isGood() const { return counts_.wrong.isEmpty(); }

    // Waits until everything is where it belongs; false, and noted as wrong, after `seconds`.
    [[nodiscard]] bool settle(views::Desk& desk, int seconds);
    void count(views::Desk& desk);
    // Below the windows: whole files, dense numbers, every receipt honoured by the log. The desk is closed.
    void countDatabase(const QString& dataDir, const QString& passphrase);
    [[nodiscard]] const LedgerCounts& counts() const { return counts_; }

private:
    struct Promise
    {
        Act act = Act::reply;
        QString text;
    };
    [[nodiscard]] bool isAtRest(views::Desk& desk);
    void countCustomers(const QHash<QString, int>& onDesk);
    void countPromises(const QHash<EntryId, views::Message>& onDesk, const QSet<EntryId>& notSent);

    Organisation& organisation_;
    QStringList customerTexts_;
    std::map<EntryId, Promise> promises_;
    LedgerCounts counts_;
};

} // namespace holdfast::story
