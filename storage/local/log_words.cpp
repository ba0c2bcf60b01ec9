#include "storage/local/log_words.h"

#include "models/domain/kinds.h"

namespace holdfast::local {
namespace {

QString fileWord(const domain::Attachment& file)
{
    if (file.mime.startsWith(QLatin1String("image/")))
        return QStringLiteral("Photo");
    if (file.mime.startsWith(QLatin1String("audio/")))
        return QStringLiteral("Voice note");
    if (file.mime.startsWith(QLatin1String("video/")))
        return QStringLiteral("Video");
    return QStringLiteral("Document");
}

QString withDetail(const QString& words, const QString& detail)
{
    return detail.isEmpty() ? words : words + QStringLiteral(": ") + detail;
}

class Wording
{
public:
    explicit Wording(const LogNames& names, log::KindNumber kind) : names_(names), kind_(kind) {}

    QString operator()(const domain::Unknown&) const { return QStringLiteral("Entry of a newer version of Holdfast"); }
    QString operator()(const domain::RoomMessage&) const { return QStringLiteral("Wrote to the team"); }
    QString operator()(const domain::CustomerMessage& message) const
    {
        return message.attachments.isEmpty()
                   ? QStringLiteral("Message received from WhatsApp")
                   : QStringLiteral("Message with %1 received from WhatsApp")
                         .arg(message.attachments.size() == 1
                                  ? QStringLiteral("an attachment")
                                  : QStringLiteral("%1 attachments").arg(message.attachments.size()));
    }
    QString operator()(const domain::AgentReply&) const { return QStringLiteral("Replied to the customer"); }
    QString operator()(const domain::InternalNote&) const { return QStringLiteral("Wrote an internal note"); }
    QString operator()(const domain::MediaCustody& custody) const
    {
        const QString file = fileWord(custody.attachment);
        switch (custody.step) {
        case domain::CustodyStep::pulled:
            return QStringLiteral("%1 fetched from WhatsApp").arg(file);
        case domain::CustodyStep::verified:
            return QStringLiteral("%1 checked against its hash").arg(file);
        case domain::CustodyStep::mismatch:
            return withDetail(QStringLiteral("%1 kept aside: it is not what was announced").arg(file), custody.detail);
        case domain::CustodyStep::stored:
            return QStringLiteral("%1 stored encrypted").arg(file);
        case domain::CustodyStep::deletedAtProvider:
            return QStringLiteral("%1 deleted at WhatsApp").arg(file);
        case domain::CustodyStep::failed:
            return withDetail(QStringLiteral("%1 could not be fetched").arg(file), custody.detail);
        }
        return file;
    }
    QString operator()(const domain::ThreadOpened&) const { return QStringLiteral("Conversation opened"); }
    QString operator()(const domain::ThreadAssigned& assigned) const
    {
        if (!assigned.assignee)
            return QStringLiteral("Put back to unassigned");
        const QString name = names_.staff.value(*assigned.assignee);
        return name.isEmpty() ? QStringLiteral("Assigned") : QStringLiteral("Assigned to %1").arg(name);
    }
    QString operator()(const domain::ThreadState& state) const
    {
        switch (state.status) {
        case domain::ThreadStatus::open:
            return QStringLiteral("Opened again");
        case domain::ThreadStatus::snoozed:
            return QStringLiteral("Snoozed");
        case domain::ThreadStatus::done:
            return withDetail(QStringLiteral("Marked as done"), state.reason);
        }
        return QStringLiteral("State changed");
    }
    QString operator()(const domain::ThreadLinked& link) const
    {
        const QString number = names_.policies.value(link.policy);
        const QString words = link.linked ? QStringLiteral("Policy linked") : QStringLiteral("Policy unlinked");
        return withDetail(words, number);
    }
    QString operator()(const domain::ThreadRead& read) const
    {
        return QStringLiteral("Read up to entry %1").arg(read.upTo.value);
    }
    QString operator()(const domain::ThreadMoved&) const { return QStringLiteral("Moved to another team"); }
    QString operator()(const domain::DeliveryUpdate& update) const { return deliveryWords(update); }
    QString operator()(const domain::ProviderAccepted&) const { return QStringLiteral("Accepted by WhatsApp"); }
    QString operator()(const domain::PersonFacts&) const { return QStringLiteral("Customer's details updated"); }
    QString operator()(const domain::PolicyFacts&) const { return QStringLiteral("Policy updated"); }
    QString operator()(const domain::ContentErased&) const { return QStringLiteral("Contents erased"); }
    QString operator()(const domain::LogHeads&) const { return QStringLiteral("State of all threads recorded"); }
    QString operator()(const domain::LogKey&) const { return QStringLiteral("The log's signing key was changed"); }
    QString operator()(const domain::RecordedAct&) const
    {
        switch (domain::kindOf(kind_).value_or(domain::Kind::signedIn)) {
        case domain::Kind::keyShown:
            return QStringLiteral("A desk's key was shown to its owner");
        case domain::Kind::exported:
            return QStringLiteral("Exported");
        case domain::Kind::administered:
            return QStringLiteral("Changed by an administrator");
        case domain::Kind::incidentNoted:
            return QStringLiteral("Incident noted");
        default:
            return QStringLiteral("Signed in");
        }
    }
    QString operator()(const domain::FileSaved&) const
    {
        return QStringLiteral("A copy of a file was saved outside the encrypted store");
    }
    template <typename Structure> // profiles, scopes, grants, devices
    QString operator()(const Structure&) const
    {
        return QStringLiteral("Access or staff changed");
    }

private:
    static QString deliveryWords(const domain::DeliveryUpdate& update)
    {
        switch (update.status) {
        case domain::DeliveryStatus::waiting:
        case domain::DeliveryStatus::queued:
            return QStringLiteral("Queued for WhatsApp");
        case domain::DeliveryStatus::sent:
            return QStringLiteral("Sent");
        case domain::DeliveryStatus::failed:
            return withDetail(QStringLiteral("Not delivered"), update.errorText);
        case domain::DeliveryStatus::delivered:
            return QStringLiteral("Delivered to the customer's phone");
        case domain::DeliveryStatus::read:
            return QStringLiteral("Read by the customer");
        case domain::DeliveryStatus::played:
            return QStringLiteral("Played by the customer");
        }
        return QStringLiteral("Delivery changed");
    }

    const LogNames& names_;
    log::KindNumber kind_;
};

} // namespace

QString logWords(log::KindNumber kind, const std::optional<QByteArray>& content, const LogNames& names)
{
    if (!content)
        return QStringLiteral("Erased entry");
    return std::visit(Wording(names, kind), domain::parseContent(kind, *content));
}

} // namespace holdfast::local
