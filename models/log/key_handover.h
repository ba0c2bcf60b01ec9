// How a log changes its signing key: the old key signs that the new one follows. Format: docs/log-format.md, "The log's
// key".
#pragma once

#include "models/log/signing.h"

#include <span>
#include <vector>

namespace holdfast::log {

struct KeyHandover
{
    QByteArray previous;  // 32 bytes
    QByteArray next;      // 32 bytes
    QByteArray signature; // 64 bytes, by `previous`
    friend bool operator==(const KeyHandover&, const KeyHandover&) = default;
};

// "holdfast/log-key/v1\n" || org(16) || previous(32) || next(32): what the previous key signs.
[[nodiscard]] QByteArray handoverMessage(const OrgId& org, QByteArrayView previous, QByteArrayView next);
[[nodiscard]] KeyHandover handOver(const OrgId& org, const SigningKey& previous, const QByteArray& next);
[[nodiscard]] bool verifyHandover(const OrgId& org, const KeyHandover& handover);

// Those that lead from `key` on, in order; empty when none does. They end at a key that is not handed over, at one that
// was met before, or at a handover that was not signed by the key before it.
[[nodiscard]] std::vector<KeyHandover> handoversFrom(const OrgId& org, const QByteArray& key,
                                                     std::span<const KeyHandover> known);

// 128 bytes each, for small files and settings. Nothing for any other length.
[[nodiscard]] QByteArray encode(std::span<const KeyHandover> handovers);
[[nodiscard]] std::optional<std::vector<KeyHandover>> decodeHandovers(QByteArrayView bytes);

} // namespace holdfast::log
