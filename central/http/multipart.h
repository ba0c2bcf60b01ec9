// multipart/form-data (RFC 7578): building it for media upload, parsing it with caps.
#pragma once

#include "models/base/error.h"

#include <QByteArray>

#include <vector>

namespace holdfast::http {

struct Part
{
    QByteArray name;
    QByteArray fileName;    // empty: a plain field
    QByteArray contentType; // empty: none given
    QByteArray body;
};

struct MultipartBody
{
    QByteArray contentType; // with its boundary, for the Content-Type field
    QByteArray body;
};

// `boundary` must not occur in any body; pass random hex digits.
[[nodiscard]] MultipartBody buildMultipart(const std::vector<Part>& parts, const QByteArray& boundary);

// At most 32 parts; anything not well formed is invalidInput.
[[nodiscard]] Result<std::vector<Part>> parseMultipart(QByteArrayView contentType, const QByteArray& body);

} // namespace holdfast::http
