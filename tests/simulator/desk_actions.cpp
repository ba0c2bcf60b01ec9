// What a simulated desk does by itself for the decisions of the core, as storage/sync/engine_actions.cpp does it.
#include "tests/simulator/simulated_desk.h"

namespace holdfast::simulation {
namespace {

constexpr qint64 readMs = 5;

} // namespace

void SimulatedDesk::perform(const sync::action::SetTimer& a)
{
    expect(a.delayMs >= 0, "a timer in the past");
    const int generation = ++timers_[a.timer];
    later(a.delayMs, [this, a, generation] {
        if (timers_[a.timer] == generation)
            deliver(sync::event::TimerFired{a.timer});
    });
}

void SimulatedDesk::perform(const sync::action::CancelTimer& a)
{
    ++timers_[a.timer];
}

void SimulatedDesk::perform(const sync::action::ApplyBatch& a)
{
    if (bugs_.cursorBeforeRows)
        setting([this, a] { disk_.cursor = a.changes.cursor; });
    onDisk([this, a](const Status& status) {
        if (status)
            applied(bugs_.cursorBeforeRows ? disk_.applyRows(a.changes) : disk_.apply(a.changes));
        else
            deliver(sync::event::BatchApplied{status, {}, {}});
    });
}

// The commit and the news of it are two moments; a kill may come between.
void SimulatedDesk::applied(const BatchSummary& summary)
{
    later(world_.within(0, 3), [this, summary] {
        deliver(sync::event::BatchApplied{{}, summary.threads, {}});
        if (summary.settled)
            deliver(sync::event::OutboxChanged{});
    });
}

void SimulatedDesk::perform(const sync::action::ReadOutbox& a)
{
    later(world_.within(0, readMs), [this, a] {
        if (!world_.roll(Fault::diskFailure))
            return read(a.limit);
        world_.hit(Fault::diskFailure, number_);
        sync::event::OutboxRead failed;
        failed.status = fail(ErrorCode::busy, QStringLiteral("The database is busy."));
        deliver(failed);
    });
}

// The entries are read first, their number later, as the engine does.
void SimulatedDesk::read(int limit)
{
    sync::event::OutboxRead result;
    for (const OutboxRow& row : disk_.waiting(limit)) {
        if (row.hasBlob && !uploaded_.contains(row.entry.entry)) {
            if (result.next.isEmpty())
                result.needsUpload = row.entry.entry;
            break;
        }
        result.next.append(row.entry);
    }
    later(world_.within(0, readMs), [this, result]() mutable {
        result.waiting = disk_.count(OutboxState::waiting);
        result.notSent = disk_.count(OutboxState::notSent);
        deliver(result);
    });
}

// Each mark is a transaction of its own, and may fail alone.
void SimulatedDesk::perform(const sync::action::MarkOutbox& a)
{
    const auto failed = std::make_shared<Status>();
    for (qsizetype i = 0; i < a.marks.size(); ++i) {
        onDisk([this, failed, mark = a.marks[i], isLast = i + 1 == a.marks.size()](const Status& status) {
            if (status) {
                checkMark(mark);
                disk_.mark(mark);
            } else {
                *failed = status;
            }
            if (isLast)
                later(world_.within(0, 3), [this, failed] { deliver(sync::event::OutboxMarked{*failed}); });
        });
    }
}

void SimulatedDesk::checkMark(const sync::OutboxMark& mark)
{
    const LogEntry* entry = central_.log().find(mark.entry);
    if (mark.accepted) {
        expect(entry && entry->pos == mark.pos, "an entry is taken for accepted that is not in the log there");
        return;
    }
    const auto written = written_.find(mark.entry);
    const bool isPoison = written != written_.end() && written->second;
    const bool isGone = !disk_.find(mark.entry); // the feed was quicker; nothing is marked
    expect(isGone || isPoison || central_.refused(mark.entry), "an entry is set aside that nobody refused");
}

void SimulatedDesk::perform(const sync::action::CheckProofs& a)
{
    later(world_.within(1, world_.weather.slowestWriteMs), [this, a] { deliver(check(a)); });
}

// As storage/sync/witness.cpp, with the model's stand-ins for tree, map of heads and signature.
sync::event::ProofsChecked SimulatedDesk::check(const sync::action::CheckProofs& a)
{
    using Verdict = sync::event::ProofsChecked::Verdict;
    sync::event::ProofsChecked result;
    if (world_.roll(Fault::diskFailure)) {
        world_.hit(Fault::diskFailure, number_);
        return result;
    }
    result.verdict = Verdict::fault;
    const auto note = central_.log().noteOf(a.proofs.checkpoint);
    const log::Proof& proof = a.proofs.consistency;
    const bool isSame = verifiedSize_ == 0 || (!proof.empty() && proof.front() == verifiedRoot_);
    const bool continues = note && note->first >= verifiedSize_ && isSame;
    if (!continues) {
        expect(mayFault_, "a good checkpoint is taken for a bad one");
        return result;
    }
    result.verdict = Verdict::good;
    result.size = note->first;
    result.covers = a.proofs.headsPos.value;
    compareThreads(a, result);
    if (result.verdict == Verdict::good && note->first > verifiedSize_) {
        verifiedSize_ = note->first;
        verifiedRoot_ = note->second;
        setting([this, size = verifiedSize_, root = verifiedRoot_] {
            disk_.verifiedSize = size;
            disk_.verifiedRoot = root;
        });
    }
    return result;
}

void SimulatedDesk::compareThreads(const sync::action::CheckProofs& a, sync::event::ProofsChecked& result) const
{
    QList<ThreadId> open = a.asked;
    for (const sync::ThreadProof& proof : a.proofs.threads) {
        if (!open.removeOne(proof.head.thread))
            continue;
        const auto own = disk_.threads().find(proof.head.thread);
        const quint64 held = own == disk_.threads().end() ? 0 : own->second.headers.size();
        const quint64 proved = proof.head.threadSeq.value;
        if (held < proved) {
            if (held > 0)
                result.ahead.append(proof.head.thread);
        } else if (own->second.leaves[proved - 1] != proof.head.leaf) {
            result.verdict = sync::event::ProofsChecked::Verdict::fault;
            return;
        } else if (held > proved) {
            result.behind.append(proof.head.thread);
        }
    }
    for (const ThreadId& thread : open) {
        if (disk_.threads().contains(thread))
            result.behind.append(thread);
    }
}

void SimulatedDesk::perform(const sync::action::SaveVerified& a)
{
    setting([this, a] {
        disk_.verifiedUpTo = a.upTo;
        disk_.verifiedCovers = a.covers;
    });
}

void SimulatedDesk::perform(const sync::action::RecordFault& a)
{
    expect(mayFault_, "a fault is recorded without a cause");
    setting([this, a] {
        if (!disk_.faultAt)
            disk_.faultAt = a.pos;
    });
}

void SimulatedDesk::perform(const sync::action::SaveRefresh& a)
{
    setting([this, a] { disk_.refresh = a.refresh; });
}

void SimulatedDesk::perform(const sync::action::UseToken& a)
{
    token_ = a.token;
}

void SimulatedDesk::perform(const sync::action::Publish& a)
{
    const bool online = a.state.link == views::SyncState::Link::online;
    expect(!asksPerson_ || !online, "it says online although its person must sign in");
    expect(!asksPerson_ || !a.state.detail.isEmpty(), "it does not say that its person must sign in");
    expect(a.state.verifiedUpTo >= shown_.verifiedUpTo, "what was verified became less");
    expect(!a.state.faultAt || mayFault_ || disk_.faultAt, "it shows a fault without a cause");
    shown_ = a.state;
}

void SimulatedDesk::perform(const sync::action::RestartTransport&)
{
    link_.restart();
}

} // namespace holdfast::simulation
