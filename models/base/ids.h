// Strong types for the 16-byte surrogates and the positions of the log.
#pragma once

#include <QByteArray>
#include <QHashFunctions>
#include <QMetaType>

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>

namespace holdfast {

// A 16-byte id. The zero id means "none" (in headers: central itself).
template <typename Tag>
class Id
{
public:
    static constexpr qsizetype size = 16;

    constexpr Id() = default;

    // Exactly 16 bytes, else nothing.
    [[nodiscard]] static std::optional<Id> fromBytes(QByteArrayView bytes)
    {
        if (bytes.size() != size)
            return std::nullopt;
        Id id;
        std::memcpy(id.bytes_.data(), bytes.data(), size);
        return id;
    }

    // Exactly 32 hex digits, else nothing.
    [[nodiscard]] static std::optional<Id> fromHex(QByteArrayView hex)
    {
        if (hex.size() != 2 * size)
            return std::nullopt;
        for (const char digit : hex) {
            const bool known =
                (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f') || (digit >= 'A' && digit <= 'F');
            if (!known)
                return std::nullopt;
        }
        return fromBytes(QByteArray::fromHex(hex.toByteArray()));
    }
    [[nodiscard]] static std::optional<Id> fromHex(QStringView hex) { return fromHex(QByteArrayView(hex.toLatin1())); }

    [[nodiscard]] QByteArray toBytes() const { return {reinterpret_cast<const char*>(bytes_.data()), size}; }
    [[nodiscard]] QByteArray toHex() const { return toBytes().toHex(); }
    [[nodiscard]] QString toHexString() const { return QString::fromLatin1(toHex()); }
    [[nodiscard]] bool isNull() const { return *this == Id(); }
    [[nodiscard]] const std::array<uint8_t, 16>& bytes() const { return bytes_; }

    friend auto operator<=>(const Id&, const Id&) = default;
    friend size_t qHash(const Id& id, size_t seed = 0) { return qHashBits(id.bytes_.data(), size, seed); }

private:
    std::array<uint8_t, 16> bytes_{};
};

using OrgId = Id<struct OrgTag>;
using EntryId = Id<struct EntryTag>; // UUIDv7, made by the author's device
using ThreadId = Id<struct ThreadTag>;
using ScopeId = Id<struct ScopeTag>;
using UserId = Id<struct UserTag>;     // a member of staff; zero is central
using DeviceId = Id<struct DeviceTag>; // first 16 bytes of SHA-256(device public key)
using BlobId = Id<struct BlobTag>;

// A person (customer) and a policy are each one thread, and share its bytes.
using PersonId = ThreadId;
using PolicyId = ThreadId;

// A number that cannot be mixed up with another kind of number.
template <typename Tag, typename Value = quint64>
struct Strong
{
    Value value{};
    friend auto operator<=>(const Strong&, const Strong&) = default;
    friend size_t qHash(const Strong& number, size_t seed = 0) { return ::qHash(number.value, seed); }
};

using Position = Strong<struct PositionTag>;   // dense from 0 over the log; the leaf index
using ThreadSeq = Strong<struct ThreadSeqTag>; // dense from 1 per thread
using DeviceSeq = Strong<struct DeviceSeqTag>; // dense from 1 per device
using Epoch = Strong<struct EpochTag>;
using Timestamp = Strong<struct TimestampTag, qint64>; // microseconds since 1970, UTC

} // namespace holdfast

template <typename Tag>
struct std::hash<holdfast::Id<Tag>>
{
    size_t operator()(const holdfast::Id<Tag>& id) const noexcept { return qHash(id); }
};
