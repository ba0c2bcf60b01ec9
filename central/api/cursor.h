// The feed's cursor: opaque to desks, MAC'd, bound to user and device. It says where a desk is; it grants nothing.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QByteArray>

#include <vector>

namespace holdfast::api {

struct Cursor
{
    UserId user;
    DeviceId device;
    Epoch epoch;
    quint64 upTo = 0;            // every caught-up scope shares this: entries below are delivered
    quint64 toldTo = 0;          // every move of a thread and every loss below this position was told
    quint64 summedAt = 0;        // size of the newest checkpoint with which the checksums were sent
    std::vector<ScopeId> scopes; // caught up, sorted
    struct Opening
    {
        ScopeId scope;
        quint64 pos = 0; // next position of the threads that were never moved; they are delivered once it reaches upTo
        ThreadId moved;  // then those that came from another scope: the last one that went over to `threads`
        friend bool operator==(const Opening&, const Opening&) = default;
    };
    std::vector<Opening> openings; // sorted by scope
    struct Thread
    {
        ThreadId thread;
        ThreadSeq next; // to deliver
        friend bool operator==(const Thread&, const Thread&) = default;
    };
    std::vector<Thread> threads; // that came here by a move and are delivered from their beginning, in that order
    friend bool operator==(const Cursor&, const Cursor&) = default;
};

// Base64url of body || HMAC-SHA-256(key, "holdfast/cursor/v1" || body).
[[nodiscard]] QByteArray seal(const Cursor& cursor, const QByteArray& key);

// invalidInput: not a cursor of ours. denied: another user's or device's. The caller checks the epoch.
[[nodiscard]] Result<Cursor> openCursor(const QByteArray& text, const QByteArray& key, const UserId& user,
                                        const DeviceId& device);

} // namespace holdfast::api
