#include "verify/note.h"

#include <vector>

namespace verify {
namespace {

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

} // namespace

std::optional<Note> parseNote(std::string_view bytes)
{
    const size_t blank = bytes.find("\n\n");
    if (bytes.size() > 64 * 1024 || blank == std::string_view::npos || bytes.back() != '\n')
        return std::nullopt;
    Note note;
    note.text = bytes.substr(0, blank + 1);
    note.signatures = bytes.substr(blank + 2);
    const auto lines = split(note.text, '\n');
    const auto origin = split(lines[0], '/');
    if (lines.size() != 4 || origin.size() != 3 || origin[0] != "holdfast" || origin[1].size() != 32)
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
    const Bytes keyHash = sha256(note.origin + "\n\x01" + Bytes(publicKey)).substr(0, 4);
    const std::string start = "\xe2\x80\x94 " + note.origin + " ";
    auto lines = split(note.signatures, '\n');
    lines.pop_back(); // after the last newline
    bool good = false;
    for (const std::string_view line : lines) {
        if (!line.starts_with("\xe2\x80\x94 ") || lines.size() > 16)
            return false;
        const auto signature = line.starts_with(start) ? fromBase64(line.substr(start.size())) : std::nullopt;
        if (!signature || signature->substr(0, 4) != keyHash)
            continue; // another key's line, a witness for instance
        good = goodSignature(publicKey, note.text, signature->substr(4));
        if (!good)
            return false;
    }
    return good;
}

} // namespace verify
