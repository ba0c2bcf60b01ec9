#include "models/domain/file_type.h"

#include <algorithm>
#include <array>

namespace holdfast::domain {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qsizetype textSample = 4096; // bytes looked at: text holds no NUL

bool startsWith(QByteArrayView bytes, QByteArrayView magic, qsizetype at = 0)
{
    return bytes.size() >= at + magic.size() && bytes.sliced(at, magic.size()) == magic;
}

bool isPdf(QByteArrayView bytes)
{
    return startsWith(bytes, "%PDF-");
}
bool isJpeg(QByteArrayView bytes)
{
    return startsWith(bytes, "\xff\xd8\xff");
}
bool isPng(QByteArrayView bytes)
{
    return startsWith(bytes, "\x89PNG\r\n\x1a\n");
}
bool isWebp(QByteArrayView bytes)
{
    return startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8);
}
bool isGif(QByteArrayView bytes)
{
    return startsWith(bytes, "GIF87a") || startsWith(bytes, "GIF89a");
}
bool isZip(QByteArrayView bytes)
{
    return startsWith(bytes, "PK\x03\x04");
}
bool isOldOffice(QByteArrayView bytes)
{
    return startsWith(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
}
bool isOgg(QByteArrayView bytes)
{
    return startsWith(bytes, "OggS");
}
bool isMp4(QByteArrayView bytes)
{
    return startsWith(bytes, "ftyp", 4);
}
bool isText(QByteArrayView bytes)
{
    return !bytes.first(std::min(bytes.size(), textSample)).contains('\0');
}
bool isProgram(QByteArrayView bytes)
{
    return startsWith(bytes, "MZ") ||
           startsWith(bytes, "\x7f"
                             "ELF") ||
           startsWith(bytes, "#!") || startsWith(bytes, "\xcf\xfa\xed\xfe") || startsWith(bytes, "\xca\xfe\xba\xbe");
}

struct KnownType
{
    QStringView mime;
    bool (*fits)(QByteArrayView);
    std::array<QStringView, 2> endings; // the first one is given to a name without
};

constexpr std::array known{
    KnownType{u"application/pdf", isPdf, {u"pdf"}},
    KnownType{u"image/jpeg", isJpeg, {u"jpg", u"jpeg"}},
    KnownType{u"image/png", isPng, {u"png"}},
    KnownType{u"image/webp", isWebp, {u"webp"}},
    KnownType{u"image/gif", isGif, {u"gif"}},
    KnownType{u"audio/ogg", isOgg, {u"ogg", u"opus"}},
    KnownType{u"audio/mp4", isMp4, {u"m4a"}},
    KnownType{u"video/mp4", isMp4, {u"mp4"}},
    KnownType{u"text/plain", isText, {u"txt", u"log"}},
    KnownType{u"text/csv", isText, {u"csv"}},
    KnownType{u"application/msword", isOldOffice, {u"doc"}},
    KnownType{u"application/vnd.ms-excel", isOldOffice, {u"xls"}},
    KnownType{u"application/vnd.ms-powerpoint", isOldOffice, {u"ppt"}},
    KnownType{u"application/vnd.openxmlformats-officedocument.wordprocessingml.document", isZip, {u"docx"}},
    KnownType{u"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", isZip, {u"xlsx"}},
    KnownType{u"application/vnd.openxmlformats-officedocument.presentationml.presentation", isZip, {u"pptx"}},
};

const KnownType* knownType(QStringView mime)
{
    const qsizetype parameters = mime.indexOf(u';');
    const QString bare = (parameters < 0 ? mime : mime.first(parameters)).trimmed().toString().toLower();
    const auto found = std::find_if(known.begin(), known.end(), [&](const KnownType& t) { return t.mime == bare; });
    return found == known.end() ? nullptr : found;
}

} // namespace

TypeCheck checkType(QStringView claimedMime, QByteArrayView bytes)
{
    if (isProgram(bytes))
        return TypeCheck::differs;
    const KnownType* type = knownType(claimedMime);
    if (!type)
        return TypeCheck::untold;
    return type->fits(bytes) ? TypeCheck::fits : TypeCheck::differs;
}

QString pictureTypeOf(QByteArrayView bytes)
{
    for (const KnownType& type : known) {
        if (type.mime.startsWith(u"image/") && type.fits(bytes))
            return type.mime.toString();
    }
    return {};
}

QStringList endingsOf(QStringView mime)
{
    QStringList endings;
    if (const KnownType* type = knownType(mime)) {
        for (const QStringView ending : type->endings) {
            if (!ending.isEmpty())
                endings.append(ending.toString());
        }
    }
    return endings;
}

bool isKnownEnding(QStringView ending)
{
    return !ending.isEmpty() && std::any_of(known.begin(), known.end(), [ending](const KnownType& type) {
        return std::find(type.endings.begin(), type.endings.end(), ending) != type.endings.end();
    });
}

} // namespace holdfast::domain
