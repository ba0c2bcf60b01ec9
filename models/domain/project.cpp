#include "models/domain/project.h"

namespace holdfast::domain {
namespace {

Timestamp timeOf(const Entry& entry)
{
    return entry.isPending() ? entry.author.claimedAt : entry.centralAt;
}

QString typeOf(const QList<Attachment>& attachments)
{
    if (attachments.isEmpty())
        return QStringLiteral("text");
    const QString& mime = attachments.first().mime;
    for (const QString& type : {QStringLiteral("image"), QStringLiteral("audio"), QStringLiteral("video")}) {
        if (mime.startsWith(type + u'/'))
            return type;
    }
    return QStringLiteral("document");
}

// One overload per content; each appends what the content means to the tables.
class Projector
{
public:
    explicit Projector(const Entry& entry) : entry_(entry), thread_(entry.author.thread) {}

    void operator()(const Unknown& unknown)
    {
        add(KeepUnknown{entry_.author.entryId, thread_, entry_.threadSeq, entry_.author.kind, unknown.why,
                        timeOf(entry_)});
    }
    void operator()(const RoomMessage& room)
    {
        PutMessage message = messageOf(Kind::roomMessage, room.text, room.attachments);
        message.mentions = room.mentions;
        add(std::move(message));
    }
    void operator()(const CustomerMessage& customer)
    {
        PutMessage message = messageOf(Kind::customerMessage, customer.text, customer.attachments);
        message.author = UserId();
        message.person = customer.person;
        message.at = customer.providerAt;
        message.type = customer.unparsed.isEmpty() ? customer.type : QStringLiteral("unknown");
        message.providerId = customer.providerId;
        message.quotedProviderId = customer.quotedProviderId;
        add(std::move(message));
    }
    void operator()(const AgentReply& reply)
    {
        PutMessage message = messageOf(Kind::agentReply, reply.text, reply.attachments);
        message.replyTo = reply.replyTo;
        add(std::move(message));
    }
    void operator()(const InternalNote& note)
    {
        PutMessage message = messageOf(Kind::internalNote, note.text, {});
        message.mentions = note.mentions;
        add(std::move(message));
    }
    void operator()(const MediaCustody& custody)
    {
        add(SetAttachment{custody.message, thread_, custody.step, custody.attachment, custody.detail, timeOf(entry_)});
    }
    void operator()(const ThreadOpened& opened) { add(OpenThread{thread_, entry_.scope, opened, timeOf(entry_)}); }
    void operator()(const ThreadAssigned& assigned)
    {
        add(AssignThread{thread_, assigned.assignee, entry_.author.author, timeOf(entry_), entry_.threadSeq});
    }
    void operator()(const ThreadState& state)
    {
        add(SetThreadState{thread_, state, entry_.author.author, timeOf(entry_), entry_.threadSeq});
    }
    void operator()(const ThreadLinked& link) { add(LinkPolicy{thread_, link.policy, link.linked, entry_.threadSeq}); }
    void operator()(const ThreadRead& read) { add(MarkRead{thread_, entry_.author.author, read.upTo}); }
    void operator()(const ThreadMoved& moved)
    {
        add(MoveThread{thread_, moved.from, moved.to, entry_.author.author, timeOf(entry_), entry_.threadSeq});
    }
    void operator()(const PersonFacts& facts) { add(PutPerson{thread_, facts}); }
    void operator()(const PolicyFacts& facts) { add(PutPolicy{thread_, entry_.scope, facts}); }
    void operator()(const UserProfile& profile) { add(PutUser{profile}); }
    void operator()(const ScopeDefined& scope) { add(PutScope{scope}); }
    void operator()(const Grant& grant) { add(SetGrant{grant, entry_.author.kind == number(Kind::grantGiven)}); }
    void operator()(const DeviceEnrolled& device) { add(PutDevice{device}); }
    void operator()(const DeviceRevoked& revoked) { add(RevokeDevice{revoked.device}); }
    void operator()(const LogHeads& heads) { add(NoteHeads{entry_.pos, heads}); }
    void operator()(const ContentErased& erased)
    {
        add(EraseContents{entry_.author.entryId, thread_, erased.entries,
                          erased.whole ? entry_.threadSeq : ThreadSeq()});
    }
    void operator()(const DeliveryUpdate& update) { add(SetDelivery{update.message, thread_, update}); }
    void operator()(const ProviderAccepted& accepted)
    {
        add(BindProviderId{accepted.message, thread_, accepted.providerId});
    }
    void operator()(const LogKey&) {}      // a witness follows it by proofs
    void operator()(const RecordedAct&) {} // an audit reads the entry itself
    void operator()(const FileSaved&) {}   // likewise

    // Last, so that a thread is there before it is advanced.
    [[nodiscard]] std::vector<RowChange> finish()
    {
        if (!entry_.isPending())
            add(AdvanceThread{thread_, entry_.scope, entry_.threadSeq, timeOf(entry_)});
        return std::move(changes_);
    }

private:
    PutMessage messageOf(Kind kind, const QString& text, const QList<Attachment>& attachments) const
    {
        PutMessage message;
        message.entry = entry_.author.entryId;
        message.thread = thread_;
        message.threadSeq = entry_.threadSeq;
        message.kind = kind;
        message.author = entry_.author.author;
        message.at = timeOf(entry_);
        message.text = text;
        message.type = typeOf(attachments);
        message.attachments = attachments;
        message.status = entry_.isPending() ? DeliveryStatus::waiting : DeliveryStatus::queued;
        return message;
    }
    void add(RowChange change) { changes_.push_back(std::move(change)); }

    const Entry& entry_;
    ThreadId thread_;
    std::vector<RowChange> changes_;
};

} // namespace

std::vector<RowChange> project(const Entry& entry)
{
    Projector projector(entry);
    if (entry.content)
        std::visit(projector, parseContent(entry.author.kind, *entry.content));
    return projector.finish();
}

bool supersedes(DeliveryStatus next, DeliveryStatus current)
{
    return next > current;
}

} // namespace holdfast::domain
