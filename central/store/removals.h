// What devices must destroy because their person lost it, and when each said that it is gone.
#pragma once

#include "models/base/error.h"
#include "models/domain/project.h"
#include "storage/sql/connection.h"

#include <map>
#include <vector>

namespace holdfast::store {

struct Context;

struct Removal
{
    enum class What : int { scope = 0, thread = 1, erasure = 2 };
    What what = What::scope;
    QByteArray id;     // 16 bytes: of the scope, the thread, or the entry that erased
    Position pos = {}; // where it was noted
};

class RemovalReads
{
public:
    explicit RemovalReads(Context& context) : context_(context) {}
    // Noted at from <= pos < upTo, and not acknowledged, in the order of the log; at most `limit`.
    [[nodiscard]] Result<std::vector<Removal>> of(const DeviceId& device, quint64 from, quint64 upTo, int limit);
    [[nodiscard]] Result<qint64> outstanding(const DeviceId& device);
    // Of those of the devices that have not acknowledged everything, where the newest removal was noted.
    [[nodiscard]] Result<std::map<DeviceId, Position>> newestOpen(const std::vector<DeviceId>& devices);

protected:
    Context& context_;
};

class RemovalWrites : public RemovalReads
{
public:
    using RemovalReads::RemovalReads;
    [[nodiscard]] Status acknowledge(const DeviceId& device, const std::vector<Removal>& gone);
    // The device starts from nothing: it holds nothing of what it ever had.
    [[nodiscard]] Status acknowledgeAll(const DeviceId& device);
};

// Called for entries in the order of the log, in the appender's transaction, once header and move are rows. Who regains
// what he lost is not asked for it any more. Revoked devices are never asked: nothing can be expected of them.
[[nodiscard]] Status noteMove(sql::Connection& db, const domain::MoveThread& move, Position pos);
[[nodiscard]] Status noteGrant(sql::Connection& db, const domain::SetGrant& grant, Position pos);

} // namespace holdfast::store
