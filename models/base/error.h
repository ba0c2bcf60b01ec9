// Result<T>: how every fallible call of Holdfast answers.
#pragma once

#include <QMetaType>
#include <QString>

#include <tl/expected.hpp>

namespace holdfast {

// What kind of failure it is; callers branch on this, people read Error::text.
enum class ErrorCode {
    invalidInput, // the caller's or an outsider's bytes are wrong; trying again will not help
    notFound,
    denied,   // not signed in, or no access
    conflict, // the state moved on; look again and decide
    tooLarge,
    busy,         // another holder; trying again may help
    io,           // disk
    full,         // disk full
    corrupt,      // stored bytes are damaged; nothing was deleted
    wrongKey,     // the passphrase or key does not open it; nothing was changed
    newerVersion, // written by a newer Holdfast
    network,      // could not reach the other side
    timeout,
    unavailable, // the other side answered that it cannot now
    fenced,      // this holder may not write any more until a person decides; trying again will not help
    cancelled,
    internal, // a defect of ours
};

// `text` says what happened and what to do, in a sentence. It never contains keys, SQL values, message text, names or
// numbers of people.
struct Error
{
    ErrorCode code = ErrorCode::internal;
    QString text;
};

template <typename T>
using Result = tl::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, QString text)
{
    return tl::unexpected<Error>(Error{code, std::move(text)});
}

} // namespace holdfast
