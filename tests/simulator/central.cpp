#include "tests/simulator/central.h"

#include "models/log/entry.h"

namespace holdfast::simulation {
namespace {

constexpr int scopes = 4;
constexpr int threads = 12;
constexpr int pageLimit = 7; // small, so that "more" happens
constexpr qint64 tailerMs = 50;

sync::Failure refusal(int status, const QString& code)
{
    return {{ErrorCode::denied, QStringLiteral("Central says no.")}, status, code, std::nullopt};
}

sync::Failure notSignedIn()
{
    return refusal(401, QStringLiteral("denied"));
}

QString describe(const LogEntry& entry)
{
    const auto lastOf = [](const auto& id) { return QString::fromLatin1(id.toHex().last(2)); };
    const QString target = entry.draft.kind == kind::moved
                               ? QStringLiteral(" to ") + QString::fromLatin1(entry.draft.content.toHex().last(2))
                               : QString();
    return QStringLiteral("appends %1 at %2: thread %3 in scope %4%5")
        .arg(QString::fromLatin1(entry.draft.id.toHex().first(8)))
        .arg(entry.pos.value)
        .arg(lastOf(entry.draft.thread), lastOf(entry.scope), target);
}

} // namespace

sync::Failure noAnswer(ErrorCode code)
{
    return {{code, QStringLiteral("No answer came.")}, 0, {}, std::nullopt};
}

Central::Central(World& world, int desks, const CentralBugs& bugs)
    : world_(world), bugs_(bugs), rights_(static_cast<size_t>(userOf(desks - 1) + 1)),
      lastSeq_(static_cast<size_t>(desks))
{
    for (quint64 i = 1; i <= scopes; ++i)
        scopes_.push_back(numbered<ScopeId>('s', i));
    for (quint64 i = 1; i <= threads; ++i)
        log_.openThread(numbered<ThreadId>('t', i), scopes_[world_.random.below(scopes)]);
    for (std::set<ScopeId>& rights : rights_) {
        rights.insert(log_.everyone());
        for (const ScopeId& scope : scopes_) {
            if (world_.random.chance(60))
                rights.insert(scope);
        }
    }
}

ThreadId Central::anyThread()
{
    return numbered<ThreadId>('t', 1 + world_.random.below(threads));
}

void Central::signIn(int desk, const Reply<sync::Tokens>& reply)
{
    if (isDown())
        return reply(tl::unexpected(noAnswer(ErrorCode::network)));
    reply(sessions_.signIn(desk, world_.agenda.now()));
}

void Central::renew(const QByteArray& refresh, const Reply<sync::Tokens>& reply)
{
    if (isDown())
        return reply(tl::unexpected(noAnswer(ErrorCode::network)));
    reply(sessions_.renew(refresh, world_.agenda.now()));
}

void Central::changes(const QByteArray& token, const QByteArray& cursor, qint64 waitMs,
                      const Reply<sync::Changes>& reply)
{
    const auto poll = std::make_shared<Poll>(Poll{token, unseal(cursor), world_.agenda.now() + waitMs, reply, false});
    look(poll);
    if (poll->answered)
        return;
    parked_.push_back(poll);
    world_.agenda.after(waitMs, [this, poll] { look(poll); });
}

void Central::look(const PollPtr& poll)
{
    if (poll->answered)
        return;
    if (isDown())
        return answer(poll, tl::unexpected(noAnswer(ErrorCode::network)));
    const auto desk = sessions_.deskOf(poll->token, world_.agenda.now());
    if (!desk)
        return answer(poll, tl::unexpected(notSignedIn()));
    FeedAnswer feed = readFeed(log_, poll->cursor, readable(*desk), pageLimit, bugs_.feed);
    checkAccess(*desk, feed.changes);
    poll->cursor = feed.cursor; // looked at for nothing, these positions need not be scanned again
    if (feed.hasNews() || world_.agenda.now() >= poll->deadline)
        answer(poll, std::move(feed.changes));
}

// Nothing goes out that its reader may not see at this moment, wherever it once was.
void Central::checkAccess(int desk, const sync::Changes& changes)
{
    for (const sync::WireEntry& entry : changes.entries) {
        const auto header = log::decodeHeader(entry.header);
        const auto part = log::decodeAuthorPart(header->authorPart);
        if (!readable(desk).contains(log_.threads().at(part->thread).scope))
            world_.violate(QStringLiteral("the feed gives desk %1 what it may not see").arg(desk));
    }
}

void Central::answer(const PollPtr& poll, const sync::Outcome<sync::Changes>& outcome)
{
    poll->answered = true;
    poll->reply(outcome);
}

void Central::wake()
{
    if (waking_ || parked_.empty())
        return;
    waking_ = true;
    world_.agenda.after(world_.within(1, tailerMs), [this] {
        waking_ = false;
        const std::vector<PollPtr> polls = std::exchange(parked_, {});
        for (const PollPtr& poll : polls) {
            look(poll);
            if (!poll->answered)
                parked_.push_back(poll);
        }
    });
}

void Central::push(const QByteArray& token, const QList<sync::PushEntry>& entries, const Reply<sync::PushAnswer>& reply)
{
    if (isDown())
        return reply(tl::unexpected(noAnswer(ErrorCode::network)));
    const auto desk = sessions_.deskOf(token, world_.agenda.now());
    if (!desk)
        return reply(tl::unexpected(notSignedIn()));
    if (const auto refused = refusedAsAWhole(entries))
        return reply(tl::unexpected(*refused));
    const Push push{*desk, entries, reply};
    // The group that is being gathered: not committed yet, and lost if the process dies.
    world_.agenda.after(world_.within(1, 5), [this, push, process = process_] {
        if (process == process_)
            commit(push);
        else
            push.reply(tl::unexpected(noAnswer(ErrorCode::network)));
    });
}

std::optional<sync::Failure> Central::refusedAsAWhole(const QList<sync::PushEntry>& entries) const
{
    for (const sync::PushEntry& entry : entries) {
        if (entry.content == poison::batch)
            return refusal(entry.deviceSeq.value % 2 == 0 ? 400 : 409, QStringLiteral("invalid_input"));
    }
    return std::nullopt;
}

void Central::commit(const Push& push)
{
    sync::PushAnswer answer;
    qsizetype taken = push.entries.size();
    if (world_.roll(Fault::loadShed)) {
        world_.hit(Fault::loadShed, push.desk);
        taken = static_cast<qsizetype>(world_.random.below(static_cast<quint64>(taken)));
    }
    for (qsizetype i = 0; i < push.entries.size(); ++i) {
        sync::PushResult later;
        later.entry = push.entries[i].entry;
        answer.results.append(i < taken ? decide(push.desk, push.entries[i]) : later);
    }
    wake();
    world_.agenda.after(world_.within(0, 2), [this, answer, reply = push.reply, process = process_] {
        if (process == process_)
            reply(answer);
        else
            reply(tl::unexpected(noAnswer(ErrorCode::network)));
    });
}

sync::PushResult Central::decide(int desk, const sync::PushEntry& entry)
{
    using Verdict = sync::PushResult::Verdict;
    if (log_.find(entry.entry) && !bugs_.keepsDuplicates)
        return accepted(entry.entry, Verdict::duplicate);
    const auto part = log::decodeAuthorPart(entry.authorPart);
    const auto thread = log_.threads().find(part->thread);
    QString code;
    if (entry.content == poison::alone)
        code = QStringLiteral("bad_content");
    else if (thread == log_.threads().end() || !readable(desk).contains(thread->second.scope))
        code = QStringLiteral("denied");
    if (!code.isEmpty()) {
        refused_.insert(entry.entry);
        sync::PushResult result;
        result.entry = entry.entry;
        result.verdict = Verdict::refused;
        result.code = code;
        return result;
    }
    append({entry.entry, part->thread, part->kind, desk, entry.deviceSeq, entry.commit, entry.authorPart,
            entry.signature, entry.content});
    return accepted(entry.entry, Verdict::accepted);
}

sync::PushResult Central::accepted(const EntryId& id, sync::PushResult::Verdict verdict) const
{
    const LogEntry* entry = log_.find(id);
    sync::PushResult result;
    result.entry = id;
    result.verdict = verdict;
    result.pos = entry->pos;
    result.header = entry->header;
    result.receipt = log_.receiptFor(id);
    return result;
}

void Central::append(const Draft& draft)
{
    if (draft.desk != nobody)
        checkOrder(draft);
    log_.append(draft);
    if (world_.trace.isOn())
        world_.trace.line(Trace::central, describe(log_.entries().back()));
}

// An entry that was refused may still be taken from a repeat of its request that comes late, after the right to write
// was given back; it then stands behind younger ones.
void Central::checkOrder(const Draft& draft)
{
    quint64& last = lastSeq_[static_cast<size_t>(draft.desk)];
    if (log_.find(draft.id))
        world_.violate(QStringLiteral("an entry is in the log twice"));
    else if (draft.deviceSeq.value <= last && !refused_.contains(draft.id))
        world_.violate(QStringLiteral("the log has a desk's entries in another order than it wrote them"));
    last = std::max(last, draft.deviceSeq.value);
}

void Central::upload(const QByteArray& token, const EntryId& entry, const ThreadId& thread, const Reply<bool>& reply)
{
    if (isDown())
        return reply(tl::unexpected(noAnswer(ErrorCode::network)));
    const auto desk = sessions_.deskOf(token, world_.agenda.now());
    if (!desk)
        return reply(tl::unexpected(notSignedIn()));
    if (!readable(*desk).contains(log_.threads().at(thread).scope)) {
        refused_.insert(entry);
        return reply(tl::unexpected(refusal(403, QStringLiteral("denied"))));
    }
    uploaded_.insert(entry);
    reply(true);
}

void Central::proofs(const QByteArray& token, quint64 from, const QList<ThreadId>& asked,
                     const Reply<sync::Proofs>& reply)
{
    if (isDown())
        return reply(tl::unexpected(noAnswer(ErrorCode::network)));
    const auto desk = sessions_.deskOf(token, world_.agenda.now());
    if (!desk)
        return reply(tl::unexpected(notSignedIn()));
    const SignedHeads* heads = log_.newestHeads();
    if (!heads)
        return reply(tl::unexpected(refusal(404, QStringLiteral("not_found"))));
    sync::Proofs proofs;
    proofs.checkpoint = heads->note;
    proofs.consistency = {log_.rootAt(from)};
    proofs.headsPos = heads->pos;
    for (const log::ThreadHead& head : heads->heads) {
        const bool visible = readable(*desk).contains(log_.threads().at(head.thread).scope);
        if (visible && asked.contains(head.thread))
            proofs.threads.append({head, {}});
    }
    reply(proofs);
}

} // namespace holdfast::simulation
