// The way between one desk and central. Everything that a network does to a message happens here.
#pragma once

#include "tests/simulator/central.h"

#include <memory>
#include <optional>

namespace holdfast::simulation {

template <typename T>
struct Exchange
{
    std::optional<qint64> timeoutMs;                      // nothing: a transport that hangs
    std::function<void(const Reply<T>&)> serve;           // at central; may be called twice
    std::function<void(const sync::Outcome<T>&)> deliver; // at the desk; may be called late and twice
    std::function<T(T)> forge; // of central's answer, or of none; empty: nothing in this answer is signed
};

class Link
{
public:
    Link(World& world, int desk) : world_(world), desk_(desk) {}

    template <typename T>
    void call(Exchange<T> asked);

    void cut(Fault how); // partition, requestsCut or answersCut
    void heal();
    void arm(Fault fault) { armed_ = fault; } // the next message that it can happen to
    void restart();                           // the desk's transport: what is in flight fails
    void forget();                            // the desk is dead: nothing comes to it any more

private:
    struct Flight
    {
        int life = 0;     // of the desk when it asked
        bool open = true; // neither answered nor timed out
        std::function<void(const sync::Failure&)> fail;
    };
    using FlightPtr = std::shared_ptr<Flight>;

    [[nodiscard]] bool happens(Fault fault);
    [[nodiscard]] qint64 way() { return world_.within(1, world_.weather.longestWayMs + 1); }
    [[nodiscard]] FlightPtr depart(std::function<void(const sync::Failure&)> fail);
    void failAfter(qint64 delayMs, const FlightPtr& flight, const sync::Failure& failure);
    [[nodiscard]] std::optional<sync::Failure> stoppedOnTheWay();
    template <typename T>
    using ExchangePtr = std::shared_ptr<const Exchange<T>>;
    template <typename T>
    void travelBack(const ExchangePtr<T>& exchange, const FlightPtr& flight, sync::Outcome<T> answer);
    template <typename T>
    void arriveAfter(qint64 delayMs, const ExchangePtr<T>& exchange, const FlightPtr& flight,
                     const sync::Outcome<T>& answer);

    World& world_;
    int desk_;
    bool requestsPass_ = true;
    bool answersPass_ = true;
    bool refuses_ = false; // a cut link says so at once instead of staying silent
    int life_ = 0;         // of the desk
    std::optional<Fault> armed_;
    std::vector<FlightPtr> flights_;
};

[[nodiscard]] sync::Failure garbled();

template <typename T>
void Link::call(Exchange<T> asked)
{
    ++world_.requests;
    const auto exchange = std::make_shared<const Exchange<T>>(std::move(asked));
    const FlightPtr flight =
        depart([exchange](const sync::Failure& failure) { exchange->deliver(tl::unexpected(failure)); });
    if (exchange->timeoutMs)
        failAfter(*exchange->timeoutMs, flight, noAnswer(ErrorCode::timeout));
    if (!requestsPass_) {
        if (refuses_)
            failAfter(way(), flight, noAnswer(ErrorCode::network));
        return;
    }
    if (happens(Fault::requestLost))
        return;
    if (const auto stopped = stoppedOnTheWay())
        return failAfter(2 * way(), flight, *stopped);
    const auto serve = [this, exchange, flight] {
        exchange->serve(
            [this, exchange, flight](const sync::Outcome<T>& answer) { travelBack<T>(exchange, flight, answer); });
    };
    world_.agenda.after(way(), serve);
    if (happens(Fault::requestRepeated))
        world_.agenda.after(way() + world_.within(0, 15'000), serve);
}

template <typename T>
void Link::travelBack(const ExchangePtr<T>& exchange, const FlightPtr& flight, sync::Outcome<T> answer)
{
    if (flight->life != life_ || !answersPass_ || happens(Fault::answerLost))
        return;
    if (answer && happens(Fault::answerTruncated))
        answer = tl::unexpected(garbled());
    if (exchange->forge && happens(Fault::answerForged))
        answer = exchange->forge(answer.value_or(T()));
    const qint64 late = happens(Fault::answerLate) ? world_.within(20'000, 60'000) : 0;
    arriveAfter<T>(way() + late, exchange, flight, answer);
    if (happens(Fault::answerRepeated))
        arriveAfter<T>(way() + late + world_.within(0, 5'000), exchange, flight, answer);
}

// Harder than the real transport, which gives one answer to one request: late and repeated ones come too.
template <typename T>
void Link::arriveAfter(qint64 delayMs, const ExchangePtr<T>& exchange, const FlightPtr& flight,
                       const sync::Outcome<T>& answer)
{
    world_.agenda.after(delayMs, [this, exchange, flight, answer] {
        if (flight->life != life_)
            return;
        flight->open = false;
        exchange->deliver(answer);
    });
}

} // namespace holdfast::simulation
