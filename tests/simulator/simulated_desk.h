// One desk: the real core in virtual time, on a disk that survives kills, behind a link that does its worst.
#pragma once

#include "tests/simulator/desk_disk.h"
#include "tests/simulator/link.h"
#include "tests/simulator/state_watch.h"

#include <memory>

namespace holdfast::simulation {

// The core under test. Another than the plain one is a planted bug.
class CorePort
{
public:
    virtual ~CorePort() = default;
    [[nodiscard]] virtual std::vector<sync::Action> on(const sync::Event& event) = 0;
};

class PlainCore : public CorePort
{
public:
    PlainCore(const sync::CoreIdentity& identity, const sync::CoreTime& time, RandomSource& random)
        : core_(identity, time, random)
    {}
    [[nodiscard]] std::vector<sync::Action> on(const sync::Event& event) override { return core_.on(event); }

private:
    sync::SyncCore core_;
};

using CoreMaker =
    std::function<std::unique_ptr<CorePort>(const sync::CoreIdentity&, const sync::CoreTime&, RandomSource&)>;

// Bugs to plant in what surrounds the core.
struct DeskBugs
{
    bool cursorBeforeRows = false; // saved in a transaction of its own
    CoreMaker core;                // empty: the plain one
};

class SimulatedDesk
{
public:
    SimulatedDesk(World& world, Central& central, int number, const DeskBugs& bugs);

    void boot();

    // What its person does.
    void write();
    void decide(); // about one entry that was not sent: again, or not at all
    void lock();   // the core is stopped, and started anew a little later

    // What happens to it.
    void kill();
    void killWithinStep(int actions); // after so many actions of the next step
    void stall(qint64 ms);
    void jumpClock(qint64 ms);
    void failNextWrite() { failsNext_ = true; }
    void poison() { poisonNext_ = true; } // what is written next
    [[nodiscard]] Link& link() { return link_; }

    [[nodiscard]] bool isRunning() const { return core_ != nullptr; }
    [[nodiscard]] bool isAtRest() const;   // all sent, all received
    [[nodiscard]] bool isVerified() const; // up to the newest checkpoint, or a fault is shown
    [[nodiscard]] const DeskDisk& disk() const { return disk_; }
    [[nodiscard]] const views::SyncState& shown() const { return shown_; }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] const std::map<EntryId, bool>& written() const { return written_; } // id -> is poison

private:
    class Time : public sync::CoreTime
    {
    public:
        explicit Time(const Agenda& agenda) : agenda_(agenda) {}
        [[nodiscard]] qint64 steadyMs() const override { return agenda_.now(); }
        [[nodiscard]] Timestamp wall() const override { return Timestamp{(agenda_.now() + skewMs) * 1000}; }
        qint64 skewMs = 0;

    private:
        const Agenda& agenda_;
    };

    void deliver(const sync::Event& event);
    void step(const sync::Event& event);
    void stop(qint64 untilBootMs);
    void later(qint64 delayMs, Agenda::Task task);             // dies with this boot
    void onDisk(std::function<void(const Status&)> operation); // behind the writes before it; may fail
    void setting(std::function<void()> write);                 // nobody hears whether it was written
    void askPerson();
    void put(const OutboxRow& row);
    [[nodiscard]] ThreadId threadToWriteTo();

    void perform(const sync::action::AskTokens& a);
    void perform(const sync::action::AskChanges& a);
    void perform(const sync::action::AskPush& a);
    void perform(const sync::action::AskProofs& a);
    void perform(const sync::action::SetTimer& a);
    void perform(const sync::action::CancelTimer& a);
    void perform(const sync::action::ApplyBatch& a);
    void perform(const sync::action::ReadOutbox& a);
    void perform(const sync::action::UploadBlobs& a);
    void perform(const sync::action::MarkOutbox& a);
    void perform(const sync::action::CheckProofs& a);
    void perform(const sync::action::SaveVerified& a);
    void perform(const sync::action::RecordFault& a);
    void perform(const sync::action::SaveRefresh& a);
    void perform(const sync::action::UseToken& a);
    void perform(const sync::action::Publish& a);
    void perform(const sync::action::AskSignIn& a);
    void perform(const sync::action::RestartTransport& a);

    void applied(const BatchSummary& summary);
    void read(int limit);
    [[nodiscard]] sync::event::ProofsChecked check(const sync::action::CheckProofs& a);
    void compareThreads(const sync::action::CheckProofs& a, sync::event::ProofsChecked& result) const;
    void checkMark(const sync::OutboxMark& mark);
    void expect(bool holds, const char* what);

    World& world_;
    Central& central_;
    int number_;
    DeskBugs bugs_;
    Link link_;
    Time time_;
    DeskDisk disk_;
    quint64 deviceSeq_ = 0;
    std::map<EntryId, bool> written_;
    bool mayFault_ = false; // something forged was shown to it
    bool failsNext_ = false;
    bool poisonNext_ = false;

    // Of this boot.
    int boot_ = 0;
    std::unique_ptr<CorePort> core_;
    StateWatch watch_;
    std::map<sync::Timer, int> timers_; // generation
    std::set<EntryId> uploaded_;
    Digest verifiedRoot_;
    quint64 verifiedSize_ = 0;
    QByteArray token_;
    bool asksPerson_ = false;
    views::SyncState shown_;
    qint64 writesUntil_ = 0; // the writer's queue
    qint64 stalledUntil_ = 0;
    std::vector<sync::Event> backlog_; // of a stalled desk
    std::optional<int> dieAfter_;
};

} // namespace holdfast::simulation
