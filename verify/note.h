// A checkpoint: a C2SP signed note.
#pragma once

#include "verify/bytes.h"

namespace verify {

constexpr size_t maxNote = 64 * 1024; // bytes

struct Note
{
    Bytes text; // what is signed
    std::string origin;
    Bytes org;
    uint64_t epoch = 0;
    uint64_t size = 0;
    Bytes root;
    std::string signatures;
};

std::optional<Note> parseNote(std::string_view note);
bool isSignedBy(const Note& note, std::string_view publicKey); // no bad line of this key, and at least one good one

} // namespace verify
