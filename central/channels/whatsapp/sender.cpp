#include "central/channels/whatsapp/sender.h"

#include "central/channels/whatsapp/error_classes.h"
#include "central/channels/whatsapp/send_target.h"

#include <QJsonArray>

#include <algorithm>

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;
using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr int callsAtOnce = 8;
constexpr microseconds longestTry = std::chrono::hours(24); // after that the provider's window is closed anyway
constexpr qsizetype longestText = 4096;
constexpr qsizetype longestProviderId = 512; // statuses are read so, too
constexpr qint64 largestImage = 5LL * 1024 * 1024;
constexpr qint64 largestDocument = 100LL * 1024 * 1024;

QString typeOf(const domain::Attachment& attachment)
{
    const bool image = attachment.mime == u"image/jpeg" || attachment.mime == u"image/png";
    return image && attachment.size <= largestImage ? u"image"_s : u"document"_s;
}

// Of an error of the transport: no byte of the request left.
bool surelyNotSent(ErrorCode code)
{
    return code == ErrorCode::network || code == ErrorCode::denied || code == ErrorCode::invalidInput ||
           code == ErrorCode::busy;
}

bool isThrottled(ErrorClass kind)
{
    return kind == ErrorClass::throttled || kind == ErrorClass::pairLimit;
}

} // namespace

Sender::Sender(BlockingStore store, Graph& graph, const std::vector<Number>& numbers, const Rules& rules,
               std::function<void()> answered)
    : store_(store), graph_(graph), numbers_(numbers), rules_(rules), answered_(std::move(answered)),
      pump_(store, store::JobKind::send, callsAtOnce, [this](const store::Job& job) { return run(job); })
{}

Status Sender::run(const store::Job& job)
{
    if (job.state == sendGivenUp)
        return store_.change([&job](store::StoreWriter& writer) { return settle(writer, job); });
    if (job.state == sendUploading) {
        store::Job freed = job; // nothing reached the customer
        return take(freed, sendWaiting, microseconds(0)).map([](bool) {});
    }
    if (job.state != sendWaiting)
        return giveUp(job);
    const auto number =
        std::find_if(numbers_.begin(), numbers_.end(), [&job](const Number& one) { return one.name == job.channel; });
    if (number == numbers_.end())
        return failed(job, {0, u"This WhatsApp number is no longer set up here."_s, true});
    Result<SendOrder> order = sendOrderFrom(job.payload);
    if (!order)
        return failed(job, {0, order.error().text, true});
    if (store_.now().value - order->since.value > longestTry.count())
        return failed(job, {0, u"WhatsApp could not be reached for a day. The message was not sent."_s, true});
    if (!order->attachment && order->text.isEmpty())
        return failed(job, {0, u"There was nothing to send."_s, false});
    if (!order->attachment && order->text.size() > longestText)
        return failed(job, {0, u"The message is longer than the 4,096 characters that WhatsApp takes."_s, false});
    return attempt(job, *number, std::move(*order));
}

Status Sender::attempt(store::Job job, const Number& number, SendOrder order)
{
    if (order.attachment && order.mediaId.isEmpty()) {
        if (const std::optional<Status> dealtWith = upload(job, number, order))
            return *dealtWith;
    }
    const Result<Target> target = targetOf(job, order);
    if (!target)
        return tl::unexpected<Error>(target.error());
    if (target->address.isEmpty())
        return failed(job, {0, u"No WhatsApp address of this person is known."_s, false});
    return call(job, number, messageOf(job, order, *target));
}

Result<QByteArray> Sender::bytesOf(const BlobId& blob)
{
    QByteArray bytes;
    for (;;) {
        const qint64 from = bytes.size();
        const auto range = store_.read<std::pair<QByteArray, qint64>>(
            [&blob, from](store::StoreReader& reader) -> Result<std::pair<QByteArray, qint64>> {
                const auto facts = reader.blobs().facts(blob);
                if (!facts)
                    return tl::unexpected<Error>(facts.error());
                auto part = reader.blobs().range(blob, from, facts->size - from);
                if (!part)
                    return tl::unexpected<Error>(part.error());
                return std::pair(std::move(*part), facts->size);
            });
        if (!range)
            return tl::unexpected<Error>(range.error());
        bytes += range->first;
        if (bytes.size() >= range->second || range->first.isEmpty())
            return bytes;
    }
}

// An upload reaches no customer, so that it may be repeated whatever happened to it.
std::optional<Status> Sender::upload(store::Job& job, const Number& number, SendOrder& order)
{
    if (order.attachment->size > largestDocument)
        return failed(job, {0, u"The file is larger than the 100 MB that WhatsApp takes."_s, false});
    const Result<QByteArray> bytes = bytesOf(order.attachment->id);
    if (!bytes && bytes.error().code == ErrorCode::notFound)
        return failed(job, {0, u"The file is not there any more."_s, false});
    if (!bytes && bytes.error().code == ErrorCode::corrupt)
        return failed(job, {0, u"The stored file is damaged. Attach it again."_s, false});
    if (!bytes)
        return tl::unexpected<Error>(bytes.error());
    const auto lease = duration_cast<microseconds>(Graph::uploadTime(rules_, bytes->size()) + rules_.uncertainWait);
    const Result<bool> taken = take(job, sendUploading, lease);
    if (!taken || !*taken)
        return taken.map([](bool) {});
    const QByteArray name = order.attachment->name.isEmpty() ? QByteArray("file") : order.attachment->name.toUtf8();
    const Result<GraphAnswer> answer =
        graph_.upload(number, order.attachment->mime.toUtf8(), name, *bytes, store_.random().bytes(16).toHex());
    if (!answer)
        return again(job, answer.error().text, false);
    const QString mediaId = answer->body[u"id"_s].toString();
    if (!answer->good() || mediaId.isEmpty()) {
        const ErrorClass kind = classOf(answer->status, answer->errorCode);
        if (kind == ErrorClass::ours || kind == ErrorClass::message)
            return failed(job, {answer->errorCode, answer->errorTitle, mayRetry(answer->errorCode)});
        return again(job, u"WhatsApp did not take the file."_s, kind == ErrorClass::pairLimit);
    }
    order.mediaId = mediaId;
    store::Job next = job;
    next.state = sendWaiting;
    next.dueAt = store_.now();
    next.payload = toPayload(order);
    const Status kept = store_.change([&](store::StoreWriter& writer) { return writer.sends().update(next, job); });
    if (!kept)
        return unlessTaken(kept);
    job = next;
    return std::nullopt;
}

Result<bool> Sender::take(store::Job& job, const QString& state, microseconds lease)
{
    const Timestamp until{store_.now().value + lease.count()};
    const Status claimed = store_.change(
        [&](store::StoreWriter& writer) { return writer.sends().claim(job.entry, job.part, job.state, state, until); });
    if (!claimed && claimed.error().code == ErrorCode::conflict)
        return false;
    if (!claimed)
        return tl::unexpected<Error>(claimed.error());
    job.state = state;
    return true;
}

Status Sender::unlessTaken(const Status& status)
{
    return !status && status.error().code == ErrorCode::conflict ? Status() : status;
}

Result<Sender::Target> Sender::targetOf(const store::Job& job, const SendOrder& order)
{
    return store_.read<Target>([&job, &order](store::StoreReader& reader) -> Result<Target> {
        const Result<QString> address = addressOf(reader, job.thread);
        if (!address)
            return tl::unexpected<Error>(address.error());
        if (!order.replyTo)
            return Target{*address, {}};
        const Result<QString> quoted = providerIdOf(reader, *order.replyTo);
        if (!quoted)
            return tl::unexpected<Error>(quoted.error());
        return Target{*address, *quoted};
    });
}

QJsonObject Sender::messageOf(const store::Job& job, const SendOrder& order, const Target& target)
{
    QJsonObject message{{u"messaging_product"_s, u"whatsapp"_s},
                        {u"recipient_type"_s, u"individual"_s},
                        {u"biz_opaque_callback_data"_s, job.callback}};
    message.insert(target.address.startsWith(u'+') ? u"to"_s : u"recipient"_s, target.address);
    if (!target.quotedId.isEmpty())
        message.insert(u"context"_s, QJsonObject{{u"message_id"_s, target.quotedId}});
    if (!order.attachment) {
        message.insert(u"type"_s, u"text"_s);
        message.insert(u"text"_s, QJsonObject{{u"body"_s, order.text}});
        return message;
    }
    const QString type = typeOf(*order.attachment);
    QJsonObject media{{u"id"_s, order.mediaId}};
    if (!order.text.isEmpty())
        media.insert(u"caption"_s, order.text);
    if (type == u"document" && !order.attachment->name.isEmpty())
        media.insert(u"filename"_s, order.attachment->name);
    message.insert(u"type"_s, type);
    message.insert(type, media);
    return message;
}

Status Sender::call(store::Job job, const Number& number, const QJsonObject& message)
{
    // Committed before the call: whoever finds the job so later must take it for sent perhaps.
    const Result<bool> taken =
        take(job, sendCalling, duration_cast<microseconds>(rules_.callTimeout + rules_.uncertainWait));
    if (!taken || !*taken)
        return taken.map([](bool) {});
    const Result<GraphAnswer> answer = graph_.send(number, message);
    if (answer)
        return answered(job, *answer);
    if (surelyNotSent(answer.error().code))
        return again(job, answer.error().text, false);
    return uncertain(job);
}

Status Sender::answered(const store::Job& job, const GraphAnswer& answer)
{
    const QString providerId = answer.body[u"messages"_s][0][u"id"_s].toString().left(longestProviderId);
    if (answer.good() && !providerId.isEmpty())
        return accepted(job, providerId);
    const ErrorClass kind = classOf(answer.status, answer.errorCode);
    if (isThrottled(kind))
        return again(job, u"WhatsApp asked to wait."_s, kind == ErrorClass::pairLimit);
    if (kind == ErrorClass::uncertain)
        return uncertain(job);
    const QString words = answer.errorTitle.isEmpty() ? u"WhatsApp refused the message."_s : answer.errorTitle;
    return failed(job, {answer.errorCode, words, kind == ErrorClass::ours});
}

} // namespace holdfast::whatsapp
