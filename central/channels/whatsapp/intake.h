// One inbox item becomes entries: decided inside the appender's transaction, behind the lock of the log.
#pragma once

#include "central/channels/whatsapp/channels.h"
#include "central/channels/whatsapp/people_finder.h"

#include <map>
#include <set>

namespace holdfast::whatsapp {

class Intake
{
public:
    // `waitForUnknown`: a status of a message that is not known is left for later; else it is kept as a notice.
    Intake(store::StoreWriter& writer, const std::vector<Number>& numbers, bool waitForUnknown)
        : writer_(writer), numbers_(numbers), waitForUnknown_(waitForUnknown), people_(writer, entries_)
    {}

    [[nodiscard]] Status take(const ProviderBody& body);

    [[nodiscard]] std::vector<store::EntryToAppend> entries() { return std::move(entries_); }
    [[nodiscard]] const std::vector<store::Job>& media() const { return media_; }
    [[nodiscard]] bool mustWait() const { return mustWait_; }
    // Words when a part could not be kept whole in the log, so that the body itself must be kept.
    [[nodiscard]] const QString& trouble() const { return trouble_; }

    // The trouble is that the configuration has no place for a part: another try after a change of it may do.
    [[nodiscard]] bool isUnplaced() const { return unplaced_; }

private:
    [[nodiscard]] Status message(const InboundMessage& inbound);
    [[nodiscard]] Status notice(const Notice& notice);
    [[nodiscard]] Status status(const StatusReport& report);
    [[nodiscard]] Status recordStatus(const StatusReport& report, const store::MessageRef& message, bool evenAgain);
    [[nodiscard]] Status keepStatus(const StatusReport& report);
    // The message of a status: by its id, else by our token, which also settles the call that waits for an answer.
    struct Resolved
    {
        std::optional<store::MessageRef> message;
        bool givenUp = false; // it had been reported as failed because no answer came
    };
    [[nodiscard]] Result<Resolved> resolve(const StatusReport& report);
    [[nodiscard]] Result<ThreadId> caseOf(const PersonId& person, const Number& number);
    [[nodiscard]] Status linkOnlyPolicy(const ThreadId& thread, const PersonId& person);
    [[nodiscard]] Result<bool> isKnown(const QString& providerId);
    [[nodiscard]] const Number* numberOf(const Route& route);
    EntryId add(const ThreadId& thread, domain::Kind kind, const QByteArray& content);
    void addMessage(const ThreadId& thread, domain::CustomerMessage content, const InboundMessage* source);
    void queueMedia(const EntryId& message, const ThreadId& thread, const Number& number, const InboundMedia& media,
                    const BlobId& blob);

    store::StoreWriter& writer_;
    const std::vector<Number>& numbers_;
    const bool waitForUnknown_;
    std::vector<store::EntryToAppend> entries_;
    std::vector<store::Job> media_;
    PeopleFinder people_;
    std::map<std::pair<PersonId, QString>, ThreadId> cases_;
    std::map<QString, store::MessageRef> bound_; // provider ids of this item
    std::set<std::pair<EntryId, domain::DeliveryStatus>> recorded_;
    bool mustWait_ = false;
    QString trouble_;
    bool unplaced_ = false;
};

} // namespace holdfast::whatsapp
