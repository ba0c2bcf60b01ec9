// Files of messages: the card, its sheet, and the anchor while pictures come in.
#include "tests/ui_conversation/pane_fixture.h"
#include "ui/conversation/conversation_access.h"
#include "ui/conversation/file_sheet.h"
#include "ui/conversation/message_words.h"
#include "ui/conversation/photo_viewer.h"
#include "ui/widgets/controls.h"

#include <QBuffer>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>

using namespace holdfast;
using namespace holdfast::test;
using AttachmentState = views::AttachmentView::State;

namespace {

struct FilePane : PaneFixture
{
    FilePane()
    {
        REQUIRE(soon([&] { return rows().isLoaded(); }));
        for (int row = 0; row < rows().count(); ++row) {
            if (!view().item(row)->files().empty())
                message = rows().at(row).id;
        }
        REQUIRE_FALSE(message.isNull());
    }
    views::AttachmentView& file()
    {
        for (views::Message& each : fake.data().find(id)->messages) {
            if (each.id == message)
                return each.attachments.first();
        }
        FAIL("no such message");
        throw std::logic_error("unreachable");
    }
    void changed()
    {
        Q_EMIT fake.news().threadChanged(id);
        QTest::qWait(5);
    }
    QPoint cardCentre()
    {
        const int row = rows().rowOf(message);
        return view().item(row)->geometry().files.front().translated(0, view().itemTop(row)).center();
    }
    void openByMouse()
    {
        view().aimAt(message);
        QTest::qWait(200);
        QTest::mouseClick(view().viewport(), Qt::LeftButton, {}, cardCentre());
        REQUIRE(soon([&] { return sheet() && sheet()->isVisible(); }));
    }
    ui::FileSheet* sheet() { return pane->findChild<ui::FileSheet*>(); }
    ui::PushButton* button(const QString& text)
    {
        for (ui::PushButton* each : sheet()->findChildren<ui::PushButton*>()) {
            if (each->text() == text && each->isVisible())
                return each;
        }
        return nullptr;
    }
    QString words()
    {
        QStringList all;
        for (const QLabel* label : sheet()->findChildren<QLabel*>()) {
            if (label->isVisible())
                all.append(label->text());
        }
        return all.join(u'\n');
    }

    EntryId message;
};

const QString saveText = QStringLiteral("Save a copy...");
const QString openText = QStringLiteral("Save and open...");

} // namespace

TEST_CASE("A file card opens by mouse and by Enter, and gives the focus back")
{
    FilePane f;
    f.openByMouse();
    CHECK(f.words().contains(QStringLiteral("leaves the encrypted store")));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    CHECK_FALSE(f.sheet()->isVisible());

    f.pane->focusMessages();
    f.view().setFocusedMessage(f.message);
    QTest::keyClick(&f.view(), Qt::Key_Return);
    REQUIRE(f.sheet()->isVisible());
    CHECK(QApplication::focusWidget() == f.button(saveText));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    CHECK(QApplication::focusWidget() == &f.view());
}

TEST_CASE("Saving asks for a place, with a clean name, and says what became of it")
{
    FilePane f;
    f.file().attachment.name = QStringLiteral("..\\\u202Ereport.pdf");
    f.changed();
    f.openByMouse();
    REQUIRE(soon([&] { return f.button(saveText) != nullptr; }));
    QTest::mouseClick(f.button(saveText), Qt::LeftButton);
    auto* dialog = f.pane->findChild<QFileDialog*>();
    REQUIRE(dialog);
    CHECK(dialog->acceptMode() == QFileDialog::AcceptSave);
    auto* name = dialog->findChild<QLineEdit*>();
    REQUIRE(name);
    CHECK(name->text() == QStringLiteral("_report.pdf"));
    Q_EMIT dialog->fileSelected(QStringLiteral("/somewhere/_report.pdf"));
    CHECK(f.count(QStringLiteral("copy")) == 1);
    CHECK(f.fake.acts.last().text == QStringLiteral("/somewhere/_report.pdf"));
    CHECK(f.words().contains(QStringLiteral("Saved as _report.pdf")));
    dialog->reject();

    f.fake.failNext({ErrorCode::io, QStringLiteral("The disk is full.")});
    QTest::mouseClick(f.button(saveText), Qt::LeftButton);
    QFileDialog* again = nullptr;
    for (QFileDialog* each : f.pane->findChildren<QFileDialog*>())
        again = each->isVisible() ? each : again;
    REQUIRE(again);
    Q_EMIT again->fileSelected(QStringLiteral("/somewhere/_report.pdf"));
    CHECK(f.words().contains(QStringLiteral("Not saved. The disk is full.")));
    again->reject();
}

TEST_CASE("Only content that fits its type is offered to be opened")
{
    FilePane f;
    QSignalSpy opened(&f.view(), &ui::ConversationView::fileActivated);
    f.openByMouse();
    CHECK(opened.count() == 1);
    CHECK(f.button(openText));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);

    f.fake.data().blobs.insert(f.file().attachment.id, "MZ\x90 this is a program");
    f.openByMouse();
    CHECK_FALSE(f.button(openText));
    CHECK(f.button(saveText));
    CHECK(f.words().contains(QStringLiteral("not what it says it is")));
    QTest::mouseClick(f.button(saveText), Qt::LeftButton);
    auto* dialog = f.pane->findChild<QFileDialog*>();
    REQUIRE(dialog);
    CHECK(dialog->findChild<QLineEdit*>()->text().endsWith(QStringLiteral(".pdf.bin")));
    dialog->reject();
}

TEST_CASE("A file that is awaited, failed or kept aside says so and is not saved")
{
    FilePane f;
    const std::pair<AttachmentState, QString> states[] = {
        {AttachmentState::expected, QStringLiteral("fetching it from WhatsApp")},
        {AttachmentState::failed, QStringLiteral("could not fetch it from WhatsApp. No such file.")},
        {AttachmentState::mismatch, QStringLiteral("kept aside")}};
    for (const auto& [state, words] : states) {
        CAPTURE(words);
        f.file().state = state;
        f.file().detail = QStringLiteral("No such file.");
        f.changed();
        f.openByMouse();
        CHECK(f.words().contains(words));
        CHECK_FALSE(f.button(saveText));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    }
}

TEST_CASE("A file that is not here is fetched with its progress; a failure gives its reason and another try")
{
    FilePane f;
    f.file().isHere = false;
    f.changed();
    CHECK(ui::attachmentWords(f.file()).contains(QStringLiteral("not on this computer yet")));
    f.fake.hold(true);
    f.openByMouse();
    CHECK(f.words().contains(QStringLiteral("Fetching it from central")));
    const BlobId blob = f.file().attachment.id;
    Q_EMIT f.fake.news().attachmentMoved(blob, {300, 1000, {}});
    CHECK(ui::attachmentWords(f.file(), views::Transfer{300, 1000, {}}).contains(QStringLiteral("fetching, 30 %")));
    const QWidget* facts = f.sheet()->findChild<QWidget*>(QStringLiteral("fileFacts"));
    REQUIRE(facts);
    CHECK(facts->accessibleName().contains(QStringLiteral("fetching, 30 %")));
    f.fake.hold(false);
    f.fake.releaseAll();
    REQUIRE(soon([&] { return f.button(saveText) != nullptr; }));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);

    f.fake.failNext({ErrorCode::network, QStringLiteral("Central cannot be reached.")});
    f.file().isHere = false;
    f.view().setFocusedMessage(f.message);
    f.pane->focusMessages();
    QTest::keyClick(&f.view(), Qt::Key_Return);
    CHECK(f.words().contains(QStringLiteral("It could not be fetched. Central cannot be reached.")));
    ui::PushButton* retry = f.button(QStringLiteral("Try again"));
    REQUIRE(retry);
    CHECK(QApplication::focusWidget() == retry);
    QTest::keyClick(retry, Qt::Key_Space);
    CHECK(f.button(saveText));
}

TEST_CASE("A screen reader can open a file and let a refused message go")
{
    FilePane f;
    QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&f.view());
    REQUIRE(list);
    QAccessibleInterface* child = ui::messageAccess(f.view(), f.message);
    REQUIRE(child);
    QAccessibleActionInterface* actions = child->actionInterface();
    REQUIRE(actions);
    REQUIRE_FALSE(actions->actionNames().isEmpty());
    actions->doAction(actions->actionNames().first());
    CHECK((f.sheet() && f.sheet()->isVisible()));
}

TEST_CASE("What is read stays where it is, to the pixel, while photos arrive")
{
    PaneFixture f;
    f.fill(120);
    SampleThread& thread = *f.fake.data().find(f.id);
    // Every fifth message is an awaited photo, of which nobody knows the size.
    QImage tall(300, 900, QImage::Format_RGB32);
    tall.fill(Qt::darkCyan);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    REQUIRE(tall.save(&buffer, "PNG"));
    QList<BlobId> photos;
    for (int i = 0; i < thread.messages.size(); i += 5) {
        views::AttachmentView photo;
        photo.attachment.id = sampleId<BlobId>(7000 + i);
        photo.attachment.mime = QStringLiteral("image/png");
        thread.messages[i].attachments = {photo};
        thread.messages[i].kind = views::MessageKind::customer;
        f.fake.data().blobs.insert(photo.attachment.id, bytes);
        photos.append(photo.attachment.id);
    }
    f.pane->close();
    f.pane->open(f.id);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    QScrollBar* bar = f.view().verticalScrollBar();
    bar->setValue(bar->maximum() / 2);
    QTest::qWait(5);
    const auto places = [&] {
        QList<QRect> all;
        for (int row = 0; row < f.rows().count(); ++row) {
            const QRect body = f.view().bodyOf(f.rows().at(row).id);
            if (body.intersects(f.view().viewport()->rect()))
                all.append(body);
        }
        return all;
    };
    const QList<QRect> before = places();
    REQUIRE(before.size() > 2);
    for (views::Message& message : thread.messages) {
        if (message.attachments.isEmpty())
            continue;
        views::AttachmentView& photo = message.attachments.first();
        photo.state = AttachmentState::good;
        photo.isHere = true;
        photo.width = tall.width();
        photo.height = tall.height();
        Q_EMIT f.fake.news().attachmentChanged(photo.attachment.id);
        QTest::qWait(1);
        CHECK(places() == before);
    }
    (void)f.pane->grab();
    QTest::qWait(50);
    CHECK(places() == before);

    // Opened anew, with the size known by now, it looks as it did.
    f.pane->close();
    f.pane->open(f.id);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    int framed = 0;
    for (int row = 0; row < f.rows().count(); ++row) {
        const ui::ItemGeometry& g = f.view().item(row)->geometry();
        if (!g.photos.empty()) {
            CHECK(g.photos.front().size() == QSize(320, 240));
            ++framed;
        }
    }
    CHECK(framed > 5);
}
