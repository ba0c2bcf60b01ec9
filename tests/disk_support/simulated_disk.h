// A disk under SQLite that fails, or loses its power, at a chosen moment: a shim over SQLite's own file layer.
#pragma once

#include <QString>

#include <random>

namespace holdfast::test {

// While one lives, new SQLite files of the process go through it. Its operations are writes, truncates, syncs and
// deletions, in the order in which SQLite asks for them. One at a time; thread-safe.
class SimulatedDisk
{
public:
    SimulatedDisk();
    SimulatedDisk(const SimulatedDisk&) = delete;
    SimulatedDisk& operator=(const SimulatedDisk&) = delete;
    ~SimulatedDisk();

    // The nth operation from now on fails with SQLite's `code`: once, or it and all that follow until calm().
    void failOnce(int nth, int code);
    void failFrom(int nth, int code);
    void calm();
    [[nodiscard]] bool hasFailed() const; // since it was told to
    [[nodiscard]] int operations() const; // since failOnce(), failFrom(), calm() or cutPower()

    // From here on, what no sync has confirmed is kept apart. Files that are there already count as synced.
    void keepApart();
    // Before the nth operation from now on the power goes: nothing reaches the disk any more, every call fails.
    void cutPower(int nth);
    [[nodiscard]] bool isOff() const;
    // Once all files are closed: puts on the real disk what a power cut may leave (of the writes without a sync none,
    // all, or any of them, the last one torn at a sector's edge), scrambles the shared-memory files, and is on again.
    // Answers words about what was kept, for a failing test.
    [[nodiscard]] QString powerUp(std::mt19937_64& dice);
};

} // namespace holdfast::test
