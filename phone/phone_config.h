// The phone's configuration: an INI file and flags over it.
#pragma once

#include "phone/phone.h"

#include <QStringList>

#include <optional>

namespace holdfast::phone {

struct PhoneArguments
{
    PhoneConfig config;
    bool headless = false;
    bool dark = false;              // the window's scheme; else as the system's
    std::optional<QString> message; // set: print this and end (help, version)
};

// INI, section [phone]: address, graph_port, control_port, phone_number_id, waba_id, display_phone_number,
// business_name, webhook_url, webhook_ca, access_token_file, app_secret_file, verify_token_file, retry_base_ms,
// enforce_window. The secrets may also be given inline, without `_file`. Each is a flag too: --graph-port N. Flags win.
[[nodiscard]] Result<PhoneArguments> readArguments(const QStringList& arguments);

} // namespace holdfast::phone
