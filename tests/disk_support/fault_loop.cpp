#include "tests/disk_support/fault_loop.h"

#include "tests/disk_support/sql_faults.h"

#include <QtGlobal>

#include <catch2/catch_test_macros.hpp>
#include <sqlcipher/sqlite3.h>

namespace holdfast::test {
namespace {

constexpr int densely = 6;
constexpr int mostOperations = 200'000;

bool isThorough()
{
    static const bool every = qEnvironmentVariableIsSet("HOLDFAST_EVERY_FAULT");
    return every;
}

int after(int n)
{
    return isThorough() || n < densely ? n + 1 : n + n / 3;
}

} // namespace

const std::vector<Fault>& everyFault()
{
    static const std::vector<Fault> few{
        {Fault::Where::disk, true, SQLITE_IOERR_WRITE},
        {Fault::Where::disk, false, SQLITE_FULL},
        {Fault::Where::sql, true, SQLITE_IOERR},
    };
    static const std::vector<Fault> all{few[0],
                                        few[1],
                                        few[2],
                                        {Fault::Where::disk, false, SQLITE_IOERR_WRITE},
                                        {Fault::Where::sql, false, SQLITE_FULL}};
    return isThorough() ? all : few;
}

QString wordsOf(const Fault& fault)
{
    return QStringLiteral("%1, %2, code %3")
        .arg(fault.where == Fault::Where::disk ? QStringLiteral("disk") : QStringLiteral("SQL"),
             fault.once ? QStringLiteral("once") : QStringLiteral("from there on"))
        .arg(fault.code);
}

void FaultRound::arm()
{
    if (fault_.where == Fault::Where::disk)
        fault_.once ? disk_.failOnce(n_, fault_.code) : disk_.failFrom(n_, fault_.code);
    else
        fault_.once ? sql_faults::failOnce(n_, fault_.code) : sql_faults::failFrom(n_, fault_.code);
}

void FaultRound::calm()
{
    failed_ = fault_.where == Fault::Where::disk ? disk_.hasFailed() : sql_faults::hasFailed();
    disk_.calm();
    sql_faults::calm();
}

int forEveryN(SimulatedDisk& disk, const Fault& fault, const std::function<void(FaultRound&)>& body)
{
    int met = 0;
    for (int n = 1; n < mostOperations; n = after(n)) {
        INFO(wordsOf(fault).toStdString() << ", operation " << n);
        FaultRound round(disk, fault, n);
        body(round);
        if (!round.failed()) {
            CHECK(met > 0); // else nothing failed anywhere and the loop proved nothing
            return met;
        }
        ++met;
    }
    FAIL("the loop found no end");
    return met;
}

} // namespace holdfast::test
