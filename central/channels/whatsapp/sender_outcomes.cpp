// What becomes of a send: each outcome is one transaction of entries and the job's row.
#include "central/channels/whatsapp/sender.h"

#include <QJsonObject>

#include <algorithm>

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;
using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr microseconds longestWait = std::chrono::minutes(5);
constexpr microseconds lateStatus = std::chrono::days(8); // the provider repeats webhooks for seven days
constexpr int mostDoublings = 16;

store::EntryToAppend entryOf(store::StoreWriter& writer, const store::Job& job, domain::Kind kind,
                             const QByteArray& content)
{
    return store::centralEntry(writer.clock(), writer.random(), job.thread, kind, content);
}

// Nothing when a status settled the job while we were calling.
Result<std::optional<store::Job>> stillThere(store::StoreWriter& writer, const store::Job& job)
{
    return writer.sends().job(job.entry, job.part);
}

// Another central took the job after our lease on it was over: its outcome counts, not ours.
bool isInOtherHands(const store::Job& present, const store::Job& ours)
{
    const bool active = present.state == sendWaiting || present.state == sendUploading || present.state == sendCalling;
    return active && (present.state != ours.state || present.attempts != ours.attempts);
}

QString partWords(const store::Job& job, const QString& words)
{
    const Result<SendOrder> order = sendOrderFrom(job.payload);
    if (!order || order->parts < 2)
        return words;
    return u"Part %1 of %2: %3"_s.arg(order->part).arg(order->parts).arg(words);
}

Result<std::vector<store::EntryToAppend>> failure(store::StoreWriter& writer, const store::Job& job,
                                                  const domain::DeliveryUpdate& update)
{
    std::vector<store::EntryToAppend> entries;
    const auto logged = writer.messages().statusLogged(job.entry, domain::DeliveryStatus::failed);
    if (!logged)
        return tl::unexpected<Error>(logged.error());
    if (!*logged)
        entries.push_back(entryOf(writer, job, domain::Kind::deliveryStatus, domain::toJson(update)));
    if (const Status dropped = dropWaitingParts(writer, job.thread, job.entry, job.part); !dropped)
        return tl::unexpected<Error>(dropped.error());
    return entries;
}

} // namespace

Status Sender::accepted(const store::Job& job, const QString& providerId)
{
    using domain::DeliveryStatus;
    store::AppendBatch batch;
    batch.compose = [&job, &providerId](store::StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        std::vector<store::EntryToAppend> entries;
        const auto bound = writer.messages().byProviderId(providerId);
        if (!bound)
            return tl::unexpected<Error>(bound.error());
        if (!*bound)
            entries.push_back(entryOf(writer, job, domain::Kind::providerAccepted,
                                      domain::toJson(domain::ProviderAccepted{job.entry, providerId})));
        const auto delivery = writer.messages().delivery(job.entry);
        if (!delivery)
            return tl::unexpected<Error>(delivery.error());
        if (delivery->value_or(DeliveryStatus::waiting) < DeliveryStatus::queued) {
            domain::DeliveryUpdate queued;
            queued.message = job.entry;
            queued.status = DeliveryStatus::queued;
            queued.at = writer.clock().now();
            entries.push_back(entryOf(writer, job, domain::Kind::deliveryStatus, domain::toJson(queued)));
        }
        return entries;
    };
    batch.after = [&job](store::StoreWriter& writer, std::span<const store::AppendResult> results) -> Status {
        if (const Status taken = allTaken(results); !taken)
            return taken;
        return settle(writer, job);
    };
    const auto results = store_.append(std::move(batch));
    if (!results)
        return tl::unexpected<Error>(results.error()); // the job stays "calling"; the status will tell
    answered_();
    return {};
}

Status Sender::again(const store::Job& job, const QString& words, bool pairLimit)
{
    const int doublings = std::min(job.attempts * (pairLimit ? 2 : 1), mostDoublings);
    const microseconds wait =
        std::min<microseconds>(duration_cast<microseconds>(rules_.retryBase) * (1LL << doublings), longestWait);
    store::Job next = job;
    next.attempts += 1;
    next.state = sendWaiting;
    next.dueAt = {store_.now().value + wait.count()};
    next.error = words;
    return unlessTaken(store_.change([&](store::StoreWriter& writer) { return writer.sends().update(next, job); }));
}

Status Sender::uncertain(const store::Job& job)
{
    const Timestamp until{store_.now().value + duration_cast<microseconds>(rules_.uncertainWait).count()};
    const Status noted = store_.change([&job, until](store::StoreWriter& writer) {
        return writer.sends().claim(job.entry, job.part, sendCalling, sendUncertain, until);
    });
    return unlessTaken(noted);
}

Status Sender::giveUp(const store::Job& job)
{
    store::AppendBatch batch;
    batch.compose = [&job](store::StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        const auto present = stillThere(writer, job);
        if (!present)
            return tl::unexpected<Error>(present.error());
        if (!*present || (*present)->state != job.state)
            return std::vector<store::EntryToAppend>();
        const Timestamp until{writer.clock().now().value + lateStatus.count()};
        if (const Status kept = writer.sends().claim(job.entry, job.part, job.state, sendGivenUp, until); !kept)
            return tl::unexpected<Error>(kept.error());
        domain::DeliveryUpdate update;
        update.message = job.entry;
        update.status = domain::DeliveryStatus::failed;
        update.at = writer.clock().now();
        update.errorText = partWords(job, u"It is not known whether WhatsApp took this message: no answer came. Check "
                                          "with the customer, or send it again."_s);
        update.mayRetry = true;
        auto entries = failure(writer, job, update);
        if (!entries)
            return entries;
        if (const Status next = letNextGo(writer, job.thread); !next)
            return tl::unexpected<Error>(next.error());
        return entries;
    };
    batch.after = [](store::StoreWriter&, std::span<const store::AppendResult> results) { return allTaken(results); };
    const auto results = store_.append(std::move(batch));
    return results ? Status() : tl::unexpected<Error>(results.error());
}

Status Sender::failed(const store::Job& job, const Failure& reason)
{
    store::AppendBatch batch;
    batch.compose = [&job, &reason](store::StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        const auto present = stillThere(writer, job);
        if (!present)
            return tl::unexpected<Error>(present.error());
        if (!*present || isInOtherHands(**present, job))
            return std::vector<store::EntryToAppend>();
        domain::DeliveryUpdate update;
        update.message = job.entry;
        update.status = domain::DeliveryStatus::failed;
        update.at = writer.clock().now();
        update.errorCode = reason.code;
        update.errorText = partWords(job, reason.words);
        update.mayRetry = reason.mayRetry;
        auto entries = failure(writer, job, update);
        if (!entries)
            return entries;
        if (const Status settled = settle(writer, job); !settled)
            return tl::unexpected<Error>(settled.error());
        return entries;
    };
    batch.after = [](store::StoreWriter&, std::span<const store::AppendResult> results) { return allTaken(results); };
    const auto results = store_.append(std::move(batch));
    return results ? Status() : tl::unexpected<Error>(results.error());
}

} // namespace holdfast::whatsapp
