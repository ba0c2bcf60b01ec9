#include "tests/sql/faulty_disk.h"

#include <sqlcipher/sqlite3.h>

#include <atomic>

namespace holdfast::test {
namespace {

// SQLite calls plain functions, so the state of the one shim stands here.
std::atomic<int> countdownLeft = 0; // 0: calm
std::atomic<int> failureCode = SQLITE_IOERR_WRITE;
std::atomic<bool> failed = false;

struct ShimFile
{
    sqlite3_file base;
    sqlite3_file* real; // in the same allocation, right behind
};

sqlite3_file* realOf(sqlite3_file* file)
{
    return reinterpret_cast<ShimFile*>(file)->real;
}

int fault()
{
    if (countdownLeft.load() == 0)
        return SQLITE_OK;
    if (countdownLeft.load() > 1) {
        --countdownLeft;
        return SQLITE_OK;
    }
    failed = true;
    return failureCode;
}

int shimWrite(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at)
{
    const int code = fault();
    return code == SQLITE_OK ? realOf(file)->pMethods->xWrite(realOf(file), bytes, size, at) : code;
}

int shimTruncate(sqlite3_file* file, sqlite3_int64 size)
{
    const int code = fault();
    return code == SQLITE_OK ? realOf(file)->pMethods->xTruncate(realOf(file), size) : code;
}

int shimSync(sqlite3_file* file, int flags)
{
    const int code = fault();
    return code == SQLITE_OK ? realOf(file)->pMethods->xSync(realOf(file), flags) : code;
}

const sqlite3_io_methods methods = {
    2, // no memory mapping
    [](sqlite3_file* f) { return realOf(f)->pMethods->xClose(realOf(f)); },
    [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
        return realOf(f)->pMethods->xRead(realOf(f), to, size, at);
    },
    shimWrite,
    shimTruncate,
    shimSync,
    [](sqlite3_file* f, sqlite3_int64* size) { return realOf(f)->pMethods->xFileSize(realOf(f), size); },
    [](sqlite3_file* f, int lock) { return realOf(f)->pMethods->xLock(realOf(f), lock); },
    [](sqlite3_file* f, int lock) { return realOf(f)->pMethods->xUnlock(realOf(f), lock); },
    [](sqlite3_file* f, int* out) { return realOf(f)->pMethods->xCheckReservedLock(realOf(f), out); },
    [](sqlite3_file* f, int op, void* argument) { return realOf(f)->pMethods->xFileControl(realOf(f), op, argument); },
    [](sqlite3_file* f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); },
    [](sqlite3_file* f) { return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f)); },
    [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
        return realOf(f)->pMethods->xShmMap(realOf(f), page, size, extend, out);
    },
    [](sqlite3_file* f, int at, int n, int flags) { return realOf(f)->pMethods->xShmLock(realOf(f), at, n, flags); },
    [](sqlite3_file* f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); },
    [](sqlite3_file* f, int remove) { return realOf(f)->pMethods->xShmUnmap(realOf(f), remove); },
    nullptr,
    nullptr,
};

sqlite3_vfs* original = nullptr;
sqlite3_vfs shim = {};

int shimOpen(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags)
{
    auto* opened = reinterpret_cast<ShimFile*>(file);
    opened->base.pMethods = nullptr;
    opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
    const int code = original->xOpen(original, name, opened->real, flags, outFlags);
    if (opened->real->pMethods)
        opened->base.pMethods = &methods;
    return code;
}

} // namespace

FaultyDisk::FaultyDisk()
{
    sqlite3_initialize();
    original = sqlite3_vfs_find(nullptr);
    shim = *original;
    shim.zName = "holdfast-faulty";
    shim.szOsFile = int(sizeof(ShimFile)) + original->szOsFile;
    shim.xOpen = shimOpen;
    shim.pNext = nullptr;
    sqlite3_vfs_register(&shim, 1);
    calm();
}

FaultyDisk::~FaultyDisk()
{
    calm();
    sqlite3_vfs_unregister(&shim);
    sqlite3_vfs_register(original, 1);
}

void FaultyDisk::arm(int countdown, int code)
{
    failed = false;
    failureCode = code;
    countdownLeft = countdown;
}

void FaultyDisk::calm()
{
    countdownLeft = 0;
}

bool FaultyDisk::hasFailed() const
{
    return failed;
}

} // namespace holdfast::test
