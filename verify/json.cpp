#include "verify/json.h"

#include "verify/bytes.h"

namespace verify {
namespace {

constexpr int maxDepth = 64;

void appendUtf8(std::string& out, unsigned point)
{
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xc0 | point >> 6);
        out += static_cast<char>(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xe0 | point >> 12);
        out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (point & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | point >> 18);
        out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
        out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (point & 0x3f));
    }
}

bool isDigit(char character)
{
    return character >= '0' && character <= '9';
}

class Parser
{
public:
    explicit Parser(std::string_view text) : rest_(text) {}

    std::optional<Json> whole()
    {
        Json value;
        if (!readValue(value, 0))
            return std::nullopt;
        skipSpace();
        if (!rest_.empty())
            return std::nullopt;
        return value;
    }

private:
    void skipSpace()
    {
        while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n' || rest_[0] == '\r'))
            rest_.remove_prefix(1);
    }
    bool take(std::string_view word)
    {
        if (!rest_.starts_with(word))
            return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    bool takeAfterSpace(std::string_view word)
    {
        skipSpace();
        return take(word);
    }

    bool readValue(Json& out, int depth)
    {
        skipSpace();
        if (rest_.empty())
            return false;
        if (depth == maxDepth && (rest_[0] == '{' || rest_[0] == '['))
            return false;
        if (rest_[0] == '{')
            return readObject(out, depth);
        if (rest_[0] == '[')
            return readArray(out, depth);
        if (rest_[0] == '"') {
            out.type = Json::Type::string;
            return readString(out.text);
        }
        if (take("null"))
            return true;
        out.type = Json::Type::boolean;
        if (take("true") || take("false"))
            return true;
        out.type = Json::Type::number;
        return readNumber(out.text);
    }
    bool readObject(Json& out, int depth)
    {
        out.type = Json::Type::object;
        rest_.remove_prefix(1);
        if (takeAfterSpace("}"))
            return true;
        do {
            skipSpace();
            std::string name;
            Json value;
            if (!readString(name) || !takeAfterSpace(":") || !readValue(value, depth + 1))
                return false;
            if (!out.members.emplace(std::move(name), std::move(value)).second)
                return false;
        } while (takeAfterSpace(","));
        return take("}");
    }
    bool readArray(Json& out, int depth)
    {
        out.type = Json::Type::array;
        rest_.remove_prefix(1);
        if (takeAfterSpace("]"))
            return true;
        do {
            Json element;
            if (!readValue(element, depth + 1))
                return false;
        } while (takeAfterSpace(","));
        return take("]");
    }
    bool readNumber(std::string& out)
    {
        const std::string_view all = rest_;
        static_cast<void>(take("-"));
        const bool hasWhole = take("0") || readDigits();
        const bool hasFraction = !take(".") || readDigits();
        bool hasExponent = true;
        if (take("e") || take("E")) {
            static_cast<void>(take("+") || take("-"));
            hasExponent = readDigits();
        }
        out = all.substr(0, all.size() - rest_.size());
        return hasWhole && hasFraction && hasExponent;
    }
    bool readDigits()
    {
        const size_t before = rest_.size();
        while (!rest_.empty() && isDigit(rest_[0]))
            rest_.remove_prefix(1);
        return rest_.size() < before;
    }
    bool readString(std::string& out)
    {
        if (!take("\""))
            return false;
        while (!rest_.empty()) {
            const std::string_view character = rest_.substr(0, utf8Size(rest_));
            if (character.empty() || static_cast<uint8_t>(character[0]) < 0x20)
                return false;
            rest_.remove_prefix(character.size());
            if (character == "\"")
                return true;
            if (character != "\\")
                out += character;
            else if (!readEscape(out))
                return false;
        }
        return false;
    }
    bool readEscape(std::string& out)
    {
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view values = "\"\\/\b\f\n\r\t";
        if (rest_.empty())
            return false;
        const char name = rest_[0];
        rest_.remove_prefix(1);
        if (name != 'u') {
            const size_t index = names.find(name);
            if (index != std::string_view::npos)
                out += values[index];
            return index != std::string_view::npos;
        }
        unsigned point = 0;
        if (!readFourHex(point))
            return false;
        unsigned low = 0;
        if (point >= 0xd800 && point < 0xdc00 && take("\\u")) {
            if (!readFourHex(low) || low < 0xdc00 || low > 0xdfff)
                return false;
            point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        }
        if (point == 0 || (point >= 0xd800 && point < 0xe000))
            return false;
        appendUtf8(out, point);
        return true;
    }
    bool readFourHex(unsigned& out)
    {
        if (rest_.size() < 4)
            return false;
        for (const char digit : rest_.substr(0, 4)) {
            const char lower = digit >= 'A' && digit <= 'F' ? static_cast<char>(digit - 'A' + 'a') : digit;
            const size_t value = std::string_view("0123456789abcdef").find(lower);
            if (value == std::string_view::npos)
                return false;
            out = out << 4 | static_cast<unsigned>(value);
        }
        rest_.remove_prefix(4);
        return true;
    }

    std::string_view rest_;
};

} // namespace

const Json* Json::member(const std::string& name) const
{
    const auto found = members.find(name);
    return found == members.end() ? nullptr : &found->second;
}

const std::string* Json::stringMember(const std::string& name) const
{
    const Json* found = member(name);
    return found && found->type == Type::string ? &found->text : nullptr;
}

std::optional<Json> parseJson(std::string_view text)
{
    return Parser(text).whole();
}

} // namespace verify
