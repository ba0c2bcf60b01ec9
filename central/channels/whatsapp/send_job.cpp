#include "central/channels/whatsapp/send_job.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype longestCaption = 1024;

QJsonObject toJson(const domain::Attachment& attachment)
{
    QJsonObject object{{u"id"_s, attachment.id.toHexString()},
                       {u"size"_s, attachment.size},
                       {u"mime"_s, attachment.mime},
                       {u"name"_s, attachment.name}};
    if (attachment.sha256)
        object.insert(u"sha256"_s, QString::fromLatin1(attachment.sha256->toHex()));
    return object;
}

std::optional<domain::Attachment> attachmentFrom(const QJsonObject& object)
{
    const auto id = BlobId::fromHex(QStringView(object[u"id"_s].toString()));
    if (!id)
        return std::nullopt;
    return domain::Attachment{*id, object[u"size"_s].toInteger(), object[u"mime"_s].toString(),
                              object[u"name"_s].toString(),
                              Digest::fromBytes(QByteArray::fromHex(object[u"sha256"_s].toString().toLatin1()))};
}

} // namespace

QByteArray toPayload(const SendOrder& order)
{
    QJsonObject object{{u"text"_s, order.text},
                       {u"media"_s, order.mediaId},
                       {u"since"_s, order.since.value},
                       {u"part"_s, order.part},
                       {u"parts"_s, order.parts}};
    if (order.attachment)
        object.insert(u"attachment"_s, toJson(*order.attachment));
    if (order.replyTo)
        object.insert(u"reply_to"_s, order.replyTo->toHexString());
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Result<SendOrder> sendOrderFrom(const QByteArray& payload)
{
    const QJsonDocument document = QJsonDocument::fromJson(payload);
    if (!document.isObject())
        return fail(ErrorCode::corrupt, u"An order to send a message cannot be read."_s);
    const QJsonObject object = document.object();
    SendOrder order;
    order.text = object[u"text"_s].toString();
    order.mediaId = object[u"media"_s].toString();
    order.since.value = object[u"since"_s].toInteger();
    order.part = object[u"part"_s].toInt(1);
    order.parts = object[u"parts"_s].toInt(1);
    order.attachment = attachmentFrom(object[u"attachment"_s].toObject());
    order.replyTo = EntryId::fromHex(QStringView(object[u"reply_to"_s].toString()));
    return order;
}

std::vector<SendOrder> ordersOf(const domain::AgentReply& reply, Timestamp now)
{
    std::vector<SendOrder> orders;
    const bool asCaption = !reply.attachments.isEmpty() && reply.text.size() <= longestCaption;
    if (reply.attachments.isEmpty() || !asCaption) {
        SendOrder text;
        text.text = reply.text;
        orders.push_back(std::move(text));
    }
    for (const domain::Attachment& attachment : reply.attachments) {
        SendOrder file;
        file.attachment = attachment;
        if (asCaption && orders.empty())
            file.text = reply.text;
        orders.push_back(std::move(file));
    }
    for (size_t i = 0; i < orders.size(); ++i) {
        orders[i].since = now;
        orders[i].part = int(i) + 1;
        orders[i].parts = int(orders.size());
    }
    orders.front().replyTo = reply.replyTo;
    return orders;
}

QString newCallback(RandomSource& random, const SendOrder& order)
{
    return u"%1.%2.%3"_s.arg(QString::fromLatin1(random.bytes(16).toHex())).arg(order.part).arg(order.parts);
}

bool isLastPart(const QString& callback)
{
    static const QRegularExpression form(u"^[0-9a-f]{32}\\.([0-9]+)\\.([0-9]+)$"_s);
    const auto match = form.match(callback);
    return !match.hasMatch() || match.captured(1) == match.captured(2);
}

Status enqueue(store::StoreWriter& writer, const EntryId& entry, const ThreadId& thread, const QString& channel,
               const std::vector<SendOrder>& orders)
{
    const auto queued = writer.sends().ofThread(thread);
    if (!queued)
        return tl::unexpected<Error>(queued.error());
    bool first =
        std::none_of(queued->begin(), queued->end(), [](const store::Job& job) { return job.state != sendGivenUp; });
    for (const SendOrder& order : orders) {
        store::Job job;
        job.entry = entry;
        job.part = order.part == 1 ? QByteArray() : QByteArray::number(order.part);
        job.thread = thread;
        job.channel = channel;
        job.state = sendWaiting;
        job.callback = newCallback(writer.random(), order);
        job.dueAt = std::exchange(first, false) ? writer.clock().now() : never;
        job.payload = toPayload(order);
        if (const Status put = writer.sends().put(job); !put)
            return put;
    }
    return {};
}

Status letNextGo(store::StoreWriter& writer, const ThreadId& thread)
{
    const auto queued = writer.sends().ofThread(thread);
    if (!queued)
        return tl::unexpected<Error>(queued.error());
    for (const store::Job& job : *queued) {
        if (job.state == sendGivenUp)
            continue;
        if (job.state == sendWaiting && job.dueAt == never)
            return writer.sends().claim(job.entry, job.part, sendWaiting, sendWaiting, writer.clock().now());
        return {};
    }
    return {};
}

Status settle(store::StoreWriter& writer, const store::Job& job)
{
    if (const Status removed = writer.sends().remove(job.entry, job.part); !removed)
        return removed;
    return letNextGo(writer, job.thread);
}

Status dropWaitingParts(store::StoreWriter& writer, const ThreadId& thread, const EntryId& reply,
                        const std::optional<QByteArray>& part)
{
    const auto queued = writer.sends().ofThread(thread);
    if (!queued)
        return tl::unexpected<Error>(queued.error());
    for (const store::Job& other : *queued) {
        const bool unsent = other.state == sendWaiting || other.state == sendUploading;
        if (other.entry != reply || other.part == part || !unsent)
            continue;
        if (const Status removed = writer.sends().remove(other.entry, other.part); !removed)
            return removed;
    }
    return {};
}

} // namespace holdfast::whatsapp
