#include "verify/note.h"

#include <algorithm>
#include <vector>

namespace verify {
namespace {

constexpr size_t maxSignatures = 16;
constexpr size_t keyHashSize = 4;

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    while (true) {
        const size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

bool isSignatureLine(std::string_view line)
{
    const auto parts = split(line, ' ');
    if (parts.size() != 3 || parts[0] != "\xe2\x80\x94" || parts[1].empty() || parts[1].find('+') != Bytes::npos)
        return false;
    const auto signature = fromBase64(parts[2]);
    return signature && signature->size() > keyHashSize;
}

bool areSignatures(std::string_view text)
{
    auto lines = split(text, '\n');
    if (!lines.back().empty())
        return false;
    lines.pop_back();
    return !lines.empty() && lines.size() <= maxSignatures && std::all_of(lines.begin(), lines.end(), isSignatureLine);
}

// UTF-8 without control characters but newlines.
bool isPlain(std::string_view text)
{
    while (!text.empty()) {
        const size_t size = utf8Size(text);
        if (size == 0 || (static_cast<uint8_t>(text[0]) < 0x20 && text[0] != '\n'))
            return false;
        text.remove_prefix(size);
    }
    return true;
}

} // namespace

std::optional<Note> parseNote(std::string_view bytes)
{
    const size_t blank = bytes.find("\n\n");
    if (bytes.size() > maxNote || blank == std::string_view::npos || !isPlain(bytes))
        return std::nullopt;
    Note note;
    note.text = bytes.substr(0, blank + 1);
    note.signatures = bytes.substr(blank + 2);
    const auto lines = split(note.text, '\n');
    const auto origin = split(lines[0], '/');
    if (!areSignatures(note.signatures) || lines.size() != 4 || origin.size() != 3 || origin[0] != "holdfast" ||
        origin[1].size() != 32)
        return std::nullopt;
    const auto org = fromHex(origin[1]);
    const auto epoch = fromDecimal(origin[2]);
    const auto size = fromDecimal(lines[1]);
    const auto root = fromBase64(lines[2]);
    if (!org || !epoch || !size || !root || root->size() != 32 || hex(*org) != origin[1])
        return std::nullopt;
    note.origin = lines[0];
    note.org = *org;
    note.epoch = *epoch;
    note.size = *size;
    note.root = *root;
    return note;
}

bool isSignedBy(const Note& note, std::string_view publicKey)
{
    const Bytes keyHash = sha256(note.origin + "\n\x01" + Bytes(publicKey)).substr(0, keyHashSize);
    const std::string start = "\xe2\x80\x94 " + note.origin + " ";
    bool good = false;
    for (const std::string_view line : split(note.signatures, '\n')) {
        const auto signature = line.starts_with(start) ? fromBase64(line.substr(start.size())) : std::nullopt;
        if (!signature || signature->substr(0, keyHashSize) != keyHash)
            continue; // another key's line, a witness for instance
        good = goodSignature(publicKey, note.text, signature->substr(keyHashSize));
        if (!good)
            return false;
    }
    return good;
}

} // namespace verify
