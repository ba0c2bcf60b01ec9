// A loop in which the nth operation fails, for every n until nothing is left to fail.
#pragma once

#include "tests/disk_support/simulated_disk.h"

#include <functional>
#include <vector>

namespace holdfast::test {

// Which operation fails, and whether those behind it do.
struct Fault
{
    enum class Where { disk, sql } where = Where::disk;
    bool once = true;
    int code = 0; // SQLite's
};

// One write that failed, a disk that is full or cannot be written from there on, a statement, every statement from
// there on; without HOLDFAST_EVERY_FAULT set, three of them.
[[nodiscard]] const std::vector<Fault>& everyFault();
[[nodiscard]] QString wordsOf(const Fault& fault);

// One round. The test prepares what it needs, arms, acts, calms, and looks.
class FaultRound
{
public:
    FaultRound(SimulatedDisk& disk, const Fault& fault, int n) : disk_(disk), fault_(fault), n_(n) {}
    void arm();
    void calm();
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] int n() const { return n_; }

private:
    SimulatedDisk& disk_;
    Fault fault_;
    int n_;
    bool failed_ = false;
};

// Answers how many rounds met their fault; at least one must. With HOLDFAST_EVERY_FAULT set, n takes every value; else
// the first few, then ever fewer, so that a run stays short.
int forEveryN(SimulatedDisk& disk, const Fault& fault, const std::function<void(FaultRound&)>& body);

} // namespace holdfast::test
