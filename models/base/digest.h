// 32-byte digests and the few hash calls that every layer needs.
#pragma once

#include <QByteArray>
#include <QHashFunctions>

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>

namespace holdfast {

struct Digest
{
    std::array<uint8_t, 32> bytes{};

    [[nodiscard]] static std::optional<Digest> fromBytes(QByteArrayView view)
    {
        if (view.size() != 32)
            return std::nullopt;
        Digest digest;
        std::memcpy(digest.bytes.data(), view.data(), 32);
        return digest;
    }
    [[nodiscard]] QByteArray toBytes() const { return {reinterpret_cast<const char*>(bytes.data()), 32}; }
    [[nodiscard]] QByteArray toHex() const { return toBytes().toHex(); }
    friend auto operator<=>(const Digest&, const Digest&) = default;
    friend size_t qHash(const Digest& digest, size_t seed = 0) { return qHashBits(digest.bytes.data(), 32, seed); }
};

[[nodiscard]] Digest sha256(std::initializer_list<QByteArrayView> parts);
[[nodiscard]] Digest hmacSha256(QByteArrayView key, std::initializer_list<QByteArrayView> parts);
[[nodiscard]] bool equalConstantTime(QByteArrayView left, QByteArrayView right); // false at once if sizes differ
[[nodiscard]] QByteArray bigEndian32(quint32 value);
[[nodiscard]] QByteArray bigEndian64(quint64 value);

} // namespace holdfast
