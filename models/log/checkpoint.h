// Checkpoints as C2SP signed notes (https://c2sp.org/signed-note, tlog-checkpoint), signed with Ed25519.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/log/signing.h"

#include <span>

namespace holdfast::log {

struct Checkpoint
{
    OrgId org;
    Epoch epoch;
    quint64 size = 0;
    Digest root;
    friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

[[nodiscard]] QString checkpointOrigin(const OrgId& org, Epoch epoch); // "holdfast/<org hex>/<epoch>"

// The whole note, UTF-8, text and signature lines.
[[nodiscard]] QByteArray signCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);

// Checks form, origin and signature. invalidInput: not a note of this form; denied: no good signature of this key.
// At most 16 signature lines and 64 KiB are read; lines of unknown keys are skipped.
[[nodiscard]] Result<Checkpoint> openCheckpoint(QByteArrayView note, QByteArrayView logPublicKey);
// Of a log whose key changed: any of the keys may have signed.
[[nodiscard]] Result<Checkpoint> openCheckpoint(QByteArrayView note, std::span<const QByteArray> logPublicKeys);

} // namespace holdfast::log
