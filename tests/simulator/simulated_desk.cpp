#include "tests/simulator/simulated_desk.h"

#include "models/log/entry.h"

namespace holdfast::simulation {
namespace {

constexpr qint64 bootMs = 15'000;
constexpr qint64 lockedMs = 30'000;
constexpr int blobPercent = 20;

} // namespace

SimulatedDesk::SimulatedDesk(World& world, Central& central, int number, const DeskBugs& bugs)
    : world_(world), central_(central), number_(number), bugs_(bugs), link_(world, number), time_(world.agenda),
      disk_(world)
{
    if (!bugs_.core)
        bugs_.core = [](const sync::CoreIdentity& identity, const sync::CoreTime& time, RandomSource& random) {
            return std::make_unique<PlainCore>(identity, time, random);
        };
}

void SimulatedDesk::boot()
{
    if (core_)
        return;
    timers_.clear();
    uploaded_.clear();
    verifiedSize_ = disk_.verifiedSize;
    verifiedRoot_ = disk_.verifiedRoot;
    token_.clear();
    asksPerson_ = false;
    shown_ = {};
    writesUntil_ = world_.agenda.now();
    core_ = bugs_.core({central_.log().org(), central_.log().publicKey()}, time_, world_.random);
    deliver(disk_.started());
}

// Whatever was not on the disk is gone.
void SimulatedDesk::stop(qint64 untilBootMs)
{
    ++boot_;
    core_.reset();
    backlog_.clear();
    stalledUntil_ = 0;
    dieAfter_.reset();
    link_.forget();
    watch_.reset();
    world_.setStates(number_, {});
    world_.agenda.after(untilBootMs, [this] { boot(); });
}

void SimulatedDesk::kill()
{
    if (!core_)
        return;
    world_.hit(Fault::deskKilled, number_);
    stop(world_.within(100, bootMs));
}

void SimulatedDesk::killWithinStep(int actions)
{
    dieAfter_ = actions;
}

void SimulatedDesk::lock()
{
    if (!core_)
        return;
    deliver(sync::event::Stop{});
    later(world_.within(0, 200), [this] { stop(world_.within(1'000, lockedMs)); });
}

void SimulatedDesk::stall(qint64 ms)
{
    if (!core_ || stalledUntil_ > world_.agenda.now())
        return;
    world_.hit(Fault::deskStalled, number_);
    stalledUntil_ = world_.agenda.now() + ms;
    later(ms, [this] {
        for (const sync::Event& event : std::exchange(backlog_, {}))
            step(event);
    });
}

void SimulatedDesk::jumpClock(qint64 ms)
{
    world_.hit(Fault::clockJumped, number_);
    time_.skewMs = ms;
}

void SimulatedDesk::deliver(const sync::Event& event)
{
    if (stalledUntil_ > world_.agenda.now() || !backlog_.empty())
        backlog_.push_back(event);
    else
        step(event);
}

void SimulatedDesk::step(const sync::Event& event)
{
    if (!core_)
        return;
    ++world_.delivered;
    world_.mix(static_cast<quint64>(world_.agenda.now()) << 8 | event.index());
    if (world_.trace.isOn())
        world_.trace.line(number_, describe(event));
    watch_.before(event);
    const std::vector<sync::Action> actions = core_->on(event);
    for (const sync::Action& action : actions)
        watch_.after(action);
    const int boot = boot_;
    world_.setStates(number_, watch_.states());
    for (const sync::Action& action : actions) {
        if (dieAfter_ && --*dieAfter_ < 0)
            kill();
        if (boot != boot_)
            return;
        world_.mix(action.index());
        if (world_.trace.isOn())
            world_.trace.line(number_, QStringLiteral("  ") + describe(action));
        std::visit([this](const auto& a) { perform(a); }, action);
    }
}

void SimulatedDesk::later(qint64 delayMs, Agenda::Task task)
{
    world_.agenda.after(delayMs, [this, boot = boot_, task = std::move(task)] {
        if (boot == boot_)
            task();
    });
}

void SimulatedDesk::onDisk(std::function<void(const Status&)> operation)
{
    writesUntil_ = std::max(writesUntil_, world_.agenda.now()) + world_.within(1, world_.weather.slowestWriteMs);
    later(writesUntil_ - world_.agenda.now(), [this, operation = std::move(operation)] {
        const bool fails = std::exchange(failsNext_, false) || world_.roll(Fault::diskFailure);
        if (fails)
            world_.hit(Fault::diskFailure, number_);
        operation(fails ? Status(fail(ErrorCode::full, QStringLiteral("The disk is full."))) : Status());
    });
}

void SimulatedDesk::setting(std::function<void()> write)
{
    onDisk([write = std::move(write)](const Status& status) {
        if (status)
            write();
    });
}

void SimulatedDesk::write()
{
    if (!core_)
        return;
    OutboxRow row;
    row.thread = threadToWriteTo();
    row.hasBlob = world_.random.chance(blobPercent);
    const bool isPoison = std::exchange(poisonNext_, false) || world_.roll(Fault::poisonWritten);
    row.entry.content = QByteArray::number(world_.random.below(6));
    if (isPoison) {
        world_.hit(Fault::poisonWritten, number_);
        const std::array<QByteArray, 3> poisons{poison::alone, poison::batch, poison::noBlob};
        row.entry.content = poisons[world_.random.below(poisons.size())];
        row.hasBlob = row.entry.content == poison::noBlob;
    }
    put(row);
}

void SimulatedDesk::put(const OutboxRow& draft)
{
    OutboxRow row = draft;
    log::AuthorPart part;
    part.entryId = world_.random.id<EntryId>();
    part.thread = row.thread;
    part.kind = kind::message;
    part.deviceSeq = DeviceSeq{++deviceSeq_};
    part.commit.bytes.fill(static_cast<uint8_t>(deviceSeq_));
    row.entry.entry = part.entryId;
    row.entry.deviceSeq = part.deviceSeq;
    row.entry.commit = part.commit;
    row.entry.authorPart = log::encode(part);
    row.entry.signature = QByteArray(64, 'd');
    row.state = OutboxState::waiting;
    disk_.put(row);
    written_.emplace(part.entryId, row.entry.content.startsWith("poison"));
    if (world_.trace.isOn())
        world_.trace.line(number_, QStringLiteral("writes %1").arg(QString::fromLatin1(part.entryId.toHex().first(8))));
    deliver(sync::event::OutboxChanged{});
}

void SimulatedDesk::decide()
{
    const std::optional<OutboxRow> row = disk_.firstNotSent();
    if (!row || !core_)
        return;
    disk_.discard(row->entry.deviceSeq);
    if (!row->entry.content.startsWith("poison") && world_.random.chance(30))
        put(*row);
    else
        deliver(sync::event::OutboxChanged{});
}

// Mostly into what it sees; it may have lost it before central hears of it.
ThreadId SimulatedDesk::threadToWriteTo()
{
    const auto& threads = disk_.threads();
    if (threads.size() < 2 || world_.random.chance(5))
        return central_.anyThread();
    auto thread = threads.begin(); // the log's own comes first
    std::advance(thread, static_cast<qsizetype>(1 + world_.random.below(threads.size() - 1)));
    return thread->first;
}

bool SimulatedDesk::isAtRest() const
{
    const CentralLog& log = central_.log();
    const FeedCursor at = unseal(disk_.cursor);
    const bool received = !disk_.cursor.isEmpty() && at.upTo == log.size() && at.openings.empty() &&
                          at.threads.empty() && at.scopes == central_.readable(number_);
    const bool sent = shown_.waiting == 0 && disk_.count(OutboxState::waiting) == 0;
    return core_ && !asksPerson_ && backlog_.empty() && writesUntil_ < world_.agenda.now() && received && sent &&
           shown_.link == views::SyncState::Link::online && !shown_.catchingUp;
}

bool SimulatedDesk::isVerified() const
{
    const SignedHeads* heads = central_.log().newestHeads();
    return shown_.faultAt || !heads || shown_.verifiedUpTo == heads->size;
}

void SimulatedDesk::expect(bool holds, const char* what)
{
    if (!holds)
        world_.violate(QStringLiteral("desk %1: %2").arg(number_).arg(QLatin1String(what)));
}

} // namespace holdfast::simulation
