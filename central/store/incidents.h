// What went wrong without stopping anything: counted for whoever watches central.
#pragma once

#include <QtGlobal>

#include <atomic>

namespace holdfast::store {

// Thread-safe; only ever grows.
struct Incidents
{
    std::atomic<quint64> damagedValues{0};  // stored values that did not open, counted at each look
    std::atomic<quint64> conflictingIds{0}; // entries that came with the id of another one
    std::atomic<quint64> badSignatures{0};  // entries that their device did not sign
    std::atomic<quint64> copiedDevices{0};  // devices whose key is in use on two computers
};

} // namespace holdfast::store
