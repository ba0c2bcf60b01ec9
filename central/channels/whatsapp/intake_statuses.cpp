// Statuses of messages that we sent.
#include "central/channels/whatsapp/error_classes.h"
#include "central/channels/whatsapp/intake.h"
#include "central/channels/whatsapp/send_job.h"

namespace holdfast::whatsapp {

using namespace Qt::StringLiterals;

Result<Intake::Resolved> Intake::resolve(const StatusReport& report)
{
    Resolved resolved;
    if (const auto found = bound_.find(report.messageId); found != bound_.end()) {
        resolved.message = found->second;
        return resolved;
    }
    const auto bound = writer_.messages().byProviderId(report.messageId);
    if (!bound)
        return tl::unexpected<Error>(bound.error());
    resolved.message = *bound;
    if (*bound || report.callback.isEmpty())
        return resolved;
    const auto job = writer_.sends().byCallback(report.callback);
    if (!job)
        return tl::unexpected<Error>(job.error());
    if (!*job)
        return resolved;
    // The provider took it, whatever became of our call.
    resolved.message = store::MessageRef{(*job)->entry, (*job)->thread};
    resolved.givenUp = (*job)->state == sendGivenUp;
    if (!report.messageId.isEmpty()) {
        add((*job)->thread, domain::Kind::providerAccepted,
            domain::toJson(domain::ProviderAccepted{(*job)->entry, report.messageId}));
        bound_.insert_or_assign(report.messageId, *resolved.message);
    }
    // A failed part takes the later ones with it, before the next may go.
    if (report.status == domain::DeliveryStatus::failed) {
        if (const Status dropped = dropWaitingParts(writer_, (*job)->thread, (*job)->entry, (*job)->part); !dropped)
            return tl::unexpected<Error>(dropped.error());
    }
    if (const Status settled = settle(writer_, **job); !settled)
        return tl::unexpected<Error>(settled.error());
    return resolved;
}

Status Intake::status(const StatusReport& report)
{
    const Result<Resolved> resolved = resolve(report);
    if (!resolved)
        return tl::unexpected<Error>(resolved.error());
    if (resolved->message && report.status)
        return recordStatus(report, *resolved->message, resolved->givenUp);
    if (resolved->message || !waitForUnknown_)
        return keepStatus(report);
    mustWait_ = true;
    return {};
}

// A status that fits nothing, or is in a word that nobody knows.
Status Intake::keepStatus(const StatusReport& report)
{
    return notice({report.route, report.noticeId, u"status"_s, {}, report.at, report.original});
}

Status Intake::recordStatus(const StatusReport& report, const store::MessageRef& message, bool evenAgain)
{
    const domain::DeliveryStatus status = *report.status;
    // Of a reply that went out as several messages, the last one tells how far all of them are; a failure counts
    // always.
    if (status != domain::DeliveryStatus::failed && !isLastPart(report.callback))
        return {};
    const Result<bool> logged = writer_.messages().statusLogged(message.entry, status);
    if (!logged)
        return tl::unexpected<Error>(logged.error());
    const bool again = *logged && !(evenAgain && status == domain::DeliveryStatus::failed);
    if (again || !recorded_.insert({message.entry, status}).second)
        return {};
    if (status == domain::DeliveryStatus::failed) {
        Status dropped = dropWaitingParts(writer_, message.thread, message.entry, std::nullopt);
        if (dropped)
            dropped = letNextGo(writer_, message.thread);
        if (!dropped)
            return dropped;
    }
    domain::DeliveryUpdate update;
    update.message = message.entry;
    update.status = status;
    update.at = report.at;
    update.errorCode = report.errorCode;
    update.errorText = report.errorTitle;
    update.mayRetry = status == domain::DeliveryStatus::failed && mayRetry(report.errorCode);
    add(message.thread, domain::Kind::deliveryStatus, domain::toJson(update));
    return {};
}

} // namespace holdfast::whatsapp
