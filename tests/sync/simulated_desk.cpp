#include "tests/sync/simulated_desk.h"

#include "models/log/entry.h"

namespace holdfast::test {
namespace {

enum Channel { tokenChannel, pollChannel, pushChannel, proofChannel };

constexpr qint64 requestTimeout = 20'000;
constexpr int maxSettleEvents = 200'000;

sync::Failure failure(ErrorCode code, int status)
{
    return {
        {code, QStringLiteral("Bad weather.")}, status, {}, status == 503 ? std::optional<qint64>(2000) : std::nullopt};
}

} // namespace

SimulatedDesk::SimulatedDesk(quint64 seed, bool centralDropsDuplicates)
    : random_(seed), central_(centralDropsDuplicates)
{
    refresh_ = central_.signIn(centralNow()).refresh;
    boot();
}

void SimulatedDesk::boot()
{
    ++boot_;
    inFlight_.clear();
    timers_.clear();
    core_ = std::make_unique<sync::SyncCore>(sync::CoreIdentity{central_.org(), central_.publicKey()}, time_, random_);
    feed(sync::event::Started{refresh_, cursor_, 0, 0, {}, {}});
}

void SimulatedDesk::kill()
{
    agenda_.clear(); // requests that had reached central were processed when they were sent
    boot();
}

void SimulatedDesk::feed(const sync::Event& event)
{
    for (const sync::Action& action : core_->on(event))
        std::visit([this](const auto& a) { perform(a); }, action);
}

void SimulatedDesk::at(qint64 delay, std::function<void()> what)
{
    agenda_.emplace(time_.steady + delay, [this, boot = boot_, what = std::move(what)] {
        if (boot == boot_)
            what();
    });
}

void SimulatedDesk::runNext()
{
    if (agenda_.empty())
        return;
    const auto next = agenda_.extract(agenda_.begin());
    time_.steady = std::max(time_.steady, next.key());
    next.mapped()();
}

void SimulatedDesk::write()
{
    Written written;
    holdfast::log::AuthorPart part;
    part.entryId = random_.id<EntryId>();
    part.deviceSeq = DeviceSeq{++deviceSeq_};
    part.kind = 1;
    written.poison = random_.chance(5);
    written.entry.entry = part.entryId;
    written.entry.deviceSeq = part.deviceSeq;
    written.entry.authorPart = holdfast::log::encode(part);
    written.entry.signature = QByteArray(64, 'd');
    written.entry.content = !written.poison ? "text" : random_.chance(50) ? "poison" : "poison-all";
    outbox_.push_back(written);
    feed(sync::event::OutboxChanged{});
}

void SimulatedDesk::randomAct()
{
    const quint64 dice = random_.below(100);
    if (dice < 22)
        write();
    else if (dice < 40)
        central_.appendForeign(random_);
    else if (dice < 44)
        up_ = !up_;
    else if (dice < 46)
        kill();
    else if (dice < 48)
        time_.skew = static_cast<qint64>(random_.below(2'000'000'000)) - 1'000'000'000;
    else
        runNext();
}

void SimulatedDesk::run(int steps)
{
    for (int i = 0; i < steps; ++i)
        randomAct();
}

bool SimulatedDesk::settle()
{
    weather_ = Weather::fine();
    up_ = true;
    for (int i = 0; i < maxSettleEvents; ++i) {
        const bool rest = shown_.waiting == 0 && !shown_.catchingUp && shown_.link == views::SyncState::Link::online &&
                          applied_.size() == central_.log().size();
        bool open = false;
        for (const Written& written : outbox_)
            open = open || written.state == State::waiting;
        if (rest && !open)
            return true;
        runNext();
    }
    return false;
}

QStringList SimulatedDesk::violations() const
{
    QStringList found = violations_;
    QHash<EntryId, int> count;
    quint64 lastSeq = 0;
    for (const FakeCentral::Stored& stored : central_.log()) {
        ++count[stored.entry];
        if (stored.deviceSeq.value == 0)
            continue;
        if (stored.deviceSeq.value <= lastSeq)
            found.append(QStringLiteral("central's log is not in the desk's order"));
        lastSeq = stored.deviceSeq.value;
    }
    for (const Written& written : outbox_) {
        const int expected = written.poison ? 0 : 1;
        if (count.value(written.entry.entry) != expected)
            found.append(QStringLiteral("an entry is %1 times in the log").arg(count.value(written.entry.entry)));
        if (written.poison != (written.state == State::refused))
            found.append(QStringLiteral("an entry is in the wrong tray"));
    }
    for (size_t pos = 0; pos < applied_.size(); ++pos) {
        if (pos >= central_.log().size() || applied_[pos] != central_.log()[pos].header)
            found.append(QStringLiteral("the feed has a gap or a doublet at %1").arg(pos));
    }
    return found;
}

void SimulatedDesk::occupy(int channel)
{
    if (++inFlight_[channel] > 1)
        violations_.append(QStringLiteral("two requests in flight on channel %1").arg(channel));
}

// `call` runs when the request reaches central; the answer comes later or never.
template <typename EventType, typename Answer>
void SimulatedDesk::network(int channel, sync::RequestNumber request, std::function<Answer()> call)
{
    occupy(channel);
    const auto answer = [this, channel, request](const Answer& outcome, qint64 delay) {
        at(delay, [this, channel, request, outcome, transport = transport_] {
            vacate(channel, transport);
            feed(EventType{request, outcome});
        });
    };
    const qint64 way = 5 + static_cast<qint64>(random_.below(200));
    if (!up_ || random_.chance(weather_.loseRequest)) {
        answer(tl::unexpected(failure(ErrorCode::timeout, 0)), up_ ? requestTimeout : way);
    } else if (random_.chance(weather_.serverError)) {
        answer(tl::unexpected(failure(ErrorCode::unavailable, 503)), way);
    } else {
        const Answer outcome = call();
        if (random_.chance(weather_.repeatRequest))
            at(way + static_cast<qint64>(random_.below(30'000)), [call] { static_cast<void>(call()); });
        if (random_.chance(weather_.loseAnswer))
            answer(tl::unexpected(failure(ErrorCode::network, 0)), requestTimeout);
        else
            answer(outcome, way);
    }
}

void SimulatedDesk::perform(const sync::action::AskTokens& a)
{
    network<sync::event::TokensAnswered, sync::Outcome<sync::Tokens>>(
        tokenChannel, a.request, [this, a] { return central_.renew(a.refresh, centralNow()); });
}

void SimulatedDesk::perform(const sync::action::AskPush& a)
{
    for (qsizetype i = 1; i < a.entries.size(); ++i) {
        if (a.entries[i].deviceSeq <= a.entries[i - 1].deviceSeq)
            violations_.append(QStringLiteral("a batch is not in order"));
    }
    if (a.entries.size() > sync::pushBatch)
        violations_.append(QStringLiteral("a batch is too large"));
    network<sync::event::PushAnswered, sync::Outcome<sync::PushAnswer>>(pushChannel, a.request, [this, a] {
        return central_.push(a.token, a.entries, centralNow(), random_.chance(weather_.later));
    });
}

void SimulatedDesk::perform(const sync::action::AskProofs&)
{
    violations_.append(QStringLiteral("proofs were asked for without a checkpoint"));
}

void SimulatedDesk::perform(const sync::action::AskChanges& a)
{
    occupy(pollChannel);
    if (!up_ || random_.chance(weather_.loseRequest + weather_.loseAnswer)) {
        at(up_ ? requestTimeout : 10, [this, a, transport = transport_] {
            vacate(pollChannel, transport);
            feed(sync::event::ChangesAnswered{a.request, tl::unexpected(failure(ErrorCode::network, 0))});
        });
        return;
    }
    pollCentral(a, time_.steady + a.waitSeconds * 1000, transport_);
}

void SimulatedDesk::pollCentral(const sync::action::AskChanges& a, qint64 giveUpAt, int transport)
{
    const auto outcome = central_.changes(a.token, a.cursor, centralNow(), time_.steady < giveUpAt);
    if (!outcome) {
        at(250, [this, a, giveUpAt, transport] { pollCentral(a, giveUpAt, transport); });
        return;
    }
    at(20, [this, a, answer = *outcome, transport] {
        vacate(pollChannel, transport);
        feed(sync::event::ChangesAnswered{a.request, answer});
    });
}

void SimulatedDesk::perform(const sync::action::SetTimer& a)
{
    if (a.delayMs < 0)
        violations_.append(QStringLiteral("a timer in the past"));
    const int generation = ++timers_[a.timer];
    at(a.delayMs, [this, a, generation] {
        if (timers_[a.timer] == generation)
            feed(sync::event::TimerFired{a.timer});
    });
}

void SimulatedDesk::perform(const sync::action::CancelTimer& a)
{
    ++timers_[a.timer];
}

void SimulatedDesk::perform(const sync::action::ApplyBatch& a)
{
    at(1 + static_cast<qint64>(random_.below(20)), [this, a] {
        sync::event::BatchApplied done;
        if (random_.chance(weather_.localFailure)) {
            done.status = fail(ErrorCode::full, QStringLiteral("The disk is full."));
        } else {
            for (const sync::WireEntry& entry : a.changes.entries)
                applied_.push_back(entry.header);
            cursor_ = a.changes.cursor;
        }
        feed(done);
    });
}

void SimulatedDesk::perform(const sync::action::ReadOutbox& a)
{
    at(1, [this, a] {
        sync::event::OutboxRead read;
        if (random_.chance(weather_.localFailure))
            read.status = fail(ErrorCode::busy, QStringLiteral("Busy."));
        for (const Written& written : outbox_) {
            if (written.state == State::refused)
                ++read.notSent;
            if (written.state != State::waiting)
                continue;
            ++read.waiting;
            if (read.next.size() < a.limit)
                read.next.append(written.entry);
        }
        feed(read);
    });
}

void SimulatedDesk::perform(const sync::action::UploadBlobs&)
{
    violations_.append(QStringLiteral("an upload without a blob"));
}

void SimulatedDesk::perform(const sync::action::MarkOutbox& a)
{
    at(2, [this, a] {
        sync::event::OutboxMarked done;
        if (random_.chance(weather_.localFailure)) {
            done.status = fail(ErrorCode::io, QStringLiteral("The disk does not answer."));
        } else {
            for (const sync::OutboxMark& mark : a.marks) {
                for (Written& written : outbox_) {
                    if (written.entry.entry == mark.entry)
                        written.state = mark.accepted ? State::sent : State::refused;
                }
            }
        }
        feed(done);
    });
}

void SimulatedDesk::perform(const sync::action::CheckProofs&) {}

void SimulatedDesk::perform(const sync::action::RecordFault& a)
{
    violations_.append(QStringLiteral("a fault without cause: ") + a.what);
}

void SimulatedDesk::perform(const sync::action::Publish& a)
{
    shown_ = a.state;
}

void SimulatedDesk::perform(const sync::action::AskSignIn&)
{
    at(3000, [this] { feed(sync::event::SignedIn{central_.signIn(centralNow())}); });
}

void SimulatedDesk::perform(const sync::action::RestartTransport&)
{
    ++transport_; // answers that are still under way come to nobody
    inFlight_.clear();
}

void SimulatedDesk::vacate(int channel, int transport)
{
    if (transport == transport_)
        --inFlight_[channel];
}

} // namespace holdfast::test
