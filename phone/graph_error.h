// Errors in the shape of the Graph API.
#pragma once

#include "central/http/message.h"

#include <QString>

namespace holdfast::phone {

struct GraphError
{
    int httpStatus = 400;
    int code = 100;
    QString details; // plain words, never the caller's values
};

[[nodiscard]] http::Response graphErrorResponse(const GraphError& error);
[[nodiscard]] http::Response graphSuccess();

} // namespace holdfast::phone
