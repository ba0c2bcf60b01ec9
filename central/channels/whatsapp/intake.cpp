#include "central/channels/whatsapp/intake.h"

#include "central/channels/whatsapp/media_job.h"
#include "central/channels/whatsapp/send_job.h"

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;

// Leaves the rest of an entry's 64 KiB to what we write around it.
constexpr qsizetype longestTextKept = 8'192;

// False when something had to be left out.
bool fit(domain::CustomerMessage& message)
{
    const auto fits = [&message] { return domain::toJson(message).size() <= log::maxContentBytes; };
    if (fits())
        return true;
    if (!message.unparsed.isEmpty()) {
        message.unparsed = {{u"note"_s, u"Larger than an entry may be; the raw body is kept."_s}};
        if (fits())
            return false;
    }
    message.text.truncate(longestTextKept);
    return false;
}

} // namespace

Status Intake::take(const ProviderBody& body)
{
    for (const InboundMessage& one : body.messages) {
        if (const Status taken = message(one); !taken)
            return taken;
    }
    for (const Notice& one : body.notices) {
        if (const Status taken = notice(one); !taken)
            return taken;
    }
    for (const StatusReport& one : body.statuses) {
        if (const Status taken = status(one); !taken)
            return taken;
    }
    return {};
}

const Number* Intake::numberOf(const Route& route)
{
    for (const Number& number : numbers_) {
        const bool same =
            route.phoneNumberId.isEmpty() ? number.wabaId == route.wabaId : number.phoneNumberId == route.phoneNumberId;
        if (same)
            return &number;
    }
    trouble_ = u"A part is for a number that the configuration does not name."_s;
    unplaced_ = true;
    return nullptr;
}

Result<bool> Intake::isKnown(const QString& providerId)
{
    if (bound_.contains(providerId))
        return true;
    const auto found = writer_.messages().byProviderId(providerId);
    if (!found)
        return tl::unexpected<Error>(found.error());
    return found->has_value();
}

EntryId Intake::add(const ThreadId& thread, domain::Kind kind, const QByteArray& content)
{
    entries_.push_back(store::centralEntry(writer_.clock(), writer_.random(), thread, kind, content));
    return entries_.back().author.entryId;
}

Result<ThreadId> Intake::caseOf(const PersonId& person, const Number& number)
{
    const auto key = std::pair(person, number.name);
    if (const auto found = cases_.find(key); found != cases_.end())
        return found->second;
    const auto open = writer_.threads().openCase(person, number.name);
    if (!open)
        return tl::unexpected<Error>(open.error());
    ThreadId thread = open->value_or(ThreadId());
    if (!*open) {
        const auto scope = writer_.access().scopeNamed(number.intakeScope);
        if (!scope)
            return tl::unexpected<Error>(scope.error());
        if (!*scope)
            return fail(ErrorCode::notFound, u"The number's intake scope does not exist. Make it, or name another."_s);
        thread = writer_.random().id<ThreadId>();
        domain::ThreadOpened opened;
        opened.scope = (*scope)->scope.scope;
        opened.person = person;
        opened.channel = number.name;
        add(thread, domain::Kind::threadOpened, domain::toJson(opened));
        if (const Status linked = linkOnlyPolicy(thread, person); !linked)
            return tl::unexpected<Error>(linked.error());
    }
    cases_.emplace(key, thread);
    return thread;
}

// With more than one policy, which one it is about is for people to say.
Status Intake::linkOnlyPolicy(const ThreadId& thread, const PersonId& person)
{
    const auto policies = writer_.people().policiesHeldBy(person, 2);
    if (!policies)
        return tl::unexpected<Error>(policies.error());
    if (policies->size() == 1)
        add(thread, domain::Kind::threadLinked, domain::toJson(domain::ThreadLinked{policies->front(), true}));
    return {};
}

void Intake::queueMedia(const EntryId& message, const ThreadId& thread, const Number& number, const InboundMedia& media,
                        const BlobId& blob)
{
    store::Job job;
    job.entry = message;
    job.part = blob.toBytes();
    job.thread = thread;
    job.channel = number.name;
    job.state = mediaPull;
    job.dueAt = writer_.clock().now();
    job.payload = toPayload(MediaOrder{media.id, media.mime, media.fileName, media.sha256, job.dueAt, {}});
    media_.push_back(std::move(job));
}

void Intake::addMessage(const ThreadId& thread, domain::CustomerMessage content, const InboundMessage* source)
{
    BlobId blob;
    if (source && source->media) {
        blob = writer_.random().id<BlobId>();
        content.attachments.append({blob, -1, source->media->mime, source->media->fileName, source->media->sha256});
    }
    if (!fit(content))
        trouble_ = u"A part is larger than an entry may be; what fits was recorded."_s;
    const EntryId entry = add(thread, domain::Kind::customerMessage, domain::toJson(content));
    bound_.insert_or_assign(content.providerId, store::MessageRef{entry, thread});
    if (blob.isNull())
        return;
    for (const Number& number : numbers_) {
        if (number.name == content.channel)
            return queueMedia(entry, thread, number, *source->media, blob);
    }
}

Status Intake::message(const InboundMessage& inbound)
{
    const Number* number = numberOf(inbound.route);
    if (!number)
        return {};
    const Result<bool> known = isKnown(inbound.id);
    if (!known)
        return tl::unexpected<Error>(known.error());
    if (*known)
        return {};
    Correspondent sender = inbound.sender;
    if (sender.phone.isEmpty() && sender.userIds.isEmpty()) {
        // Someone without any name of the provider's: all of them share one case, so that nothing is dropped.
        sender.userIds.append(u"holdfast:unknown-sender"_s);
        sender.name = u"Unknown sender"_s;
    }
    const Result<PersonId> person = people_.find(sender);
    if (!person)
        return tl::unexpected<Error>(person.error());
    const Result<ThreadId> thread = caseOf(*person, *number);
    if (!thread)
        return tl::unexpected<Error>(thread.error());
    domain::CustomerMessage content;
    content.person = *person;
    content.fromName = inbound.sender.name;
    content.fromAddress = !inbound.sender.phone.isEmpty() ? inbound.sender.phone : inbound.sender.userIds.value(0);
    content.channel = number->name;
    content.providerId = inbound.id;
    content.providerAt = inbound.at;
    content.type = inbound.type;
    content.text = inbound.text;
    content.quotedProviderId = inbound.quotedId;
    content.unparsed = inbound.unparsed;
    addMessage(*thread, std::move(content), &inbound);
    return {};
}

// Shown as a message of the provider itself, in a case of its own in the number's intake scope: people look there.
Status Intake::notice(const Notice& notice)
{
    const Number* number = numberOf(notice.route);
    if (!number)
        return {};
    const Result<bool> known = isKnown(notice.id);
    if (!known)
        return tl::unexpected<Error>(known.error());
    if (*known)
        return {};
    Correspondent provider;
    provider.userIds.append(u"holdfast:notices:"_s + number->phoneNumberId);
    provider.name = u"WhatsApp notices (%1)"_s.arg(number->name);
    const Result<PersonId> person = people_.find(provider);
    if (!person)
        return tl::unexpected<Error>(person.error());
    const Result<ThreadId> thread = caseOf(*person, *number);
    if (!thread)
        return tl::unexpected<Error>(thread.error());
    domain::CustomerMessage content;
    content.person = *person;
    content.fromName = provider.name;
    content.channel = number->name;
    content.providerId = notice.id;
    content.providerAt = notice.at;
    content.type = notice.type;
    content.text = notice.text;
    content.unparsed = notice.original;
    addMessage(*thread, std::move(content), nullptr);
    return {};
}

} // namespace holdfast::whatsapp
