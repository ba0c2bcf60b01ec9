#include "central/api/feed_hub.h"

#include "central/api/answers.h"
#include "central/api/feed_json.h"
#include "central/store/recovery.h"

namespace holdfast::api {
namespace {

// A scope that the cursor does not name is opened from its beginning, and compared again once it came. Answers those
// that it named.
std::vector<ScopeId> forget(Cursor& cursor, const std::vector<ScopeId>& again)
{
    std::vector<ScopeId> forgotten;
    for (const ScopeId& scope : again) {
        const auto isIt = [&scope](const Cursor::Opening& opening) { return opening.scope == scope; };
        if (std::erase(cursor.scopes, scope) + std::erase_if(cursor.openings, isIt) > 0)
            forgotten.push_back(scope);
    }
    if (!forgotten.empty())
        cursor.summedAt = 0;
    return forgotten;
}

bool isLate(const FeedPoll& poll)
{
    return !poll.mayWait || std::chrono::steady_clock::now() >= poll.deadline;
}

Error tooMany()
{
    return {ErrorCode::unavailable, QStringLiteral("Too many desks wait here. Try again in a moment.")};
}

} // namespace

struct FeedHub::Checked
{
    std::vector<std::optional<Session>> sessions;
    std::vector<std::optional<Result<Cursor>>> cursors; // of polls whose cursor was not open yet
    quint64 head = 0;
    QByteArray checkpoint;
    quint64 checkpointSize = 0;
    std::map<DeviceId, Position> removals; // that wait for an acknowledgement
};

struct FeedHub::Outgoing
{
    struct Page
    {
        PollPtr poll;
        FeedBody body;
        Cursor cursor;
    };
    std::vector<Page> pages;
    std::vector<std::pair<PollPtr, Error>> refusals;
    std::vector<PollPtr> looks;
    std::vector<std::pair<Cursor, std::vector<ScopeId>>> differing;
    std::vector<DeviceId> startingOver;
};

FeedHub::FeedHub(store::Store& store, const Authenticator& authenticator, const FeedLimits& limits)
    : store_(store), authenticator_(authenticator), limits_(limits), ring_(limits.ringBytes)
{
    store_.tailer().listen(*this);
}

FeedCounters FeedHub::counters() const
{
    const std::lock_guard lock(mutex_);
    FeedCounters now = counters_;
    now.parked = parked_.size();
    now.ringBytes = ring_.bytes();
    return now;
}

void FeedHub::arrive(const PollPtr& poll)
{
    bool full = false;
    {
        const std::lock_guard lock(mutex_);
        full = counters_.open >= limits_.polls;
        if (full) {
            ++counters_.shed;
        } else {
            ready_.push_back(poll);
            if (++counters_.open == 1)
                store_.tailer().watch(true);
        }
    }
    if (full)
        return poll->responder.respond(answer(tooMany()));
    poll->responder.onGone([this, poll] { gone(poll); });
    poll->responder.onDraining([this, poll] { drain(poll); });
    checkNext();
}

// With the lock held.
void FeedHub::end(const PollPtr& poll)
{
    poll->state = State::ended;
    if (--counters_.open == 0)
        store_.tailer().watch(false);
}

void FeedHub::gone(const PollPtr& poll)
{
    const std::lock_guard lock(mutex_);
    if (poll->state == State::parked)
        parked_.take(poll, ring_.end());
    if (poll->state != State::ended)
        end(poll);
}

void FeedHub::drain(const PollPtr& poll)
{
    Outgoing out;
    {
        const std::lock_guard lock(mutex_);
        if (poll->state == State::parked)
            parked_.take(poll, ring_.end());
        if (poll->state == State::ended)
            return;
        end(poll);
        if (poll->cursor)
            out.pages.push_back({poll, {{}, {}, {}, false, ring_.end(), {}}, *poll->cursor});
        else
            out.refusals.emplace_back(poll, Error{ErrorCode::unavailable, QStringLiteral("Central is closing.")});
    }
    send(std::move(out));
}

void FeedHub::grew(store::Tail tail)
{
    store::addVouchers(tail.entries, store_.keys(), store_.clock().now());
    {
        const std::lock_guard lock(mutex_);
        bool everyone = tail.from != ring_.end();
        std::vector<ScopeId> scopes;
        for (const store::FeedEntry& entry : tail.entries) {
            const Effect effect = effectOf(entry.kind);
            if (effect == Effect::onAccess || effect == Effect::unknown) {
                everyone = true;
                ++accessVersion_;
            } else if (effect == Effect::onEarlier || scopes.empty() || scopes.back() != entry.scope) {
                const std::vector<ScopeId> concerned = scopesOf(entry);
                scopes.insert(scopes.end(), concerned.begin(), concerned.end());
            }
        }
        const quint64 shownTo = ring_.end(); // to whom is parked
        ring_.append(tail);
        auto woken = everyone ? parked_.takeAll(shownTo) : parked_.takeOf(scopes, shownTo);
        ready_.insert(ready_.end(), std::make_move_iterator(woken.begin()), std::make_move_iterator(woken.end()));
    }
    checkNext();
}

void FeedHub::signInsEnded()
{
    {
        const std::lock_guard lock(mutex_);
        ++accessVersion_;
        auto woken = parked_.takeAll(ring_.end());
        ready_.insert(ready_.end(), std::make_move_iterator(woken.begin()), std::make_move_iterator(woken.end()));
    }
    checkNext();
}

void FeedHub::tick()
{
    Outgoing out;
    {
        const std::lock_guard lock(mutex_);
        for (const PollPtr& poll : parked_.takeDue(std::chrono::steady_clock::now(), ring_.end())) {
            end(poll);
            out.pages.push_back({poll, {{}, {}, {}, false, ring_.end(), {}}, *poll->cursor});
        }
        ready_.insert(ready_.end(), later_.begin(), later_.end());
        later_.clear();
    }
    send(std::move(out));
    checkNext();
}

// One check at a time: what arrives meanwhile shares the next one.
void FeedHub::checkNext()
{
    auto polls = std::make_shared<std::vector<PollPtr>>();
    quint64 version = 0;
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(ready_, [](const PollPtr& poll) { return poll->state == State::ended; });
        if (checking_ || ready_.empty())
            return;
        const auto end = ready_.begin() + qsizetype(std::min(ready_.size(), limits_.checkedAtOnce));
        polls->assign(ready_.begin(), end);
        ready_.erase(ready_.begin(), end);
        checking_ = true;
        version = accessVersion_;
        ++counters_.checks;
    }
    store_.read<Checked>([this, polls](store::StoreReader& reader) { return check(reader, *polls); },
                         [this, polls, version](Result<Checked> checked) {
                             settleAll(*polls, std::move(checked), version);
                             checkNext();
                         });
}

Result<FeedHub::Checked> FeedHub::check(store::StoreReader& reader, const std::vector<PollPtr>& polls) const
{
    Checked checked;
    std::vector<QByteArray> bearers;
    bearers.reserve(polls.size());
    for (const PollPtr& poll : polls)
        bearers.push_back(poll->bearer);
    auto sessions = authenticator_.sessions(reader, bearers);
    if (!sessions)
        return tl::unexpected(sessions.error());
    checked.sessions = std::move(*sessions);
    const auto head = reader.feed().head();
    if (!head)
        return tl::unexpected(head.error());
    checked.head = head->size;
    auto checkpoint = reader.feed().newestCheckpoint();
    if (checkpoint)
        checked.checkpoint = std::move(*checkpoint);
    else if (checkpoint.error().code != ErrorCode::notFound)
        return tl::unexpected(checkpoint.error());
    checked.checkpointSize = sizeOf(checked.checkpoint);
    std::vector<DeviceId> devices;
    for (const auto& session : checked.sessions) {
        if (session)
            devices.push_back(session->caller.device);
    }
    auto removals = reader.removals().newestOpen(devices);
    if (!removals)
        return tl::unexpected(removals.error());
    checked.removals = std::move(*removals);
    checked.cursors.resize(polls.size());
    for (size_t i = 0; i < polls.size(); ++i) {
        if (checked.sessions[i] && !polls[i]->cursor && !polls[i]->cursorText.isEmpty())
            checked.cursors[i] = openedCursor(*polls[i], *checked.sessions[i], reader.organisation().epoch);
    }
    return checked;
}

Result<Cursor> FeedHub::openedCursor(const FeedPoll& poll, const Session& session, Epoch epoch) const
{
    auto opened = openCursor(poll.cursorText, store_.keys().cursorKey(), session.caller.user, session.caller.device);
    if (opened && opened->epoch != epoch)
        return fail(ErrorCode::conflict, QStringLiteral("The log began a new epoch. Ask /v1/epochs."));
    return opened;
}

void FeedHub::settleAll(const std::vector<PollPtr>& polls, Result<Checked> checked, quint64 version)
{
    Outgoing out;
    {
        const std::lock_guard lock(mutex_);
        checking_ = false;
        for (size_t i = 0; i < polls.size(); ++i) {
            if (polls[i]->state == State::ended)
                continue;
            if (checked) {
                settle(polls[i], *checked, i, version, out);
            } else if (polls[i]->cursor && polls[i]->mayWait && checked.error().code == ErrorCode::unavailable) {
                later_.push_back(polls[i]); // it waited in good faith: not sent away for a busy moment
            } else {
                ++counters_.shed;
                end(polls[i]);
                out.refusals.emplace_back(polls[i], checked.error());
            }
        }
    }
    send(std::move(out));
}

// With the lock held.
void FeedHub::settle(const PollPtr& poll, Checked& checked, size_t index, quint64 version, Outgoing& out)
{
    const auto& session = checked.sessions[index];
    if (auto& opened = checked.cursors[index]) {
        if (!*opened) {
            end(poll);
            out.refusals.emplace_back(poll, opened->error());
            return;
        }
        poll->cursor = std::move(**opened);
        if (auto scopes = forget(*poll->cursor, poll->again); !scopes.empty())
            out.differing.emplace_back(*poll->cursor, std::move(scopes));
    }
    const auto removal = session ? checked.removals.find(session->caller.device) : checked.removals.end();
    // Who has no session here, a new cursor, threads on their way, something to destroy that it was not told, or other
    // scopes than it had needs a look of its own.
    const bool asBefore = session && poll->cursor && poll->cursor->openings.empty() && poll->cursor->threads.empty() &&
                          poll->cursor->scopes == session->rights.readable() &&
                          (removal == checked.removals.end() || removal->second.value < poll->cursor->toldTo) &&
                          checked.checkpointSize < poll->cursor->summedAt + limits_.entriesBetweenSums;
    if (!asBefore || !settleFromRing(poll, checked.head, checked.checkpoint, version, out))
        out.looks.push_back(poll);
}

// With the lock held. False: the ring cannot tell.
bool FeedHub::settleFromRing(const PollPtr& poll, quint64 head, const QByteArray& checkpoint, quint64 version,
                             Outgoing& out)
{
    if (version != accessVersion_) {
        ready_.push_back(poll); // rights changed since they were read
        return true;
    }
    Cursor& cursor = *poll->cursor;
    const bool late = isLate(*poll);
    if (cursor.upTo < ring_.begin() || (!poll->mayWait && ring_.end() < head))
        return false;
    FeedRing::Page page;
    page.scannedTo = cursor.upTo;
    if (cursor.upTo < ring_.end())
        page = ring_.after(cursor.scopes, cursor.upTo, poll->limit, maxFeedBytes);
    cursor.upTo = page.scannedTo;
    if (page.entries.isEmpty() && !late) {
        parked_.park(poll);
        return true;
    }
    counters_.fromRing += page.entries.isEmpty() ? 0 : 1;
    end(poll);
    out.pages.push_back(
        {poll, {page.entries, {}, {}, page.more, std::max(ring_.end(), cursor.upTo), checkpoint}, cursor});
    return true;
}

void FeedHub::look(const PollPtr& poll)
{
    quint64 version = 0;
    {
        const std::lock_guard lock(mutex_);
        version = accessVersion_;
        ++counters_.looks;
    }
    store_.read<std::optional<FeedAnswer>>(
        [this, poll](store::StoreReader& reader) { return lookAlone(reader, *poll); },
        [this, poll, version](Result<std::optional<FeedAnswer>> seen) { lookedAt(poll, std::move(seen), version); });
}

// Nothing: not signed in.
Result<std::optional<FeedAnswer>> FeedHub::lookAlone(store::StoreReader& reader, const FeedPoll& poll) const
{
    auto session = authenticator_.session(reader, poll.bearer);
    if (!session && session.error().code == ErrorCode::denied)
        return std::nullopt;
    if (!session)
        return tl::unexpected(session.error());
    if (!session->rights.may(access::Act::readLog))
        return tl::unexpected(deviceNeeded());
    Cursor cursor;
    cursor.user = session->caller.user;
    cursor.device = session->caller.device;
    cursor.epoch = reader.organisation().epoch;
    if (poll.cursor) {
        cursor = *poll.cursor;
    } else if (!poll.cursorText.isEmpty()) {
        auto opened = openedCursor(poll, *session, cursor.epoch);
        if (!opened)
            return tl::unexpected(opened.error());
        cursor = std::move(*opened);
    }
    auto feed = readFeed(reader, std::move(cursor), session->rights.readable(), poll.limit, poll.windows);
    if (!feed)
        return tl::unexpected(feed.error());
    if (!poll.cursor && poll.cursorText.isEmpty() && !session->caller.device.isNull()) {
        const auto outstanding = reader.removals().outstanding(session->caller.device);
        if (!outstanding)
            return tl::unexpected(outstanding.error());
        feed->startsOver = *outstanding > 0;
    }
    // Only what goes out may count as told.
    if (feed->hasNews() || isLate(poll)) {
        if (const Status summed = addSums(reader, *feed, poll.windows); !summed)
            return tl::unexpected(summed.error());
    }
    store::addVouchers(feed->entries, store_.keys(), store_.clock().now());
    return std::move(*feed);
}

void FeedHub::lookedAt(const PollPtr& poll, Result<std::optional<FeedAnswer>> seen, quint64 version)
{
    Outgoing out;
    bool refused = false;
    {
        const std::lock_guard lock(mutex_);
        if (poll->state == State::ended)
            return;
        if (seen && *seen) {
            FeedAnswer& feed = **seen;
            if (feed.startsOver)
                out.startingOver.push_back(feed.cursor.device);
            poll->cursor = feed.cursor; // looked at for nothing, these positions need not be scanned again
            if (feed.hasNews() || isLate(*poll)) {
                QList<QByteArray> entries;
                for (const store::FeedEntry& entry : feed.entries)
                    entries.append(entryJson(entry));
                end(poll);
                out.pages.push_back({poll,
                                     {std::move(entries),
                                      std::move(feed.scopes),
                                      {},
                                      feed.more,
                                      feed.head,
                                      std::move(feed.checkpoint),
                                      std::move(feed.threads),
                                      std::move(feed.erased),
                                      std::move(feed.sums)},
                                     std::move(feed.cursor)});
            } else if (!settleFromRing(poll, feed.head, feed.checkpoint, version, out)) {
                out.looks.push_back(poll);
            }
        } else {
            end(poll);
            refused = seen.has_value();
            counters_.shed += !seen && seen.error().code == ErrorCode::unavailable ? 1 : 0;
            if (!seen)
                out.refusals.emplace_back(poll, seen.error());
        }
    }
    if (refused)
        poll->responder.respond(notSignedIn());
    send(std::move(out));
    checkNext();
}

// Without the lock.
void FeedHub::send(Outgoing out)
{
    for (const DeviceId& device : out.startingOver)
        store_.write<bool>(
            [device](store::StoreWriter& writer) -> Result<bool> {
                const Status noted = writer.removals().acknowledgeAll(device);
                return noted ? Result<bool>(true) : tl::unexpected(noted.error());
            },
            [](const Result<bool>&) {}); // not noted: it is asked again
    for (Outgoing::Page& page : out.pages) {
        page.body.cursor = seal(page.cursor, store_.keys().cursorKey());
        page.poll->responder.respond(feedResponse(page.body));
    }
    for (const auto& [poll, error] : out.refusals)
        poll->responder.respond(answer(error));
    for (const auto& [cursor, scopes] : out.differing)
        noteDiffering(cursor, scopes);
    for (const PollPtr& poll : out.looks)
        look(poll);
}

// A desk found that it does not hold what it should. Nobody waits for the note.
void FeedHub::noteDiffering(const Cursor& cursor, const std::vector<ScopeId>& scopes)
{
    store::AppendBatch batch;
    for (const ScopeId& scope : scopes) {
        const QJsonObject fields{{QStringLiteral("what"), QStringLiteral("checksum")},
                                 {QStringLiteral("scope"), scope.toHexString()},
                                 {QStringLiteral("user"), cursor.user.toHexString()},
                                 {QStringLiteral("device"), cursor.device.toHexString()}};
        batch.entries.push_back(store::centralEntry(store_.clock(), store_.random(), store_.organisation().auditThread,
                                                    domain::Kind::incidentNoted,
                                                    domain::toJson(domain::RecordedAct{fields})));
    }
    store_.append(std::move(batch), {});
}

} // namespace holdfast::api
