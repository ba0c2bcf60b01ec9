#include "central/channels/whatsapp/error_classes.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace holdfast::whatsapp {
namespace {

struct Known
{
    int code;
    ErrorClass kind;
};

// From the provider's list of error codes; sorted by code. What is missing here concerns the message itself.
constexpr Known knownCodes[] = {
    {0, ErrorClass::ours},          {1, ErrorClass::uncertain},      {2, ErrorClass::uncertain},
    {3, ErrorClass::ours},          {4, ErrorClass::throttled},      {10, ErrorClass::ours},
    {33, ErrorClass::ours},         {190, ErrorClass::ours},         {368, ErrorClass::ours},
    {80007, ErrorClass::throttled}, {130429, ErrorClass::throttled}, {131000, ErrorClass::uncertain},
    {131005, ErrorClass::ours},     {131016, ErrorClass::uncertain}, {131031, ErrorClass::ours},
    {131036, ErrorClass::ours},     {131037, ErrorClass::ours},      {131042, ErrorClass::ours},
    {131045, ErrorClass::ours},     {131056, ErrorClass::pairLimit}, {131057, ErrorClass::uncertain},
    {133000, ErrorClass::ours},     {133004, ErrorClass::uncertain}, {133005, ErrorClass::ours},
    {133006, ErrorClass::ours},     {133010, ErrorClass::ours},      {133015, ErrorClass::ours},
    {134011, ErrorClass::ours},
};

std::optional<ErrorClass> known(int code)
{
    const auto* const found = std::lower_bound(std::begin(knownCodes), std::end(knownCodes), code,
                                               [](const Known& one, int wanted) { return one.code < wanted; });
    if (found != std::end(knownCodes) && found->code == code)
        return found->kind;
    if (code >= 200 && code <= 299) // permissions
        return ErrorClass::ours;
    return std::nullopt;
}

} // namespace

ErrorClass classOf(int httpStatus, int code)
{
    if (code != 0) {
        if (const auto kind = known(code))
            return *kind;
    }
    if (httpStatus == 429)
        return ErrorClass::throttled;
    if (httpStatus >= 500 || httpStatus == 408 || httpStatus < 300) // under 300: an answer that is not understood
        return ErrorClass::uncertain;
    if (httpStatus == 401 || httpStatus == 403)
        return code == 0 ? ErrorClass::ours : ErrorClass::message;
    return ErrorClass::message;
}

bool mayRetry(int code)
{
    return known(code).value_or(ErrorClass::message) != ErrorClass::message;
}

} // namespace holdfast::whatsapp
