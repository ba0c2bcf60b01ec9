// What the engine does for each decision of the core.
#include "models/domain/kinds.h"
#include "models/log/entry.h"
#include "storage/sync/engine.h"
#include "storage/sync/setting_names.h"

#include <QHash>

#include <algorithm>
#include <memory>

namespace holdfast::sync {
namespace {

// Newest position of each thread of the batch, without the log's own thread.
QList<event::AppliedThread> threadsOf(const QList<WireEntry>& entries)
{
    QHash<ThreadId, quint64> newest;
    for (const WireEntry& entry : entries) {
        const auto header = log::decodeHeader(entry.header);
        const auto part = header ? log::decodeAuthorPart(header->authorPart) : fail(ErrorCode::invalidInput, {});
        if (!part || part->kind == domain::number(domain::Kind::logHeads))
            continue; // what cannot be read is the applier's to report
        quint64& position = newest[part->thread];
        position = std::max(position, header->pos.value);
    }
    QList<event::AppliedThread> threads;
    for (auto it = newest.cbegin(); it != newest.cend(); ++it)
        threads.append({it.key(), Position{it.value()}});
    return threads;
}

local::FeedBatch toBatch(const Changes& changes)
{
    local::FeedBatch batch;
    for (const WireEntry& entry : changes.entries)
        batch.entries.push_back({entry.header, entry.salt, entry.content, entry.voucher});
    for (const ScopeEvent& scope : changes.scopes)
        batch.scopes.push_back({scope.scope, scope.opened, scope.window});
    for (const ThreadEvent& thread : changes.threads)
        batch.threads.push_back({thread.thread, thread.opened});
    for (const ScopeSum& sum : changes.sums)
        batch.sums.append({sum.scope, sum.checksum});
    batch.erased = changes.erased;
    batch.cursor = changes.cursor;
    return batch;
}

ClosedTarget::What targetOf(local::Closed what)
{
    switch (what) {
    case local::Closed::scope:
        return ClosedTarget::What::scope;
    case local::Closed::thread:
        return ClosedTarget::What::thread;
    case local::Closed::erasure:
        break;
    }
    return ClosedTarget::What::erasure;
}

// The person may send these again; the others need another text or another right.
bool isHeldBack(const QString& code)
{
    return code == QLatin1String("conversation_moved") || code == QLatin1String("too_old") ||
           code == QLatin1String("window_closed") || code == QLatin1String("device_copied");
}

} // namespace

void SyncEngine::perform(const action::AskTokens& a)
{
    const HttpRequest request = refreshRequest(a.refresh, device_, parts_.key.sign(log::refreshMessage(a.refresh)));
    whenDone(parts_.transport.send(request), [this, number = a.request](const Result<HttpAnswer>& answer) {
        feed(event::TokensAnswered{number, readTokens(answer)});
    });
}

void SyncEngine::perform(const action::AskChanges& a)
{
    if (compared_ || verifiedNote_.isEmpty())
        readNotes(a);
    else
        compareLogs(a);
}

// Central may come back from an older backup that nobody noticed: it hears so before anything of its log is taken in.
void SyncEngine::compareLogs(const action::AskChanges& asked)
{
    whenDone(parts_.transport.send(proofsRequest(asked.token, verified_.size, verifiedNote_, {})),
             [this, asked](const Result<HttpAnswer>& answer) {
                 const Outcome<Proofs> proofs = readProofs(answer);
                 if (!proofs && proofs.error().code == QLatin1String("fenced"))
                     return feed(event::ChangesAnswered{asked.request, tl::unexpected(proofs.error())});
                 compared_ = proofs.has_value();
                 readNotes(asked);
             });
}

void SyncEngine::readNotes(const action::AskChanges& a)
{
    whenDone(local::feedNotes(parts_.database),
             [this, a](const Result<local::FeedNotes>& notes) { askChanges(a, notes.value_or(local::FeedNotes())); });
}

void SyncEngine::askChanges(const action::AskChanges& a, const local::FeedNotes& notes)
{
    QList<ClosedTarget> targets;
    for (const local::Acknowledgement& one : notes.closed)
        targets.append({targetOf(one.what), one.id});
    const HttpRequest request = changesRequest(a.token, a.cursor, a.waitSeconds, a.limit, targets, notes.again);
    whenDone(parts_.transport.send(request), [this, a, closed = notes.closed](const Result<HttpAnswer>& answer) {
        if (answer && answer->status == 409)
            return askEpochs(a, answer);
        if (answer && answer->status == 200)
            local::forgetAcknowledgements(parts_.database, closed);
        changesAnswered(a.request, answer);
    });
}

// The cursor is of an epoch that central does not have any more: it was restored.
void SyncEngine::askEpochs(const action::AskChanges& asked, const Result<HttpAnswer>& refused)
{
    whenDone(parts_.transport.send(epochsRequest(asked.token, asked.cursor)),
             [this, asked, refused](const Result<HttpAnswer>& answer) {
                 if (const auto epoch = readNewEpoch(answer))
                     return setBack(*epoch);
                 changesAnswered(asked.request, refused);
             });
}

void SyncEngine::changesAnswered(RequestNumber request, const Result<HttpAnswer>& answer)
{
    Outcome<Changes> changes = readChanges(answer);
    compared_ = compared_ && changes;
    if (changes && !changes->checkpoint.isEmpty())
        lastNote_ = changes->checkpoint;
    if (changes)
        noteScopes(*changes);
    feed(event::ChangesAnswered{request, std::move(changes)});
}

// Of a window's threads none was compared with the log, whatever was verified before: after a restart all are.
void SyncEngine::noteScopes(const Changes& changes)
{
    const bool opensWindow =
        std::any_of(changes.scopes.begin(), changes.scopes.end(), [](const ScopeEvent& e) { return e.window; });
    if (opensWindow) {
        history_.setOpening(true);
        parts_.settings.setValue(verifiedSetting(), {});
    }
    if (!changes.scopes.isEmpty() || !changes.threads.isEmpty() || !changes.erased.isEmpty())
        history_.interrupt();
}

void SyncEngine::perform(const action::AskPush& a)
{
    run_.whenBegun(a.token, [this, a, mine = generation_](const Outcome<bool>& begun) {
        if (mine != generation_)
            return;
        if (begun)
            push(a, true);
        else
            feed(event::PushAnswered{a.request, tl::unexpected(begun.error())});
    });
}

void SyncEngine::push(const action::AskPush& asked, bool mayBeginAgain)
{
    QList<EntryId> ids;
    for (const PushEntry& entry : asked.entries)
        ids.append(entry.entry);
    parts_.outbox.countAttempt(ids);
    const HttpRequest request = pushRequest(asked.token, run_.id(), asked.entries);
    whenDone(parts_.transport.send(request), [this, asked, mayBeginAgain](const Result<HttpAnswer>& answer) {
        Outcome<PushAnswer> pushed = readPush(answer);
        const bool otherRun = !pushed && pushed.error().code == QLatin1String("other_run");
        if (!otherRun || !mayBeginAgain)
            return feed(event::PushAnswered{asked.request, std::move(pushed)});
        run_.beginAgain(asked.token, [this, asked, mine = generation_](const Outcome<bool>& begun) {
            if (mine != generation_)
                return;
            if (begun)
                push(asked, false);
            else
                feed(event::PushAnswered{asked.request, tl::unexpected(begun.error())});
        });
    });
}

void SyncEngine::perform(const action::AskProofs& a)
{
    const HttpRequest request = proofsRequest(a.token, a.from, verifiedNote_, a.threads);
    whenDone(parts_.transport.send(request), [this, number = a.request](const Result<HttpAnswer>& answer) {
        feed(event::ProofsAnswered{number, readProofs(answer)});
    });
}

void SyncEngine::perform(const action::SetTimer& a)
{
    QTimer*& timer = timers_[a.timer];
    if (!timer) {
        timer = new QTimer(this);
        timer->setSingleShot(true);
        connect(timer, &QTimer::timeout, this, [this, which = a.timer] { feed(event::TimerFired{which}); });
    }
    timer->start(static_cast<int>(a.delayMs));
}

void SyncEngine::perform(const action::CancelTimer& a)
{
    const auto timer = timers_.find(a.timer);
    if (timer != timers_.end())
        timer->second->stop();
}

void SyncEngine::perform(const action::SaveVerified& a)
{
    if (history_.isOpening())
        return; // conversations are still to come that nothing was proven of
    parts_.settings.setValue(verifiedSetting(), QByteArray::number(a.upTo) + ' ' + QByteArray::number(a.covers));
}

void SyncEngine::perform(const action::RecordFault& a)
{
    parts_.settings.keepEvidence(lastNote_, {Position{a.pos}, a.what});
}

void SyncEngine::perform(const action::SaveRefresh& a)
{
    parts_.settings.setValue(refreshSetting(), a.refresh);
    if (!a.acts.isNull())
        parts_.settings.setValue(actsSetting(), a.acts.toBytes());
}

void SyncEngine::perform(const action::UseToken& a)
{
    parts_.blobs.useToken(a.token);
    giveBack_.useToken(a.token);
    history_.useToken(a.token);
}

void SyncEngine::perform(const action::Publish& a)
{
    views::SyncState state = a.state;
    if (state.detail.isEmpty())
        state.detail = restored_;
    parts_.news.tellState(state);
    const bool online = a.state.link == views::SyncState::Link::online;
    giveBack_.setOnline(online);
    filler_.setOnline(online && !a.state.catchingUp);
    history_.setFeed(online, a.state.catchingUp);
}

void SyncEngine::perform(const action::AskSignIn&)
{
    signInNeeded_();
}

void SyncEngine::perform(const action::RestartTransport&)
{
    parts_.transport.restart();
}

void SyncEngine::perform(const action::ApplyBatch& a)
{
    event::BatchApplied done;
    done.threads = threadsOf(a.changes.entries);
    whenDone(parts_.applier.apply(toBatch(a.changes)),
             [this, done](const Result<local::Applied>& result) { applied(result, done); });
}

void SyncEngine::applied(const Result<local::Applied>& result, event::BatchApplied done)
{
    if (!result) {
        done.status = tl::unexpected(result.error());
        feed(done);
        return;
    }
    tellRows(*result, result->listsChanged);
    if (!result->closed.isEmpty())
        parts_.news.tellKeptDrafts();
    filler_.want(result->wanted);
    history_.lookAgain();
    if (result->fault)
        done.faultAt = result->fault->pos.value;
    feed(done);
    if (!result->settled.isEmpty())
        feed(event::OutboxChanged{});
}

void SyncEngine::tellRows(const local::Applied& result, bool listsChanged)
{
    for (const ThreadId& thread : result.threads)
        parts_.news.tellThread(thread);
    for (const BlobId& blob : result.blobs)
        parts_.news.tellAttachment(blob);
    for (const BlobId& blob : result.erased)
        parts_.news.tellAttachment(blob); // windows let go of what they decoded
    if (listsChanged)
        parts_.news.tellThreads();
}

void SyncEngine::historyApplied(const local::Applied& result)
{
    tellRows(result, !result.advanced.isEmpty()); // what fills in behind changes no list
    if (!result.wanted.isEmpty())
        filler_.lookAgain(); // newest first, so these may have to wait
    event::HistoryApplied done;
    for (auto it = result.advanced.cbegin(); it != result.advanced.cend(); ++it)
        done.threads.append({it.key(), it.value()});
    if (result.fault)
        done.faultAt = result.fault->pos.value;
    post(done);
    if (!result.settled.isEmpty())
        post(event::OutboxChanged{});
}

void SyncEngine::perform(const action::ReadOutbox& a)
{
    whenDone(parts_.outbox.waiting(a.limit), [this](const Result<QList<local::OutboxEntry>>& entries) {
        if (!entries) {
            event::OutboxRead failed;
            failed.status = tl::unexpected(entries.error());
            feed(failed);
            return;
        }
        whenDone(parts_.outbox.counts(), [this, list = *entries](const Result<local::OutboxCounts>& counts) {
            if (counts) {
                outboxRead(list, *counts);
                return;
            }
            event::OutboxRead failed;
            failed.status = tl::unexpected(counts.error());
            feed(failed);
        });
    });
}

void SyncEngine::outboxRead(const QList<local::OutboxEntry>& entries, const local::OutboxCounts& counts)
{
    event::OutboxRead read;
    read.waiting = counts.waiting;
    read.notSent = counts.notSent;
    waitingThreads_.clear();
    QSet<ThreadId> uploading;
    std::optional<EntryId> needsUpload;
    for (const local::OutboxEntry& entry : entries) {
        const bool uploaded = std::all_of(entry.blobs.begin(), entry.blobs.end(),
                                          [this](const BlobId& blob) { return parts_.blobs.isUploaded(blob); });
        waitingThreads_.insert(entry.id, entry.thread);
        // What follows in its conversation waits, so that the order of writing is kept there; the others go ahead.
        if (!uploaded || uploading.contains(entry.thread)) {
            uploading.insert(entry.thread);
            if (!needsUpload)
                needsUpload = entry.id;
            continue;
        }
        const auto part = log::decodeAuthorPart(entry.authorPart);
        read.next.append({entry.id, entry.deviceSeq, part ? part->commit : Digest(), entry.authorPart, entry.signature,
                          entry.salt, entry.content});
    }
    if (read.next.isEmpty())
        read.needsUpload = needsUpload;
    feed(read);
}

void SyncEngine::perform(const action::UploadBlobs& a)
{
    whenDone(parts_.outbox.find(a.entry), [this, id = a.entry](const Result<local::OutboxEntry>& entry) {
        if (!entry) {
            feed(event::UploadsEnded{id, tl::unexpected(Failure{entry.error(), 0, {}, {}})});
            return;
        }
        whenDone(parts_.blobs.upload(*entry), [this, id](const Outcome<bool>& outcome) {
            feed(event::UploadsEnded{id, outcome});
        });
    });
}

void SyncEngine::perform(const action::MarkOutbox& a)
{
    struct Countdown
    {
        qsizetype left;
        Status status;
    };
    const auto countdown = std::make_shared<Countdown>(Countdown{a.marks.size(), {}});
    for (const OutboxMark& one : a.marks) {
        const ThreadId thread = waitingThreads_.value(one.entry);
        whenDone(mark(one), [this, countdown, thread](const Result<void>& marked) {
            if (!marked)
                countdown->status = marked;
            parts_.news.tellThread(thread);
            parts_.news.tellThreads();
            if (--countdown->left == 0)
                feed(event::OutboxMarked{countdown->status});
        });
    }
}

QFuture<Result<void>> SyncEngine::mark(const OutboxMark& mark)
{
    if (mark.accepted)
        return parts_.outbox.markAccepted(mark.entry, mark.pos, mark.header, mark.receipt);
    if (mark.code == QLatin1String("number_used"))
        return parts_.outbox.renumber(mark.entry);
    if (isHeldBack(mark.code))
        return parts_.outbox.markHeld(mark.entry, mark.code, mark.text);
    return parts_.outbox.markRefused(mark.entry, mark.code, mark.text);
}

void SyncEngine::perform(const action::CheckProofs& a)
{
    lastNote_ = a.proofs.checkpoint;
    const auto checked = checkProofs(a.proofs, identity_, verified_, a.asked,
                                     [this](const ThreadId& thread, ThreadSeq seq) { return ownThread(thread, seq); });
    if (!checked) {
        post(event::ProofsChecked{});
        return;
    }
    const bool good = checked->verdict.verdict == event::ProofsChecked::Verdict::good;
    if (good && !checked->verdict.followed.empty()) {
        // Before the checkpoint that the new key signed: its note must be readable at the next start.
        const auto& followed = checked->verdict.followed;
        identity_.handovers.insert(identity_.handovers.end(), followed.begin(), followed.end());
        parts_.settings.setValue(handoversSetting(), log::encode(identity_.handovers));
    }
    if (good && checked->verified != verified_) {
        verified_ = checked->verified;
        verifiedNote_ = lastNote_;
        parts_.settings.setCheckpoint({lastNote_, verified_.size, verified_.epoch});
        history_.setVerified(verified_);
    }
    post(checked->verdict);
}

} // namespace holdfast::sync
