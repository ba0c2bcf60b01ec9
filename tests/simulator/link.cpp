#include "tests/simulator/link.h"

namespace holdfast::simulation {

sync::Failure garbled()
{
    return {{ErrorCode::invalidInput, QStringLiteral("The answer could not be understood.")}, 200, {}, std::nullopt};
}

bool Link::happens(Fault fault)
{
    const bool isArmed = armed_ == fault;
    if (isArmed)
        armed_.reset();
    if (!isArmed && !world_.roll(fault))
        return false;
    world_.hit(fault, desk_);
    return true;
}

Link::FlightPtr Link::depart(std::function<void(const sync::Failure&)> fail)
{
    std::erase_if(flights_, [](const FlightPtr& flight) { return !flight->open; });
    flights_.push_back(std::make_shared<Flight>(Flight{life_, true, std::move(fail)}));
    return flights_.back();
}

void Link::failAfter(qint64 delayMs, const FlightPtr& flight, const sync::Failure& failure)
{
    world_.agenda.after(delayMs, [this, flight, failure] {
        if (flight->life != life_ || !flight->open)
            return;
        flight->open = false;
        flight->fail(failure);
    });
}

// By what stands between a desk and central's process.
std::optional<sync::Failure> Link::stoppedOnTheWay()
{
    if (happens(Fault::loadShed))
        return sync::Failure{{ErrorCode::unavailable, QStringLiteral("Central is busy.")},
                             503,
                             QStringLiteral("unavailable"),
                             world_.within(500, 5'000)};
    if (!happens(Fault::proxyAnswer))
        return std::nullopt;
    constexpr std::array<int, 6> statuses{400, 403, 404, 413, 500, 502};
    return sync::Failure{{ErrorCode::unavailable, QStringLiteral("A page of some proxy.")},
                         statuses[world_.random.below(statuses.size())],
                         {},
                         std::nullopt};
}

void Link::cut(Fault how)
{
    world_.hit(how, desk_);
    requestsPass_ = how == Fault::answersCut;
    answersPass_ = how == Fault::requestsCut;
    refuses_ = how == Fault::partition && world_.random.chance(50);
}

void Link::heal()
{
    requestsPass_ = true;
    answersPass_ = true;
    armed_.reset();
}

void Link::restart()
{
    for (const FlightPtr& flight : std::exchange(flights_, {})) {
        if (flight->open)
            failAfter(0, flight, noAnswer(ErrorCode::cancelled));
    }
}

void Link::forget()
{
    ++life_;
    flights_.clear();
}

} // namespace holdfast::simulation
