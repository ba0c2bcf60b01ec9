#include "tests/disk_support/sql_faults.h"

#include <dlfcn.h>
#include <sqlcipher/sqlite3.h>

#include <mutex>

namespace {

struct State
{
    std::mutex mutex;
    int operations = 0;
    int failAt = 0;
    bool failsOnce = false;
    int code = SQLITE_IOERR;
    bool hasFailed = false;
    QByteArray failed;
    QByteArray from;
    QByteArray to;
};

State& state()
{
    static State one;
    return one;
}

// SQLite calls itself through the same names, and there asks the statement how it went: what was not done would pass
// for done. So only the outermost call of a thread counts.
thread_local int depth = 0;

struct Call
{
    Call() { ++depth; }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() { --depth; }
};

bool isRollback(const char* sql)
{
    return sql && QByteArrayView(sql).startsWith("ROLLBACK");
}

int fault(const char* sql)
{
    if (depth > 1 || isRollback(sql))
        return SQLITE_OK;
    const std::lock_guard lock(state().mutex);
    const int now = ++state().operations;
    const int at = state().failAt;
    const bool fails = at > 0 && (state().failsOnce ? now == at : now >= at);
    if (fails && !state().hasFailed)
        state().failed = sql;
    state().hasFailed = state().hasFailed || fails;
    return fails ? state().code : SQLITE_OK;
}

// The text to give to SQLite in place of `sql`.
QByteArray replaced(const char* sql, int size)
{
    QByteArray text = size < 0 ? QByteArray(sql) : QByteArray(sql, qsizetype(qstrnlen(sql, size_t(size))));
    const std::lock_guard lock(state().mutex);
    return state().from.isEmpty() ? text : text.replace(state().from, state().to);
}

template <typename Function>
Function next(const char* name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

// The linker takes these before the library's.
extern "C" {

int sqlite3_step(sqlite3_stmt* statement)
{
    static const auto real = next<int (*)(sqlite3_stmt*)>("sqlite3_step");
    const Call call;
    const int code = fault(sqlite3_sql(statement));
    return code == SQLITE_OK ? real(statement) : code;
}

int sqlite3_exec(sqlite3* database, const char* sql, int (*row)(void*, int, char**, char**), void* context,
                 char** words)
{
    static const auto real =
        next<int (*)(sqlite3*, const char*, int (*)(void*, int, char**, char**), void*, char**)>("sqlite3_exec");
    const Call call;
    const int code = fault(sql);
    return code == SQLITE_OK ? real(database, replaced(sql, -1).constData(), row, context, words) : code;
}

int sqlite3_prepare_v2(sqlite3* database, const char* sql, int size, sqlite3_stmt** statement, const char** tail)
{
    static const auto real =
        next<int (*)(sqlite3*, const char*, int, sqlite3_stmt**, const char**)>("sqlite3_prepare_v2");
    const Call call;
    const int code = fault(sql);
    return code == SQLITE_OK ? real(database, sql, size, statement, tail) : code;
}

int sqlite3_prepare_v3(sqlite3* database, const char* sql, int size, unsigned flags, sqlite3_stmt** statement,
                       const char** tail)
{
    static const auto real =
        next<int (*)(sqlite3*, const char*, int, unsigned, sqlite3_stmt**, const char**)>("sqlite3_prepare_v3");
    const Call call;
    if (const int code = fault(sql); code != SQLITE_OK)
        return code;
    const qsizetype length = size < 0 ? qsizetype(qstrlen(sql)) : size;
    const QByteArray text = replaced(sql, size);
    if (QByteArrayView(sql, qsizetype(qstrnlen(sql, size_t(length)))) == text)
        return real(database, sql, size, flags, statement, tail);
    if (tail)
        *tail = sql + length;
    return real(database, text.constData(), int(text.size()) + 1, flags, statement, nullptr);
}

} // extern "C"

namespace holdfast::test::sql_faults {

void failOnce(int nth, int code)
{
    failFrom(nth, code);
    const std::lock_guard lock(state().mutex);
    state().failsOnce = true;
}

void failFrom(int nth, int code)
{
    calm();
    const std::lock_guard lock(state().mutex);
    state().failAt = nth;
    state().code = code;
    state().hasFailed = false;
}

void calm()
{
    const std::lock_guard lock(state().mutex);
    state().operations = 0;
    state().failAt = 0;
    state().failsOnce = false;
}

bool hasFailed()
{
    const std::lock_guard lock(state().mutex);
    return state().hasFailed;
}

QByteArray failedStatement()
{
    const std::lock_guard lock(state().mutex);
    return state().hasFailed ? state().failed : QByteArray();
}

int operations()
{
    const std::lock_guard lock(state().mutex);
    return state().operations;
}

void replace(const QByteArray& from, const QByteArray& to)
{
    const std::lock_guard lock(state().mutex);
    state().from = from;
    state().to = to;
}

} // namespace holdfast::test::sql_faults
