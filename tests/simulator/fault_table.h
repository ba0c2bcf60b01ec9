// Which fault hit a desk in which state of its exchange, counted: what a run of the simulation has really tried.
#pragma once

#include <QString>
#include <QStringList>

#include <array>
#include <bitset>

namespace holdfast::simulation {

// What a desk's core is doing, seen from outside by its events and actions. Several hold at once: one per channel.
enum class CoreState {
    signingIn, // waits for the person
    renewing,  // a token request is in flight
    catchingUp,
    idlePoll,
    applying,
    opening, // applying a batch that opens a scope
    closing, // applying a batch that closes a scope
    reading, // the outbox
    pushing,
    marking, // writing what became of pushed entries
    uploading,
    proving, // a proof request is in flight
    checking,
    waiting, // for a timer before the next try
};
constexpr size_t coreStates = 14;
using CoreStates = std::bitset<coreStates>;

enum class Fault {
    partition,
    requestsCut, // one way: desk to central
    answersCut,  // one way: central to desk
    requestLost,
    requestRepeated,
    answerLost,
    answerRepeated,
    answerLate, // behind its time-out and behind later answers
    answerTruncated,
    answerForged, // a receipt or a checkpoint that the log's key did not sign
    proxyAnswer,  // an HTTP error that is not central's
    loadShed,     // 503 with Retry-After, or "later" for a part of a push
    centralRestarted,
    tokenEnded,
    signedOut, // central ended the refresh token
    grantGiven,
    grantEnded,
    threadMoved,
    poisonWritten, // an entry that central or the desk itself will refuse
    diskFailure,
    deskKilled,
    deskStalled, // runs nothing for a while, then everything at once
    clockJumped,
};
constexpr size_t faults = 23;

[[nodiscard]] QString nameOf(CoreState state);
[[nodiscard]] QString nameOf(Fault fault);
[[nodiscard]] constexpr size_t index(CoreState state)
{
    return static_cast<size_t>(state);
}
[[nodiscard]] constexpr size_t index(Fault fault)
{
    return static_cast<size_t>(fault);
}

class FaultTable
{
public:
    void count(Fault fault) { ++total_[index(fault)]; }
    void countIn(Fault fault, const CoreStates& states); // of one desk that it hit
    void add(const FaultTable& other);

    [[nodiscard]] quint64 total() const;
    [[nodiscard]] quint64 total(Fault fault) const { return total_[index(fault)]; }
    [[nodiscard]] quint64 cell(Fault fault, CoreState state) const { return cells_[index(fault)][index(state)]; }
    [[nodiscard]] QStringList emptyCells() const; // "fault x state"
    [[nodiscard]] QString toMarkdown() const;

private:
    std::array<quint64, faults> total_{};
    std::array<std::array<quint64, coreStates>, faults> cells_{};
};

} // namespace holdfast::simulation
