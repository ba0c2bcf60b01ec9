// Options and sign-in of commands that go through a running central.
#pragma once

#include "app/admin/api_client.h"
#include "app/admin/arguments.h"

#include <memory>

namespace holdfast::admin {

[[nodiscard]] QStringList remoteOptions(); // config, server, ca, login, password-file

// Signs in with --login and the password. The server is --server, or the internal listener of --config.
[[nodiscard]] Result<std::unique_ptr<ApiClient>> connectTo(const Arguments& arguments);

} // namespace holdfast::admin
