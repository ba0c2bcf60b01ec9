// How identifiers become HMACs: one purpose per kind, so that equal texts of different kinds differ.
#pragma once

#include "central/store/keyring.h"

namespace holdfast::store::lookups {

[[nodiscard]] inline Digest phone(const Keyring& keys, const QString& e164)
{
    return keys.lookup("phone", e164.toUtf8());
}
[[nodiscard]] inline Digest providerUser(const Keyring& keys, const QString& id)
{
    return keys.lookup("provider-user", id.toUtf8());
}
[[nodiscard]] inline Digest providerMessage(const Keyring& keys, const QString& id)
{
    return keys.lookup("provider-message", id.toUtf8());
}
[[nodiscard]] inline Digest reference(const Keyring& keys, const QString& kind, const QString& reference)
{
    return keys.lookup("reference", kind.toUtf8() + '\0' + reference.toUtf8());
}

[[nodiscard]] inline Digest referenceLine(const Keyring& keys, QByteArrayView line)
{
    return keys.lookup("reference-line", line);
}

} // namespace holdfast::store::lookups
