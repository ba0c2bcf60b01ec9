#include "models/log/entry.h"

#include "models/log/cbor.h"

#include <limits>

namespace holdfast::log {
namespace {

constexpr quint64 formatVersion = 1;
constexpr quint64 fieldCount = 9; // of the author part and of the header
constexpr qsizetype signatureBytes = 64;

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::invalidInput,
                QStringLiteral("An entry of the log is not in the form that Holdfast writes. It was not accepted."));
}

// Reads fields one after the other and remembers whether any was wrong, so that a decoder reads like the format.
class Fields
{
public:
    explicit Fields(QByteArrayView bytes) : reader_(bytes)
    {
        good_ = reader_.array(fieldCount) && reader_.uint() == formatVersion;
    }

    template <typename Fixed>
    void read(Fixed& out)
    {
        const auto bytes = good_ ? reader_.bytes() : std::nullopt;
        const auto value = bytes ? Fixed::fromBytes(*bytes) : std::nullopt;
        good_ = value.has_value();
        if (good_)
            out = *value;
    }
    void read(QByteArray& out, qsizetype maxBytes)
    {
        const auto bytes = good_ ? reader_.bytes() : std::nullopt;
        good_ = bytes && bytes->size() <= maxBytes;
        if (good_)
            out = bytes->toByteArray();
    }
    template <typename Number>
    void readNumber(Number& out)
    {
        const auto value = good_ ? reader_.uint() : std::nullopt;
        good_ = value && *value <= static_cast<quint64>(std::numeric_limits<Number>::max());
        if (good_)
            out = static_cast<Number>(*value);
    }
    [[nodiscard]] bool complete() const { return good_ && reader_.atEnd(); }

private:
    CborReader reader_;
    bool good_ = false;
};

QByteArrayView view(const std::array<uint8_t, 16>& id)
{
    return {id.data(), qsizetype(id.size())};
}

QByteArrayView view(const Digest& digest)
{
    return {digest.bytes.data(), qsizetype(digest.bytes.size())};
}

} // namespace

QByteArray encode(const AuthorPart& part)
{
    CborWriter writer;
    writer.array(fieldCount);
    writer.uint(formatVersion);
    writer.bytes(view(part.entryId.bytes()));
    writer.bytes(view(part.thread.bytes()));
    writer.uint(part.kind);
    writer.bytes(view(part.author.bytes()));
    writer.bytes(view(part.device.bytes()));
    writer.uint(part.deviceSeq.value);
    writer.uint(static_cast<quint64>(part.claimedAt.value));
    writer.bytes(view(part.commit));
    return writer.take();
}

QByteArray encode(const Header& header)
{
    CborWriter writer;
    writer.array(fieldCount);
    writer.uint(formatVersion);
    writer.bytes(header.authorPart);
    writer.bytes(header.signature);
    writer.uint(header.epoch.value);
    writer.uint(header.pos.value);
    writer.bytes(view(header.scope.bytes()));
    writer.uint(header.threadSeq.value);
    writer.uint(static_cast<quint64>(header.centralAt.value));
    writer.bytes(view(header.prev));
    return writer.take();
}

Result<AuthorPart> decodeAuthorPart(QByteArrayView bytes)
{
    AuthorPart part;
    Fields fields(bytes);
    fields.read(part.entryId);
    fields.read(part.thread);
    fields.readNumber(part.kind);
    fields.read(part.author);
    fields.read(part.device);
    fields.readNumber(part.deviceSeq.value);
    fields.readNumber(part.claimedAt.value);
    fields.read(part.commit);
    if (!fields.complete())
        return damaged();
    return part;
}

Result<Header> decodeHeader(QByteArrayView bytes)
{
    Header header;
    Fields fields(bytes);
    fields.read(header.authorPart, maxAuthorPartBytes);
    fields.read(header.signature, signatureBytes);
    fields.readNumber(header.epoch.value);
    fields.readNumber(header.pos.value);
    fields.read(header.scope);
    fields.readNumber(header.threadSeq.value);
    fields.readNumber(header.centralAt.value);
    fields.read(header.prev);
    const bool signatureFits = header.signature.isEmpty() || header.signature.size() == signatureBytes;
    if (!fields.complete() || !signatureFits)
        return damaged();
    return header;
}

Digest leafHash(QByteArrayView headerBytes)
{
    return sha256({QByteArrayView("\0", 1), headerBytes});
}

Digest commitment(QByteArrayView salt, KindNumber kind, QByteArrayView content)
{
    static constexpr char label[] = "holdfast/content/v1"; // its closing NUL is part of the message
    return hmacSha256(salt, {QByteArrayView(label, sizeof label), bigEndian32(kind), content});
}

} // namespace holdfast::log
