#include "tests/disk_support/simulated_disk.h"

#include "tests/disk_support/unsynced_file.h"

#include <QFile>

#include <sqlcipher/sqlite3.h>

#include <map>
#include <mutex>
#include <new>
#include <string>

namespace holdfast::test {
namespace {

// SQLite calls plain functions, so the state of the one shim stands here.
struct State
{
    std::mutex mutex;
    int operations = 0;
    int failAt = 0; // 0: never
    bool failsOnce = false;
    int failCode = SQLITE_IOERR_WRITE;
    bool hasFailed = false;
    int cutAt = 0; // 0: never
    bool isOff = false;
    bool keepsApart = false;
    std::map<std::string, UnsyncedFile> files;
};
State state;

struct ShimFile
{
    sqlite3_file base;
    sqlite3_file* real; // in the same allocation, right behind
    const char* name;   // SQLite keeps it as long as the file is open; nullptr: a temporary file
};

sqlite3_file* realOf(sqlite3_file* file)
{
    return reinterpret_cast<ShimFile*>(file)->real;
}

UnsyncedFile* keptOf(const char* name)
{
    if (!state.keepsApart || !name)
        return nullptr;
    const auto found = state.files.find(name);
    return found == state.files.end() ? nullptr : &found->second;
}

// Counts an operation. The mutex is held.
int fault(int codeWhenOff)
{
    ++state.operations;
    if (state.cutAt > 0 && state.operations >= state.cutAt)
        state.isOff = true;
    if (state.isOff)
        return codeWhenOff;
    const bool fails =
        state.failAt > 0 && (state.failsOnce ? state.operations == state.failAt : state.operations >= state.failAt);
    state.hasFailed = state.hasFailed || fails;
    return fails ? state.failCode : SQLITE_OK;
}

int shimWrite(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at)
{
    const std::lock_guard lock(state.mutex);
    const bool wasOff = state.isOff;
    const int code = fault(SQLITE_IOERR_WRITE);
    // A write during which the power goes may reach the disk, whole or torn.
    UnsyncedFile* kept = keptOf(reinterpret_cast<ShimFile*>(file)->name);
    if (kept && !wasOff && (code == SQLITE_OK || state.isOff))
        kept->change({at, QByteArray(static_cast<const char*>(bytes), size)});
    return code == SQLITE_OK ? realOf(file)->pMethods->xWrite(realOf(file), bytes, size, at) : code;
}

int shimTruncate(sqlite3_file* file, sqlite3_int64 size)
{
    const std::lock_guard lock(state.mutex);
    if (const int code = fault(SQLITE_IOERR_TRUNCATE); code != SQLITE_OK)
        return code;
    if (UnsyncedFile* kept = keptOf(reinterpret_cast<ShimFile*>(file)->name))
        kept->change({size, std::nullopt});
    return realOf(file)->pMethods->xTruncate(realOf(file), size);
}

int shimSync(sqlite3_file* file, int)
{
    const std::lock_guard lock(state.mutex);
    if (const int code = fault(SQLITE_IOERR_FSYNC); code != SQLITE_OK)
        return code;
    if (UnsyncedFile* kept = keptOf(reinterpret_cast<ShimFile*>(file)->name))
        kept->sync();
    return SQLITE_OK; // the machine under the test keeps its power: no need to wait for its disk
}

int shimRead(sqlite3_file* file, void* to, int size, sqlite3_int64 at)
{
    {
        const std::lock_guard lock(state.mutex);
        if (state.isOff)
            return SQLITE_IOERR_READ;
    }
    return realOf(file)->pMethods->xRead(realOf(file), to, size, at);
}

const sqlite3_io_methods methods = {
    2, // no memory mapping
    [](sqlite3_file* f) { return realOf(f)->pMethods->xClose(realOf(f)); },
    shimRead,
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

QByteArray contentsOf(const std::string& name)
{
    QFile file(QFile::decodeName(name.c_str()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// The mutex is held.
void startKeeping(const std::string& name, bool wasThere)
{
    const auto [entry, isNew] = state.files.try_emplace(name, wasThere ? contentsOf(name) : QByteArray(), wasThere);
    if (!isNew && !wasThere)
        entry->second.recreate();
}

int shimOpen(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags)
{
    auto* opened = new (file) ShimFile{{nullptr}, nullptr, name};
    opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
    opened->real->pMethods = nullptr;
    const std::lock_guard lock(state.mutex);
    if (state.isOff)
        return SQLITE_CANTOPEN;
    const bool wasThere = name && QFile::exists(QFile::decodeName(name));
    const int code = original->xOpen(original, name, opened->real, flags, outFlags);
    if (opened->real->pMethods)
        opened->base.pMethods = &methods;
    if (code == SQLITE_OK && name && state.keepsApart)
        startKeeping(name, wasThere);
    return code;
}

int shimDelete(sqlite3_vfs*, const char* name, int syncsFolder)
{
    const std::lock_guard lock(state.mutex);
    if (const int code = fault(SQLITE_IOERR_DELETE); code != SQLITE_OK)
        return code;
    if (UnsyncedFile* kept = keptOf(name)) {
        if (syncsFolder != 0)
            state.files.erase(name);
        else
            kept->remove();
    }
    return original->xDelete(original, name, 0);
}

// A log's index lives in memory that a power cut wipes; what its file holds then must not matter.
void scrambleIndex(const std::string& name, std::mt19937_64& dice)
{
    QFile index(QFile::decodeName(name.c_str()) + QStringLiteral("-shm"));
    if (!index.exists() || !index.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return;
    QByteArray noise(32 * 1024, '\0');
    for (char& byte : noise)
        byte = char(dice());
    index.write(noise);
}

} // namespace

SimulatedDisk::SimulatedDisk()
{
    sqlite3_initialize();
    original = sqlite3_vfs_find(nullptr);
    shim = *original;
    shim.zName = "holdfast-simulated";
    shim.szOsFile = int(sizeof(ShimFile)) + original->szOsFile;
    shim.xOpen = shimOpen;
    shim.xDelete = shimDelete;
    shim.pNext = nullptr;
    sqlite3_vfs_register(&shim, 1);
    calm();
}

SimulatedDisk::~SimulatedDisk()
{
    calm();
    sqlite3_vfs_unregister(&shim);
    sqlite3_vfs_register(original, 1);
}

void SimulatedDisk::failOnce(int nth, int code)
{
    failFrom(nth, code);
    const std::lock_guard lock(state.mutex);
    state.failsOnce = true;
}

void SimulatedDisk::failFrom(int nth, int code)
{
    calm();
    const std::lock_guard lock(state.mutex);
    state.failAt = nth;
    state.failCode = code;
    state.hasFailed = false;
}

void SimulatedDisk::calm()
{
    const std::lock_guard lock(state.mutex);
    state.operations = 0;
    state.failAt = 0;
    state.failsOnce = false;
    state.cutAt = 0;
}

bool SimulatedDisk::hasFailed() const
{
    const std::lock_guard lock(state.mutex);
    return state.hasFailed;
}

int SimulatedDisk::operations() const
{
    const std::lock_guard lock(state.mutex);
    return state.operations;
}

void SimulatedDisk::keepApart()
{
    const std::lock_guard lock(state.mutex);
    state.keepsApart = true;
    state.files.clear();
}

void SimulatedDisk::cutPower(int nth)
{
    calm();
    const std::lock_guard lock(state.mutex);
    state.cutAt = nth;
}

bool SimulatedDisk::isOff() const
{
    const std::lock_guard lock(state.mutex);
    return state.isOff;
}

QString SimulatedDisk::powerUp(std::mt19937_64& dice)
{
    static constexpr const char* words[] = {"nothing", "some", "some, the last torn", "all"};
    const auto remains = static_cast<Remains>(dice() % std::size(words));
    calm();
    const std::lock_guard lock(state.mutex);
    for (const auto& [name, kept] : state.files) {
        QFile file(QFile::decodeName(name.c_str()));
        const std::optional<QByteArray> left = kept.after(remains, dice);
        if (!left)
            file.remove();
        else if (file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            file.write(*left);
        scrambleIndex(name, dice);
    }
    state.files.clear();
    state.isOff = false;
    return QStringLiteral("kept of what was not synced: ") + QLatin1StringView(words[size_t(remains)]);
}

} // namespace holdfast::test
