// attachment.state in the database: a lattice, so that custody steps may arrive in any order.
#pragma once

#include "models/domain/content.h"
#include "models/views/values.h"

namespace holdfast::local {

// Order matters: the larger one stays. A mismatch is never shown as good, whatever comes after it.
enum class StoredState : int { expected = 0, failed = 1, good = 2, mismatch = 3 };

[[nodiscard]] constexpr StoredState storedStateAfter(domain::CustodyStep step)
{
    switch (step) {
    case domain::CustodyStep::stored:
        return StoredState::good;
    case domain::CustodyStep::mismatch:
        return StoredState::mismatch;
    case domain::CustodyStep::failed:
        return StoredState::failed;
    case domain::CustodyStep::pulled:
    case domain::CustodyStep::verified:
    case domain::CustodyStep::deletedAtProvider:
        break;
    }
    return StoredState::expected;
}

[[nodiscard]] constexpr views::AttachmentView::State viewOf(StoredState state)
{
    using State = views::AttachmentView::State;
    switch (state) {
    case StoredState::expected:
        return State::expected;
    case StoredState::failed:
        return State::failed;
    case StoredState::good:
        return State::good;
    case StoredState::mismatch:
        return State::mismatch;
    }
    return State::mismatch;
}

} // namespace holdfast::local
