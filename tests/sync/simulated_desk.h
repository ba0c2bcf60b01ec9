// A desk around the real core in virtual time: durable state that survives kills, a network that does its worst.
#pragma once

#include "storage/sync/core.h"
#include "tests/sync/fake_central.h"

#include <functional>
#include <map>
#include <memory>

namespace holdfast::test {

struct Weather
{
    int loseRequest = 8; // percent of requests
    int loseAnswer = 8;
    int repeatRequest = 5; // it arrives twice, the second time late
    int serverError = 5;
    int later = 10;       // central answers "later" for half of a batch
    int localFailure = 4; // of the desk's database
    static Weather fine() { return {0, 0, 0, 0, 0, 0}; }
};

class SimulatedDesk
{
public:
    SimulatedDesk(quint64 seed, bool centralDropsDuplicates = true);

    void run(int steps); // random acts and weather
    bool settle();       // fine weather until nothing is left to do; false: it never came to rest
    [[nodiscard]] QStringList violations() const; // of the invariants, after settle()

private:
    enum class State { waiting, sent, refused };
    struct Written
    {
        sync::PushEntry entry;
        State state = State::waiting;
        bool poison = false;
    };
    class Time : public sync::CoreTime
    {
    public:
        [[nodiscard]] qint64 steadyMs() const override { return steady; }
        [[nodiscard]] Timestamp wall() const override { return Timestamp{(steady + skew) * 1000}; }
        qint64 steady = 1'000'000;
        qint64 skew = 0; // of the desk's wall clock
    };

    void boot();
    void kill();
    void feed(const sync::Event& event);
    void at(qint64 delay, std::function<void()> what); // dies with this boot
    void runNext();
    void write();
    void randomAct();
    [[nodiscard]] Timestamp centralNow() const { return Timestamp{time_.steady * 1000}; }

    template <typename EventType, typename Answer>
    void network(int channel, sync::RequestNumber request, std::function<Answer()> call);
    void pollCentral(const sync::action::AskChanges& a, qint64 giveUpAt, int transport);
    void vacate(int channel, int transport);
    void occupy(int channel);

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
    void perform(const sync::action::SaveVerified&) {}
    void perform(const sync::action::RecordFault& a);
    void perform(const sync::action::SaveRefresh& a) { refresh_ = a.refresh; }
    void perform(const sync::action::UseToken&) {}
    void perform(const sync::action::Publish& a);
    void perform(const sync::action::AskSignIn& a);
    void perform(const sync::action::RestartTransport& a);

    SeededRandom random_;
    FakeCentral central_;
    Weather weather_;
    bool up_ = true;
    Time time_;
    std::multimap<qint64, std::function<void()>> agenda_;
    int boot_ = 0;
    int transport_ = 0;

    // Durable.
    std::vector<Written> outbox_;
    std::vector<QByteArray> applied_; // headers
    QByteArray cursor_;
    QByteArray refresh_;
    quint64 deviceSeq_ = 0;

    // Of this boot.
    std::unique_ptr<sync::SyncCore> core_;
    std::map<sync::Timer, int> timers_; // generation
    std::map<int, int> inFlight_;
    views::SyncState shown_;
    QStringList violations_;
};

} // namespace holdfast::test
