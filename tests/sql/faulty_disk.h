// A disk that fails at a chosen write: a shim over SQLite's own file layer, for tests alone.
#pragma once

namespace holdfast::test {

// While one lives, new SQLite files of the process go through the shim. From the `countdown`th write, sync or truncate
// on, all of them fail with `code` until calm() is called. One at a time.
class FaultyDisk
{
public:
    FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;
    ~FaultyDisk();

    void arm(int countdown, int code);
    void calm();
    [[nodiscard]] bool hasFailed() const;
};

} // namespace holdfast::test
