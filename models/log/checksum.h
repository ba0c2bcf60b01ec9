// A cheap comparison of what two sides hold of a scope: a sum, so the order of arrival does not matter. It finds what
// was lost on the way; what was forged is found by the proofs.
#pragma once

#include "models/base/digest.h"

#include <QtEndian>

namespace holdfast::log {

// The number of entries and the sum, modulo 2^64, of the first 8 bytes (big-endian) of their leaves.
struct Checksum
{
    quint64 entries = 0;
    quint64 sum = 0;

    void add(const Digest& leaf)
    {
        ++entries;
        sum += qFromBigEndian<quint64>(leaf.bytes.data());
    }
    void add(const Checksum& other)
    {
        entries += other.entries;
        sum += other.sum;
    }
    void take(const Checksum& other)
    {
        entries -= other.entries;
        sum -= other.sum;
    }
    friend bool operator==(const Checksum&, const Checksum&) = default;
};

} // namespace holdfast::log
