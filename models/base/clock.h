// Time as a collaborator, so that tests can hold it.
#pragma once

#include "models/base/ids.h"

namespace holdfast {

class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0; // thread-safe
};

class SystemClock : public Clock
{
public:
    [[nodiscard]] Timestamp now() const override;
};

} // namespace holdfast
