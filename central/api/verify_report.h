// A verification's report as JSON: for the API and the command line alike.
#pragma once

#include "central/store/verify.h"

#include <QJsonObject>

namespace holdfast::api {

[[nodiscard]] QJsonObject reportObject(const store::VerifyReport& report);

} // namespace holdfast::api
