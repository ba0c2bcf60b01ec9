// The outbox's channel of the sync core: in order, in batches, nothing dropped and nothing in the way.
#include "models/log/entry.h"
#include "models/log/signing.h"
#include "storage/sync/core.h"

#include <algorithm>

namespace holdfast::sync {
namespace {

constexpr qint64 stuckAfterMs = 60'000;

// Central itself judged the bytes and will judge them the same again. An answer without its code may be a proxy's.
bool isFinal(const Failure& failure)
{
    const bool judged =
        failure.status == 400 || failure.status == 409 || failure.status == 413 || failure.status == 422;
    return judged && !failure.code.isEmpty();
}

} // namespace

void SyncCore::handle(const event::OutboxChanged&)
{
    outboxDirty_ = true;
}

void SyncCore::handle(const event::OutboxRead& e)
{
    reading_ = false;
    if (!e.status) {
        state_.detail = e.status.error().text;
        ready_.clear();
        rereadLater_ = true; // when the timer fires
        if (!push_.waiting)
            delay(push_, Timer::push);
        return;
    }
    state_.waiting = e.waiting;
    state_.notSent = e.notSent;
    const bool busy = push_.inFlight != 0 || push_.working || uploading_.has_value();
    if (outboxDirty_ || busy)
        return; // only the numbers are still true
    ready_ = e.next;
    watchOutbox(!ready_.isEmpty() ? std::optional(ready_.first().entry) : e.needsUpload);
    if (ready_.isEmpty() && e.needsUpload && !push_.waiting && !token_.isEmpty()) {
        uploading_ = e.needsUpload;
        uploadToken_ = token_;
        actions_.emplace_back(action::UploadBlobs{*e.needsUpload});
    }
}

void SyncCore::advancePush()
{
    if (reading_)
        return;
    if (outboxDirty_) {
        readOutbox();
        return;
    }
    if (token_.isEmpty() || !push_.isFree() || uploading_)
        return;
    if (ready_.isEmpty()) {
        if (oldest_ || rereadLater_)
            readOutbox(); // an upload that waited for its timer or for a token
        return;
    }
    pushing_ = ready_.first(std::min<qsizetype>(ready_.size(), batchLimit_));
    ready_.clear();
    actions_.emplace_back(action::AskPush{begin(push_, &pushToken_), token_, pushing_});
}

void SyncCore::readOutbox()
{
    outboxDirty_ = false;
    rereadLater_ = false;
    reading_ = true;
    actions_.emplace_back(action::ReadOutbox{pushBatch});
}

void SyncCore::handle(const event::PushAnswered& e)
{
    if (!ends(push_, e.request))
        return;
    const QList<PushEntry> pushed = std::exchange(pushing_, {});
    outboxDirty_ = true;
    if (e.outcome) {
        noteOnline();
        takeResults(*e.outcome, pushed);
        return;
    }
    const Failure& failure = e.outcome.error();
    if (failure.status == 0)
        noteOffline(failure.error.text);
    if (!isFinal(failure)) {
        fail(push_, Timer::push, failure, pushToken_);
    } else if (pushed.size() > 1) {
        batchLimit_ = static_cast<int>(pushed.size() / 2);
    } else {
        refuse(pushed.first().entry, failure);
    }
}

void SyncCore::takeResults(const PushAnswer& answer, const QList<PushEntry>& pushed)
{
    QList<OutboxMark> marks;
    for (const PushEntry& entry : pushed) {
        const auto result = std::find_if(answer.results.begin(), answer.results.end(),
                                         [&entry](const PushResult& r) { return r.entry == entry.entry; });
        const auto judged = result != answer.results.end() ? judge(*result, entry) : std::nullopt;
        if (judged)
            marks.append(*judged);
    }
    const bool all = marks.size() == pushed.size();
    if (all)
        batchLimit_ = std::min(pushBatch, batchLimit_ * 2);
    if (!marks.isEmpty())
        push_.backoff.reset();
    if (!all)
        delay(push_, Timer::push);
    mark(std::move(marks));
}

// Nothing: the entry stays in the outbox and is offered again.
std::optional<OutboxMark> SyncCore::judge(const PushResult& result, const PushEntry& entry)
{
    OutboxMark mark{entry.entry, false, result.pos, {}, result.header, result.receipt, result.code, result.text};
    if (result.verdict == PushResult::Verdict::later)
        return std::nullopt;
    if (result.verdict == PushResult::Verdict::refused)
        return mark;
    const auto header = log::decodeHeader(result.header);
    const bool isOurs = header && header->authorPart == entry.authorPart && header->pos == result.pos;
    const QByteArray message =
        isOurs ? log::receiptMessage(identity_.org, entry.entry, entry.commit.toBytes(), result.pos, header->epoch)
               : QByteArray();
    const std::vector<QByteArray> keys = identity_.logKeys();
    const bool isSigned = isOurs && std::any_of(keys.begin(), keys.end(), [&](const QByteArray& key) {
                              return log::verifySignature(key, message, result.receipt);
                          });
    if (!isSigned) {
        doubtReceipt(result.pos.value);
        return std::nullopt;
    }
    receiptDoubt_ = ReceiptDoubt::none;
    mark.accepted = true;
    mark.epoch = header->epoch;
    return mark;
}

void SyncCore::refuse(const EntryId& entry, const Failure& failure)
{
    OutboxMark mark;
    mark.entry = entry;
    mark.code = failure.status == 409 ? QStringLiteral("same_id_other_bytes") : failure.code;
    mark.text = failure.error.text;
    batchLimit_ = pushBatch;
    this->mark({mark});
}

void SyncCore::mark(QList<OutboxMark> marks)
{
    if (marks.isEmpty())
        return;
    push_.working = true;
    actions_.emplace_back(action::MarkOutbox{std::move(marks)});
}

void SyncCore::handle(const event::OutboxMarked& e)
{
    if (!push_.working)
        return;
    push_.working = false;
    outboxDirty_ = true;
    if (!e.status && !push_.waiting) {
        state_.detail = e.status.error().text;
        delay(push_, Timer::push);
    }
}

void SyncCore::handle(const event::UploadsEnded& e)
{
    if (uploading_ != e.entry)
        return;
    uploading_.reset();
    outboxDirty_ = true;
    if (e.outcome) {
        noteOnline();
        push_.backoff.reset();
        return;
    }
    const Failure& failure = e.outcome.error();
    // Bytes that are gone or too large here, or that central will not have: the person decides.
    const ErrorCode code = failure.error.code;
    const bool lost = failure.status == 0 && (code == ErrorCode::notFound || code == ErrorCode::corrupt);
    const bool barred = (failure.status == 403 || failure.status == 404) && !failure.code.isEmpty();
    if (isFinal(failure) || lost || barred)
        refuse(e.entry, failure);
    else
        fail(push_, Timer::push, failure, uploadToken_);
}

void SyncCore::watchOutbox(const std::optional<EntryId>& first)
{
    if (first == oldest_)
        return;
    oldest_ = first;
    oldestSince_ = time_.steadyMs();
    if (first)
        actions_.emplace_back(action::SetTimer{Timer::watchdog, stuckAfterMs});
    else
        actions_.emplace_back(action::CancelTimer{Timer::watchdog});
}

// Found by partition tests of other systems: a queue may stand still without any error. A fresh transport is cheap.
void SyncCore::onWatchdog()
{
    if (!oldest_)
        return;
    actions_.emplace_back(action::SetTimer{Timer::watchdog, stuckAfterMs});
    const bool stuck = time_.steadyMs() - oldestSince_ >= stuckAfterMs;
    // A renewal in flight is left alone: dropping its answer would spend the refresh token for nothing.
    if (!stuck || uploading_ || tokens_.inFlight != 0 || state_.link != views::SyncState::Link::online)
        return;
    actions_.emplace_back(action::RestartTransport{});
    proofsWanted_ = proofsWanted_ || proofs_.inFlight != 0;
    for (ChannelState* channel : {&poll_, &push_, &proofs_})
        channel->inFlight = 0;
    pushing_.clear();
    ready_.clear();
    outboxDirty_ = true;
    wake(push_, Timer::push);
    state_.detail = QStringLiteral("An entry has waited for more than a minute although central answers. "
                                   "The connection was made anew.");
}

} // namespace holdfast::sync
