// A small JSON reader (RFC 8259): only what an export's lines and two kinds of content need.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace verify {

struct Json
{
    enum class Type { null, boolean, number, string, array, object };
    Type type = Type::null;
    std::string text;                    // of a string: UTF-8; of a number: as written
    std::map<std::string, Json> members; // of an object; elements of arrays are checked and not kept

    [[nodiscard]] const Json* member(const std::string& name) const; // null if absent
    [[nodiscard]] const std::string* stringMember(const std::string& name) const;
};

// Nothing if it is not one complete JSON text in UTF-8, has a name twice in an object or U+0000 or half a surrogate
// pair in a string, or is nested deeper than 64.
std::optional<Json> parseJson(std::string_view text);

} // namespace verify
