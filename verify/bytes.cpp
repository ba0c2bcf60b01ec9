#include "verify/bytes.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>
#include <memory>

namespace verify {
namespace {

const unsigned char* raw(std::string_view data)
{
    return reinterpret_cast<const unsigned char*>(data.data());
}

int digitOf(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

constexpr std::string_view base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

Bytes sha256(std::string_view data)
{
    unsigned char out[32];
    static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static EVP_MD_CTX* const context = EVP_MD_CTX_new();
    if (EVP_DigestInit_ex2(context, method, nullptr) != 1 || EVP_DigestUpdate(context, data.data(), data.size()) != 1 ||
        EVP_DigestFinal_ex(context, out, nullptr) != 1)
        std::abort(); // a verifier without a hash must not answer
    return Bytes(reinterpret_cast<char*>(out), sizeof out);
}

Bytes hmacSha256(std::string_view key, std::string_view data)
{
    unsigned char out[32];
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(data), data.size(), out, &size))
        std::abort();
    return Bytes(reinterpret_cast<char*>(out), size);
}

bool goodSignature(std::string_view publicKey, std::string_view message, std::string_view signature)
{
    if (publicKey.size() != 32 || signature.size() != 64)
        return false;
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(publicKey), 32), EVP_PKEY_free);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), raw(signature), 64, raw(message), message.size()) == 1;
}

Bytes leafHash(std::string_view data)
{
    return sha256(Bytes(1, '\0').append(data));
}

Bytes nodeHash(std::string_view left, std::string_view right)
{
    return sha256(Bytes(1, '\1').append(left).append(right));
}

Bytes bigEndian(uint64_t value, int bytes)
{
    Bytes out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift);
    return out;
}

size_t utf8Size(std::string_view text)
{
    const auto first = static_cast<uint8_t>(text[0]);
    if (first < 0x80)
        return 1;
    const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < size)
        return 0;
    for (const char follower : text.substr(1, size - 1)) {
        if ((static_cast<uint8_t>(follower) & 0xc0) != 0x80)
            return 0;
    }
    const auto second = static_cast<uint8_t>(text[1]);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool surrogate = first == 0xed && second >= 0xa0;
    const bool tooLarge = first == 0xf4 && second >= 0x90;
    return overlong || surrogate || tooLarge ? 0 : size;
}

std::string hex(std::string_view bytes)
{
    std::string out;
    for (const char byte : bytes) {
        out += "0123456789abcdef"[static_cast<uint8_t>(byte) >> 4];
        out += "0123456789abcdef"[static_cast<uint8_t>(byte) & 15];
    }
    return out;
}

std::optional<Bytes> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    Bytes out;
    for (size_t i = 0; i < text.size(); i += 2) {
        const int high = digitOf(text[i]);
        const int low = digitOf(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

std::optional<Bytes> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    Bytes out;
    unsigned bits = 0;
    int count = 0;
    for (const char character : text) {
        const size_t value = base64Letters.find(character);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = bits << 6 | static_cast<unsigned>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xff);
        }
    }
    const bool leftoverIsZero = (bits & ((1U << count) - 1)) == 0;
    if (!leftoverIsZero || (padding > 0 && count != static_cast<int>(2 * padding)))
        return std::nullopt;
    return out;
}

std::optional<uint64_t> fromDecimal(std::string_view text)
{
    if (text.empty() || text.size() > 20 || (text.size() > 1 && text[0] == '0'))
        return std::nullopt;
    uint64_t value = 0;
    for (const char character : text) {
        if (character < '0' || character > '9')
            return std::nullopt;
        const auto digit = static_cast<uint64_t>(character - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

} // namespace verify
