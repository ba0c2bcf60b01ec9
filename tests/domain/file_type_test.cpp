#include "models/domain/file_name.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::domain;
using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray png(const QByteArray& width, const QByteArray& height)
{
    return QByteArray("\x89PNG\r\n\x1a\n", 8) + QByteArray("\0\0\0\x0dIHDR", 8) + width + height + "\x08\x02";
}

QByteArray jpegSegment(char marker, const QByteArray& body)
{
    const auto size = static_cast<quint16>(body.size() + 2);
    QByteArray segment("\xff");
    segment += marker;
    segment += static_cast<char>(size >> 8);
    segment += static_cast<char>(size & 0xff);
    return segment + body;
}

QByteArray exif(char orientation)
{
    QByteArray tiff("II*\0\x08\0\0\0", 8);
    tiff += QByteArray("\x01\0\x12\x01\x03\0\x01\0\0\0", 10) + orientation + QByteArray("\0\0\0\0\0\0\0", 7);
    return QByteArray("Exif\0\0", 6) + tiff;
}

// 640 wide, 480 high as stored.
QByteArray jpeg(const QByteArray& before = {})
{
    const QByteArray frame("\x08\x01\xe0\x02\x80\x03\x01\x22\0", 9);
    return QByteArray("\xff\xd8", 2) + before + jpegSegment('\xc0', frame) + QByteArray("\xff\xd9", 2);
}

} // namespace

TEST_CASE("Bytes are held to the type that is claimed for them", "[file]")
{
    struct Row
    {
        QString mime;
        QByteArray bytes;
        TypeCheck due;
    };
    const QList<Row> rows{
        {u"application/pdf"_s, "%PDF-1.7\n", TypeCheck::fits},
        {u"Application/PDF; name=x"_s, "%PDF-1.4", TypeCheck::fits},
        {u"application/pdf"_s, "<html>", TypeCheck::differs},
        {u"application/pdf"_s, "MZ\x90", TypeCheck::differs},
        {u"application/pdf"_s, "", TypeCheck::differs},
        {u"image/jpeg"_s, jpeg(), TypeCheck::fits},
        {u"image/png"_s, jpeg(), TypeCheck::differs},
        {u"image/webp"_s, QByteArray("RIFF\x10\0\0\0WEBPVP8 ", 16), TypeCheck::fits},
        {u"image/webp"_s, QByteArray("RIFF\x10\0\0\0WAVE", 12), TypeCheck::differs},
        {u"text/plain"_s, "Good day\n", TypeCheck::fits},
        {u"text/plain"_s, QByteArray("a\0b", 3), TypeCheck::differs},
        {u"text/plain"_s, "#!/bin/sh\n", TypeCheck::differs},
        {u"application/octet-stream"_s, "anything", TypeCheck::untold},
        {u"application/octet-stream"_s,
         QByteArray("\x7f"
                    "ELF\x02"),
         TypeCheck::differs},
        {u""_s, "anything", TypeCheck::untold},
    };
    for (const Row& row : rows) {
        CAPTURE(row.mime, row.bytes.toHex());
        CHECK(checkType(row.mime, row.bytes) == row.due);
    }
}

TEST_CASE("A picture's size is read from its header, turned as its camera says", "[file]")
{
    const QByteArray zeros("\0\0", 2);
    CHECK(pictureSize(png(zeros + QByteArray("\x03\xc0", 2), zeros + QByteArray("\x02\xd0", 2))) == QSize(960, 720));
    CHECK(pictureSize(QByteArray("GIF89a\x40\x01\xf0\0", 10)) == QSize(320, 240));
    CHECK(pictureSize(jpeg()) == QSize(640, 480));
    CHECK(pictureSize(jpeg(jpegSegment('\xe0', "JFIF"))) == QSize(640, 480));
    CHECK(pictureSize(jpeg(jpegSegment('\xe1', exif(1)))) == QSize(640, 480));
    CHECK(pictureSize(jpeg(jpegSegment('\xe1', exif(6)))) == QSize(480, 640));
    CHECK(pictureSize(jpeg(jpegSegment('\xe1', exif(8)))) == QSize(480, 640));
    const QByteArray riff("RIFF\0\0\0\0WEBP", 12);
    CHECK(pictureSize(riff + QByteArray("VP8X\x0a\0\0\0\0\0\0\0\x3f\x01\0\xef\0\0", 18)) == QSize(320, 240));
    CHECK(pictureSize(riff + QByteArray("VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\0", 18)) == QSize(320, 240));
    const quint32 bits = (320 - 1) | (240 - 1) << 14;
    QByteArray lossless = riff + QByteArray("VP8L\0\0\0\0\x2f", 9);
    for (int shift = 0; shift < 32; shift += 8)
        lossless += static_cast<char>(bits >> shift & 0xff);
    CHECK(pictureSize(lossless + QByteArray(8, '\0')) == QSize(320, 240));

    CHECK_FALSE(pictureSize("%PDF-1.7"));
    CHECK_FALSE(pictureSize(png(zeros + zeros, zeros + QByteArray("\x02\xd0", 2))));
    CHECK_FALSE(pictureSize(png(QByteArray("\x7f\xff\xff\xff", 4), zeros + QByteArray("\x02\xd0", 2))));
}

TEST_CASE("Every cut and every changed byte of a picture is read within its bytes", "[file]")
{
    for (const QByteArray& whole :
         {jpeg(jpegSegment('\xe1', exif(6))), png(QByteArray("\0\0\x03\xc0", 4), QByteArray("\0\0\x02\xd0", 4))}) {
        int known = 0;
        for (qsizetype size = 0; size <= whole.size(); ++size)
            known += pictureSize(whole.first(size)).has_value() ? 1 : 0; // a read past the end aborts: QByteArrayView
        CHECK(known > 0);
        CHECK(known < whole.size());
        for (qsizetype at = 0; at < whole.size(); ++at) {
            for (const char value : {'\0', '\x7f', '\xff'}) {
                QByteArray changed = whole;
                changed[at] = value;
                const auto size = pictureSize(changed);
                CHECK((!size || (size->width() > 0 && size->height() > 0)));
            }
        }
    }
}

TEST_CASE("A sender's name becomes one harmless file name", "[file]")
{
    const QString pdf = u"application/pdf"_s;
    const auto named = [&](const QString& name) { return safeFileName(name, pdf, TypeCheck::fits); };
    CHECK(named(u"SAPS accident report.pdf"_s) == u"SAPS accident report.pdf"_s);
    CHECK(named(u"../../etc/passwd"_s) == u"_.._etc_passwd.pdf"_s);
    CHECK(named(u"C:\\Windows\\run.pdf"_s) == u"C__Windows_run.pdf"_s);
    CHECK(named(u"invoice\u202Efdp.exe"_s) == u"invoicefdp.exe.pdf"_s);
    CHECK(named(u"a\u200Bb\r\nc.PDF"_s) == u"ab c.pdf"_s);
    CHECK(named(u".bashrc"_s) == u"bashrc.pdf"_s);
    CHECK(named(u"report.pdf. . ."_s) == u"report.pdf"_s);
    CHECK(named(u"con.pdf"_s) == u"_con.pdf"_s);
    CHECK(named(u"LPT1"_s) == u"_LPT1.pdf"_s);
    CHECK(named(u""_s) == u"document.pdf"_s);
    CHECK(named(u"\u202E"_s) == u"document.pdf"_s);
    CHECK(named(u"تقرير الحادث.pdf"_s) == u"تقرير الحادث.pdf"_s);
    CHECK(named(QString(500, u'x') + u".pdf"_s).size() <= 120);
    CHECK(named(QString(99, u'x') + u"😀😀.pdf"_s).isValidUtf16());
    CHECK(safeFileName(u"report.pdf"_s, pdf, TypeCheck::differs) == u"report.pdf.bin"_s);
    CHECK(safeFileName(u"setup.exe"_s, u"application/octet-stream"_s, TypeCheck::untold) == u"setup.exe.bin"_s);
    CHECK(safeFileName(u"notes.txt"_s, u"application/octet-stream"_s, TypeCheck::untold) == u"notes.txt"_s);
    CHECK(safeFileName(u"scan.jpeg"_s, u"image/jpeg"_s, TypeCheck::fits) == u"scan.jpeg"_s);
}
