#include "tests/ui_conversation/pane_fixture.h"
#include "ui/conversation/message_words.h"
#include "ui/conversation/pictures.h"
#include "ui/conversation/text_block.h"

#include <QBuffer>
#include <QElapsedTimer>

#include <random>

using namespace holdfast;
using namespace holdfast::test;

namespace {

QStringList hostileTexts()
{
    QString marks = QStringLiteral("Z");
    for (int i = 0; i < 4096; ++i)
        marks.append(QChar(0x0300 + i % 0x6f));
    const QString family = QStringLiteral("\U0001F468\u200D\U0001F469\u200D\U0001F467");
    return {QStringLiteral("<b>bold</b><img src=\"file:///etc/passwd\"><script>alert(1)</script>&amp;"),
            QStringLiteral("pay \u202E00.001 R\u202C now \u2066\u2067isolates"),
            marks,
            QString(1024 * 1024, u'w'),
            QStringLiteral("line\n").repeated(200'000),
            family.repeated(2000),
            QString(500, QChar(0xD800)),
            QStringLiteral("a\tb\0c\x07").repeated(50),
            QStringLiteral("שלום עולם, מה שלומך").repeated(30),
            QString(QChar::ParagraphSeparator).repeated(3000),
            QStringLiteral("\u200B").repeated(5000),
            QString()};
}

QByteArray png(int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(Qt::blue);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

// A PNG that says it is huge: only its header is read before it is refused.
QByteArray liar(quint32 width, quint32 height)
{
    QByteArray bytes = png(4, 4);
    for (int i = 0; i < 4; ++i) {
        bytes[16 + i] = static_cast<char>(width >> (24 - 8 * i));
        bytes[20 + i] = static_cast<char>(height >> (24 - 8 * i));
    }
    return bytes;
}

} // namespace

TEST_CASE("Hostile texts lay out in bounded area and stay plain")
{
    for (const QString& text : hostileTexts()) {
        CAPTURE(text.left(40), text.size());
        const ui::ShownText shown = ui::shownText(text);
        CHECK(shown.text.size() <= 16 * 1024 + 1);
        CHECK(shown.text.count(QChar::LineSeparator) <= 400);
        CHECK_FALSE(shown.text.contains(QChar(0x202E)));
        CHECK_FALSE(shown.text.contains(QChar(0x0007)));
        if (text.startsWith(u'<'))
            CHECK(shown.text == text);
        ui::TextBlock block;
        block.set(shown.text, QApplication::font(), 19);
        block.layout(300);
        CHECK(block.width() <= 301);
        CHECK(block.height() <= 19 * 2000);
    }
    CHECK(ui::shownText(hostileTexts().at(2)).text.size() <= 9); // one letter and eight marks
    CHECK(ui::shownText(QString(20'000, u'x')).hidden == 20'000 - 16 * 1024);
}

TEST_CASE("A thread of hostile texts paints, copies in full, and its marks stay inside their message")
{
    PaneFixture f;
    SampleThread& thread = *f.fake.data().find(f.id);
    for (const QString& text : hostileTexts()) {
        for (const auto kind : {views::MessageKind::customer, views::MessageKind::note, views::MessageKind::unknown,
                                views::MessageKind::process}) {
            views::Message message;
            message.id = sampleId<EntryId>(700'000 + static_cast<int>(thread.messages.size()));
            message.key.threadSeq = static_cast<quint64>(thread.messages.size()) + 1;
            message.kind = kind;
            message.authorName = text.left(2000);
            message.at = sampleNow();
            message.text = text;
            message.type = text.left(100);
            message.quote = views::Quote{thread.messages.first().id, text.left(5000), text.left(5000), std::nullopt};
            views::AttachmentView file;
            file.attachment.name = text.left(3000);
            file.attachment.mime = text.left(300);
            file.state = views::AttachmentView::State::mismatch;
            file.detail = text.left(3000);
            message.attachments.append(file);
            thread.messages.append(message);
        }
    }
    f.pane->close();
    f.pane->open(f.id);
    REQUIRE(soon([&] { return f.rows().isLoaded() && f.rows().count() >= 48; }));
    for (int row = 0; row < f.rows().count(); ++row) {
        CHECK(f.view().item(row)->geometry().height < 60'000);
        CHECK(f.view().item(row)->geometry().body.width() <= f.view().viewport()->width());
    }
    QScrollBar* bar = f.view().verticalScrollBar();
    for (int step = 0; step <= 20; ++step) {
        bar->setValue(bar->maximum() * step / 20);
        (void)f.view().viewport()->grab();
    }
    const EntryId longest = sampleId<EntryId>(700'000 + static_cast<int>(thread.messages.size()) - 1 - 4 * 8 - 3);
    const int row = f.rows().rowOf(longest);
    REQUIRE(row >= 0);
    f.view().setFocusedMessage(longest);
    CHECK(f.view().selectedText() == f.rows().at(row).text);
}

TEST_CASE("An attachment that differs from what was announced is never shown as good")
{
    PaneFixture f;
    SampleThread& thread = *f.fake.data().find(f.id);
    views::Message message = thread.messages.last();
    message.id = sampleId<EntryId>(710'000);
    message.key.threadSeq = static_cast<quint64>(thread.messages.size()) + 1;
    message.kind = views::MessageKind::customer;
    message.notSent.reset();
    message.text.clear();
    views::AttachmentView photo;
    photo.attachment.id = f.fake.data().blobs.keys().first();
    photo.attachment.mime = QStringLiteral("image/png");
    photo.state = views::AttachmentView::State::mismatch;
    message.attachments = {photo};
    thread.messages.append(message);
    Q_EMIT f.fake.news().threadChanged(f.id);
    REQUIRE(soon([&] { return f.rows().rowOf(message.id) >= 0; }));
    const ui::MessageItem& item = *f.view().item(f.rows().rowOf(message.id));
    CHECK(item.pictures().empty());
    CHECK(item.files().size() == 1);
    CHECK(ui::attachmentWords(photo).contains(QStringLiteral("Kept aside")));
    CHECK(ui::spokenMessage(message, false).contains(QStringLiteral("Kept aside")));
}

TEST_CASE("Hostile picture bytes are refused in words and a good one is shown")
{
    const QByteArray good = png(640, 480);
    const auto decoded = ui::decodePicture(good, QSize(320, 320));
    REQUIRE(decoded.has_value());
    CHECK(decoded->size() == QSize(320, 240));
    CHECK_FALSE(ui::decodePicture(QByteArray(), {}).has_value());
    CHECK_FALSE(ui::decodePicture("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", {}).has_value());
    CHECK_FALSE(ui::decodePicture("BM" + QByteArray(100, '\0'), {}).has_value());
    const auto huge = ui::decodePicture(liar(60'000, 60'000), QSize(320, 320));
    REQUIRE_FALSE(huge.has_value());
    CHECK_FALSE(ui::decodePicture(liar(16'000, 16'000), QSize(320, 320)).has_value());

    std::mt19937 random(7);
    int refused = 0;
    for (int i = 0; i < 400; ++i) {
        QByteArray bytes = good;
        for (int flips = 0; flips < 1 + i % 8; ++flips)
            bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] ^=
                static_cast<char>(1 << (random() % 8));
        if (i % 3 == 0)
            bytes.truncate(static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size())));
        const auto result = ui::decodePicture(bytes, QSize(320, 320));
        refused += result ? 0 : 1;
        if (result)
            CHECK(std::max(result->width(), result->height()) <= 320);
    }
    CHECK(refused > 100);
}
