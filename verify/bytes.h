// Bytes as std::string, and the hashes, signatures and encodings that the format names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verify {

using Bytes = std::string;

Bytes sha256(std::string_view data);
Bytes hmacSha256(std::string_view key, std::string_view data);
bool goodSignature(std::string_view publicKey, std::string_view message, std::string_view signature); // Ed25519

Bytes leafHash(std::string_view data); // RFC 6962 2.1
Bytes nodeHash(std::string_view left, std::string_view right);

Bytes bigEndian(uint64_t value, int bytes);
// How many bytes the character takes that `text` begins with; 0 if it is not well-formed UTF-8 (RFC 3629).
size_t utf8Size(std::string_view text);

std::string hex(std::string_view bytes);
std::optional<Bytes> fromHex(std::string_view text);        // lower case
std::optional<Bytes> fromBase64(std::string_view text);     // padded, the one canonical spelling
std::optional<uint64_t> fromDecimal(std::string_view text); // the one canonical spelling

} // namespace verify
