// Which run of its desk speaks for a device, and which entry has which of the device's numbers: what tells a profile
// that was set back from a second copy of it. docs/decisions/0012.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "storage/sql/connection.h"

#include <QByteArray>

namespace holdfast::store {

struct Context;

// A run is the time for which one process has a desk open. It names the run of which it found the traces in its
// database.
struct RunClaim
{
    DeviceId device;
    QByteArray run;    // 16 random bytes
    QByteArray after;  // empty: it found none
    bool live = false; // the process that made `after` is the one that asks: it cannot have been set back
};

enum class RunStanding {
    current,
    other, // another run speaks for the device, or none that is known here does
    copied // the device's key is in use on two computers
};

class DeviceRunReads
{
public:
    explicit DeviceRunReads(Context& context) : context_(context) {}
    [[nodiscard]] Result<RunStanding> standing(const DeviceId& device, const QByteArray& run);
    [[nodiscard]] Result<DeviceSeq> newestNumber(const DeviceId& device); // of its entries in the log; 0: none

protected:
    Context& context_;
};

class DeviceRunWrites : public DeviceRunReads
{
public:
    using DeviceRunReads::DeviceRunReads;
    // Answers current or copied. A run whose traces were superseded meanwhile shows a second copy; one that begins
    // where the device once was shows a profile that was set back, and what it had done since counts no more.
    [[nodiscard]] Result<RunStanding> begin(const RunClaim& claim);
    // An administrator saw to it that one copy is left: whichever comes next goes on.
    [[nodiscard]] Status release(const DeviceId& device);

private:
    [[nodiscard]] Result<RunStanding> judge(const RunClaim& claim);
    [[nodiscard]] Status leaveAfter(const DeviceId& device, qint64 number);
    [[nodiscard]] Status add(const RunClaim& claim, qint64 number);
};

// Of a store from before there were numbers: reads them from the headers.
[[nodiscard]] Status numberEntries(sql::WriteConnection& db);

} // namespace holdfast::store
