// Scopes, grants, devices, and the log about itself.
#include "models/domain/json_fields.h"
#include "models/log/signing.h"

namespace holdfast::domain {

namespace {

constexpr qsizetype keyBytes = 32;

} // namespace

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ScopeDefined> defined)
{
    archive.optional("name"_L1, defined.name);
    archive.required("scope"_L1, defined.scope);
    archive.required("type"_L1, defined.type);
}
HOLDFAST_CONTENT(ScopeDefined)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<Grant> grant)
{
    archive.required("scope"_L1, grant.scope);
    archive.required("user"_L1, grant.user);
}
HOLDFAST_CONTENT(Grant)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<DeviceEnrolled> enrolled)
{
    archive.required("device"_L1, enrolled.device);
    archive.optional("name"_L1, enrolled.name);
    archive.required("public_key"_L1, enrolled.publicKey);
    archive.required("user"_L1, enrolled.user);
}

// The id is made from the key: an entry that gives another device's id to its own key must not be believed.
template <>
Content contentFrom<DeviceEnrolled>(const QJsonObject& object)
{
    Content content = readFields<DeviceEnrolled>(object);
    const auto* enrolled = std::get_if<DeviceEnrolled>(&content);
    if (enrolled && (enrolled->publicKey.size() != keyBytes || log::deviceOf(enrolled->publicKey) != enrolled->device))
        return Unknown{u"The device's id does not belong to its key."_s};
    return content;
}

QByteArray toJson(const DeviceEnrolled& enrolled)
{
    return writeFields(enrolled);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<DeviceRevoked> revoked)
{
    archive.required("device"_L1, revoked.device);
}
HOLDFAST_CONTENT(DeviceRevoked)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<LogHeads> heads)
{
    archive.required("covers"_L1, heads.covers);
    archive.required("heads_root"_L1, heads.headsRoot);
}
HOLDFAST_CONTENT(LogHeads)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<LogKey> key)
{
    archive.required("previous"_L1, key.previous);
    archive.required("public_key"_L1, key.publicKey);
    archive.required("signature"_L1, key.signature);
}

template <>
Content contentFrom<LogKey>(const QJsonObject& object)
{
    Content content = readFields<LogKey>(object);
    const auto* key = std::get_if<LogKey>(&content);
    if (key && (key->previous.size() != keyBytes || key->publicKey.size() != keyBytes || key->signature.size() != 64))
        return Unknown{u"The log's keys or the signature are not of the right size."_s};
    return content;
}

QByteArray toJson(const LogKey& key)
{
    return writeFields(key);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ContentErased> erased)
{
    archive.optional("entries"_L1, erased.entries);
    archive.optional("reason"_L1, erased.reason);
    archive.optional("whole"_L1, erased.whole);
}
HOLDFAST_CONTENT(ContentErased)

// A recorded act has whatever fields its writer found worth keeping.
template <>
Content contentFrom<RecordedAct>(const QJsonObject& object)
{
    return RecordedAct{object};
}

QByteArray toJson(const RecordedAct& act)
{
    return QJsonDocument(storable(act.fields).toObject()).toJson(QJsonDocument::Compact);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<FileSaved> saved)
{
    archive.required("attachment"_L1, saved.attachment);
    archive.required("message"_L1, saved.message);
    archive.required("thread"_L1, saved.thread);
}
HOLDFAST_CONTENT(FileSaved)

} // namespace holdfast::domain
