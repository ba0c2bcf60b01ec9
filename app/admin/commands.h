// The commands of holdfast-admin. Each returns words for people on failure; results go to standard output.
#pragma once

#include "app/admin/arguments.h"

namespace holdfast::admin {

// On the store itself; central must not be running (the embedded store says so by its lock).
[[nodiscard]] Status initCommand(const QStringList& arguments);
[[nodiscard]] Status recoverCommand(const QStringList& arguments);
[[nodiscard]] Status sampleCommand(const QStringList& arguments);
[[nodiscard]] Status epochCommand(const QStringList& arguments);
[[nodiscard]] Status logKeyCommand(const QStringList& arguments);

// Through a running central, or else on the store itself.
[[nodiscard]] Status verifyCommand(const QStringList& arguments);
[[nodiscard]] Status exportCommand(const QStringList& arguments);

// Through a running central.
[[nodiscard]] Status userCommand(const QStringList& arguments);
[[nodiscard]] Status scopeCommand(const QStringList& arguments);
[[nodiscard]] Status grantCommand(const QStringList& arguments);
[[nodiscard]] Status roomCommand(const QStringList& arguments);
[[nodiscard]] Status deviceCommand(const QStringList& arguments);
[[nodiscard]] Status policiesCommand(const QStringList& arguments);
[[nodiscard]] Status apiKeyCommand(const QStringList& arguments);
[[nodiscard]] Status inboxCommand(const QStringList& arguments);
[[nodiscard]] Status eraseCommand(const QStringList& arguments);

// On a desk: its raw database key, for its owner, recorded at central first.
[[nodiscard]] Status keyCommand(const QStringList& arguments);

} // namespace holdfast::admin
