// Randomness as a collaborator: OpenSSL's generator in programs, a seeded one in simulations.
#pragma once

#include "models/base/clock.h"
#include "models/base/ids.h"

#include <QByteArray>

#include <span>

namespace holdfast {

class RandomSource
{
public:
    virtual ~RandomSource() = default;
    virtual void fill(std::span<uint8_t> bytes) = 0; // thread-safe; aborts the process if the system has no randomness

    [[nodiscard]] QByteArray bytes(qsizetype count);
    template <typename IdType>
    [[nodiscard]] IdType id()
    {
        return *IdType::fromBytes(bytes(IdType::size));
    }
    // RFC 9562 version 7: 48 bits of milliseconds, then random.
    [[nodiscard]] EntryId entryId(Timestamp now);
};

class SystemRandom : public RandomSource
{
public:
    void fill(std::span<uint8_t> bytes) override;
};

} // namespace holdfast
