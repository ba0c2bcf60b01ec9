// The size of a picture from its header: the bytes are hostile, so each read is bounded and nothing is decoded.
#include "models/domain/file_type.h"

namespace holdfast::domain {
namespace {

using Bytes = QByteArrayView;

uint byteAt(Bytes bytes, qsizetype at)
{
    return static_cast<uchar>(bytes[at]);
}
int big16(Bytes bytes, qsizetype at)
{
    return static_cast<int>(byteAt(bytes, at) << 8 | byteAt(bytes, at + 1));
}
int little16(Bytes bytes, qsizetype at)
{
    return static_cast<int>(byteAt(bytes, at + 1) << 8 | byteAt(bytes, at));
}
quint32 little32(Bytes bytes, qsizetype at)
{
    return static_cast<quint32>(little16(bytes, at + 2)) << 16 | static_cast<quint32>(little16(bytes, at));
}
quint32 big32(Bytes bytes, qsizetype at)
{
    return static_cast<quint32>(big16(bytes, at)) << 16 | static_cast<quint32>(big16(bytes, at + 2));
}
int little24(Bytes bytes, qsizetype at)
{
    return little16(bytes, at) | static_cast<int>(byteAt(bytes, at + 2) << 16);
}

std::optional<QSize> sane(qint64 width, qint64 height)
{
    constexpr qint64 most = 65'535;
    if (width < 1 || height < 1 || width > most || height > most)
        return std::nullopt;
    return QSize(static_cast<int>(width), static_cast<int>(height));
}

std::optional<QSize> pngSize(Bytes bytes)
{
    return bytes.size() < 24 ? std::nullopt : sane(big32(bytes, 16), big32(bytes, 20));
}

std::optional<QSize> gifSize(Bytes bytes)
{
    return bytes.size() < 10 ? std::nullopt : sane(little16(bytes, 6), little16(bytes, 8));
}

std::optional<QSize> webpSize(Bytes bytes)
{
    if (bytes.size() < 30)
        return std::nullopt;
    const Bytes chunk = bytes.sliced(12, 4);
    if (chunk == Bytes("VP8X"))
        return sane(little24(bytes, 24) + 1, little24(bytes, 27) + 1);
    if (chunk == Bytes("VP8L") && byteAt(bytes, 20) == 0x2f) {
        const quint32 bits = little32(bytes, 21);
        return sane((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
    }
    if (chunk == Bytes("VP8 ") && bytes.sliced(23, 3) == Bytes("\x9d\x01\x2a"))
        return sane(little16(bytes, 26) & 0x3fff, little16(bytes, 28) & 0x3fff);
    return std::nullopt;
}

// The orientation tag of an Exif segment: 5 to 8 lie on their side. TIFF 6.0, IFD0, tag 0x0112.
bool isTurned(Bytes exif)
{
    constexpr qsizetype entrySize = 12;
    constexpr int orientation = 0x0112;
    if (exif.size() < 14)
        return false;
    const bool little = exif.first(2) == Bytes("II");
    const auto word = [&](qsizetype at) { return little ? little16(exif, at) : big16(exif, at); };
    const qint64 directory = little ? little32(exif, 4) : big32(exif, 4);
    if (directory + 2 > exif.size())
        return false;
    const int count = word(directory);
    for (int i = 0; i < count; ++i) {
        const qint64 at = directory + 2 + i * entrySize;
        if (at + entrySize > exif.size())
            return false;
        if (word(at) == orientation)
            return word(at + 8) >= 5 && word(at + 8) <= 8;
    }
    return false;
}

bool isFrameHeader(uint marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

std::optional<QSize> jpegSize(Bytes bytes)
{
    bool turned = false;
    for (qsizetype at = 2; at + 4 <= bytes.size();) {
        if (byteAt(bytes, at) != 0xff)
            return std::nullopt;
        const uint marker = byteAt(bytes, at + 1);
        if (marker == 0xff) { // fill byte
            ++at;
            continue;
        }
        const int length = big16(bytes, at + 2);
        if (length < 2 || at + 2 + length > bytes.size())
            return std::nullopt;
        const Bytes segment = bytes.sliced(at + 4, length - 2);
        if (isFrameHeader(marker)) {
            if (segment.size() < 5)
                return std::nullopt;
            const auto size = sane(big16(segment, 3), big16(segment, 1));
            return size && turned ? size->transposed() : size;
        }
        if (marker == 0xe1 && segment.startsWith(Bytes("Exif\0\0", 6)))
            turned = isTurned(segment.sliced(6));
        at += 2 + length;
    }
    return std::nullopt;
}

} // namespace

std::optional<QSize> pictureSize(QByteArrayView bytes)
{
    const QString type = pictureTypeOf(bytes);
    if (type == u"image/png")
        return pngSize(bytes);
    if (type == u"image/jpeg")
        return jpegSize(bytes);
    if (type == u"image/webp")
        return webpSize(bytes);
    return type == u"image/gif" ? gifSize(bytes) : std::nullopt;
}

} // namespace holdfast::domain
