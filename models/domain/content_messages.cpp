// Messages, and what became of them.
#include "models/domain/json_fields.h"

namespace holdfast::domain {

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<Attachment> attachment)
{
    archive.optional("height"_L1, attachment.height);
    archive.required("id"_L1, attachment.id);
    archive.optional("mime"_L1, attachment.mime);
    archive.optional("name"_L1, attachment.name);
    archive.optional("sha256"_L1, attachment.sha256);
    archive.optional("size"_L1, attachment.size);
    archive.optional("width"_L1, attachment.width);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<RoomMessage> message)
{
    archive.optional("attachments"_L1, message.attachments);
    archive.optional("mentions"_L1, message.mentions);
    archive.required("text"_L1, message.text);
}
HOLDFAST_CONTENT(RoomMessage)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<CustomerMessage> message)
{
    archive.optional("attachments"_L1, message.attachments);
    archive.required("channel"_L1, message.channel);
    archive.optional("from"_L1, message.fromAddress);
    archive.optional("from_name"_L1, message.fromName);
    archive.required("person"_L1, message.person);
    archive.required("provider_at"_L1, message.providerAt);
    archive.required("provider_id"_L1, message.providerId);
    archive.optional("quoted_provider_id"_L1, message.quotedProviderId);
    archive.optional("text"_L1, message.text);
    archive.required("type"_L1, message.type);
    archive.optional("unparsed"_L1, message.unparsed);
}
HOLDFAST_CONTENT(CustomerMessage)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<AgentReply> reply)
{
    archive.optional("attachments"_L1, reply.attachments);
    archive.optional("reply_to"_L1, reply.replyTo);
    archive.required("seen"_L1, reply.seen);
    archive.required("text"_L1, reply.text);
}
HOLDFAST_CONTENT(AgentReply)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<InternalNote> note)
{
    archive.optional("mentions"_L1, note.mentions);
    archive.required("text"_L1, note.text);
}
HOLDFAST_CONTENT(InternalNote)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<MediaCustody> custody)
{
    archive.required("attachment"_L1, custody.attachment);
    archive.optional("detail"_L1, custody.detail);
    archive.required("message"_L1, custody.message);
    archive.required("step"_L1, custody.step);
}
HOLDFAST_CONTENT(MediaCustody)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<DeliveryUpdate> update)
{
    archive.optional("at"_L1, update.at);
    archive.optional("error_code"_L1, update.errorCode);
    archive.optional("error_text"_L1, update.errorText);
    archive.optional("may_retry"_L1, update.mayRetry);
    archive.required("message"_L1, update.message);
    archive.required("status"_L1, update.status);
}
HOLDFAST_CONTENT(DeliveryUpdate)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ProviderAccepted> accepted)
{
    archive.required("message"_L1, accepted.message);
    archive.required("provider_id"_L1, accepted.providerId);
}
HOLDFAST_CONTENT(ProviderAccepted)

} // namespace holdfast::domain
