#include "tests/ui_conversation/pane_fixture.h"
#include "ui/composer/attachments.h"
#include "ui/composer/mention_list.h"
#include "ui/composer/note_page.h"
#include "ui/composer/reply_page.h"
#include "ui/composer/room_page.h"
#include "ui/widgets/controls.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <catch2/generators/catch_generators.hpp>

#include <type_traits>

using namespace holdfast;
using namespace holdfast::test;
using ui::Composer;

namespace {

template <typename Page>
Page& page(PaneFixture& f)
{
    auto* found = f.pane->composer().findChild<Page*>();
    REQUIRE(found);
    return *found;
}

// Every plain and modified key that could mean "send", and a click on every button in sight.
void tryEverything(PaneFixture& f, QWidget& field)
{
    using namespace Qt;
    const QList<KeyboardModifiers> modifiers = {NoModifier,
                                                ShiftModifier,
                                                ControlModifier,
                                                AltModifier,
                                                ControlModifier | ShiftModifier,
                                                ControlModifier | AltModifier,
                                                MetaModifier};
    for (int key = Key_Space; key <= Key_QuoteLeft; ++key) {
        for (const KeyboardModifiers modifier : {KeyboardModifiers(NoModifier), KeyboardModifiers(ControlModifier)})
            QTest::keyClick(&field, static_cast<Key>(key), modifier);
    }
    for (const Key key : {Key_Return, Key_Enter, Key_F1, Key_F5, Key_F12, Key_Insert}) {
        for (const KeyboardModifiers modifier : modifiers) {
            QTest::keyClicks(&field, QStringLiteral("text "));
            QTest::keyClick(&field, key, modifier);
            QTest::qWait(1);
        }
    }
    for (QAbstractButton* button : f.pane->composer().findChildren<QAbstractButton*>()) {
        QTest::keyClicks(&field, QStringLiteral("more "));
        if (button->isVisible())
            QTest::mouseClick(button, LeftButton);
        QTest::qWait(1);
    }
}

} // namespace

static_assert(!std::is_constructible_v<ui::NotePage, const ui::Theme&, ui::ReplyWriter&, QWidget*>);
static_assert(!std::is_constructible_v<ui::NotePage, const ui::Theme&, views::DeskActs&, QWidget*>);
static_assert(!std::is_base_of_v<ui::ReplyWriter, ui::NoteWriter>);

TEST_CASE("Nothing in note mode reaches the customer; the control in reply mode does")
{
    PaneFixture f;
    f.pane->focusNote();
    REQUIRE(f.pane->composer().mode() == Composer::Mode::note);
    tryEverything(f, page<ui::NotePage>(f).field());
    CHECK(f.count(QStringLiteral("reply")) == 0);
    CHECK(f.count(QStringLiteral("note")) > 0);

    const auto notes = f.count(QStringLiteral("note"));
    f.pane->focusReply();
    REQUIRE(f.pane->composer().mode() == Composer::Mode::reply);
    ui::GrowingEdit& field = page<ui::ReplyPage>(f).field();
    field.setPlainText(QStringLiteral("For the customer"));
    QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
    CHECK(soon([&] { return f.count(QStringLiteral("reply")) == 1; }));
    CHECK(f.count(QStringLiteral("note")) == notes);
}

TEST_CASE("The sources of note mode know no way to reply; the control does")
{
    const auto knowsDesk = [](const QString& file) {
        QFile source(QStringLiteral(HOLDFAST_SOURCE_DIR "/ui/composer/") + file);
        REQUIRE(source.open(QIODevice::ReadOnly));
        const QByteArray text = source.readAll();
        return text.contains("DeskActs") || text.contains("views/desk.h") || text.contains("ReplyWriter& ") ||
               text.contains("writeReply(");
    };
    for (const char* file : {"note_page.h", "note_page.cpp", "editor_page.h", "editor_page.cpp"})
        CHECK_FALSE(knowsDesk(QString::fromLatin1(file)));
    CHECK(knowsDesk(QStringLiteral("reply_page.cpp")));
}

TEST_CASE("A reply shows at once as waiting and empties the field")
{
    PaneFixture f;
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    ui::GrowingEdit& field = page<ui::ReplyPage>(f).field();
    const int before = f.rows().count();
    field.setPlainText(QStringLiteral("On our way"));
    QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
    REQUIRE(soon([&] { return f.rows().count() == before + 1; }));
    CHECK(f.rows().at(before).text == QStringLiteral("On our way"));
    CHECK(f.view().item(before)->shownStatus() == domain::DeliveryStatus::waiting);
    CHECK(f.view().isAtNewest());
    CHECK(field.toPlainText().isEmpty());
}

TEST_CASE("Whoever has the newest message on screen has seen an assignment after it, but no message that is not there")
{
    const bool assigned = GENERATE(true, false);
    PaneFixture f;
    f.fill(6);
    SampleThread& thread = *f.fake.data().find(f.id);
    thread.header.newest = ThreadSeq{7};
    thread.header.row.at = thread.messages.last().at;
    if (!assigned)
        thread.header.row.at.value += 1; // a message that the rows do not have yet
    f.pane->close();
    f.pane->open(f.id);
    REQUIRE(soon([&] { return f.view().seen() == ThreadSeq{6}; }));
    ui::GrowingEdit& field = page<ui::ReplyPage>(f).field();
    field.setPlainText(QStringLiteral("On our way"));
    QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
    REQUIRE(soon([&] { return f.count(QStringLiteral("reply")) == 1; }));
    CHECK(f.fake.lastSeen == ThreadSeq{assigned ? 7U : 6U});
}

TEST_CASE("What could not be written stays in the field and is said")
{
    PaneFixture f;
    ui::GrowingEdit& field = page<ui::ReplyPage>(f).field();
    QSignalSpy failed(&f.pane->composer(), &Composer::failed);
    field.setPlainText(QStringLiteral("Keep me"));
    f.fake.failNext(Error{ErrorCode::full, QStringLiteral("The disk is full.")});
    QTest::keyClick(&field, Qt::Key_Return, Qt::ControlModifier);
    REQUIRE(soon([&] { return failed.count() == 1; }));
    CHECK(field.toPlainText() == QStringLiteral("Keep me"));
    CHECK(failed.first().first().toString().contains(QStringLiteral("The disk is full.")));
}

TEST_CASE("Enter makes a line until the setting says that it sends")
{
    PaneFixture f;
    ui::GrowingEdit& field = page<ui::ReplyPage>(f).field();
    field.setPlainText(QStringLiteral("one"));
    field.moveCursor(QTextCursor::End);
    QTest::keyClick(&field, Qt::Key_Return);
    QTest::keyClicks(&field, QStringLiteral("two"));
    CHECK(field.toPlainText() == QStringLiteral("one\ntwo"));
    CHECK(f.count(QStringLiteral("reply")) == 0);
    f.pane->setEnterSends(true);
    QTest::keyClick(&field, Qt::Key_Return, Qt::ShiftModifier);
    CHECK(f.count(QStringLiteral("reply")) == 0);
    QTest::keyClick(&field, Qt::Key_Return);
    CHECK(soon([&] { return f.count(QStringLiteral("reply")) == 1; }));
}

TEST_CASE("Drafts are kept per thread and mode, and restored")
{
    PaneFixture f;
    ui::GrowingEdit& reply = page<ui::ReplyPage>(f).field();
    ui::GrowingEdit& note = page<ui::NotePage>(f).field();
    reply.setPlainText(QStringLiteral("half a reply"));
    note.setPlainText(QStringLiteral("half a note"));
    f.open(QStringLiteral("Pieter van der Westhuizen"));
    CHECK(soon([&] { return !reply.toPlainText().contains(QStringLiteral("half")); }));
    CHECK(note.toPlainText().isEmpty());
    f.open(QStringLiteral("Thandiwe Mokoena"));
    CHECK(soon([&] { return reply.toPlainText() == QStringLiteral("half a reply"); }));
    CHECK(note.toPlainText() == QStringLiteral("half a note"));
}

TEST_CASE("A draft that arrives late does not overwrite what is being typed")
{
    PaneFixture f;
    ui::GrowingEdit& reply = page<ui::ReplyPage>(f).field();
    reply.setPlainText(QStringLiteral("stored"));
    f.open(QStringLiteral("Pieter van der Westhuizen"));
    f.fake.hold(true);
    f.pane->open(f.fake.data().named(QStringLiteral("Thandiwe Mokoena"))->header.row.id);
    f.fake.release(0); // the header opens the composer; its draft is still on the way
    reply.setPlainText(QStringLiteral("typed"));
    f.fake.hold(false);
    f.fake.releaseAll();
    QTest::qWait(10);
    CHECK(reply.toPlainText() == QStringLiteral("typed"));
}

TEST_CASE("A closed window forbids replies with words, and notes go on")
{
    PaneFixture f;
    SampleThread& thread = *f.fake.data().find(f.id);
    thread.header.row.windowUntil = Timestamp{sampleNow().value - 1'000'000};
    Q_EMIT f.fake.news().threadChanged(f.id);
    auto& reply = page<ui::ReplyPage>(f);
    REQUIRE(soon([&] { return !reply.blockedReason().isEmpty(); }));
    CHECK(reply.blockedReason().startsWith(QStringLiteral("WhatsApp reply closed, use a template")));
    CHECK_FALSE(reply.button().isEnabled());
    CHECK(reply.button().toolTip() == reply.blockedReason());
    reply.field().setPlainText(QStringLiteral("too late"));
    reply.submit();
    QTest::qWait(5);
    CHECK(f.count(QStringLiteral("reply")) == 0);
    auto& note = page<ui::NotePage>(f);
    f.pane->focusNote();
    note.field().setPlainText(QStringLiteral("a note"));
    note.submit();
    CHECK(soon([&] { return f.count(QStringLiteral("note")) == 1; }));
}

TEST_CASE("Offline, sending stays possible and says when it goes")
{
    PaneFixture f;
    auto& reply = page<ui::ReplyPage>(f);
    views::SyncState state;
    state.link = views::SyncState::Link::online;
    f.fake.news().setSyncState(state);
    CHECK(reply.button().text() == QStringLiteral("Send"));
    state.link = views::SyncState::Link::offline;
    f.fake.news().setSyncState(state);
    CHECK(reply.button().text() == QStringLiteral("Send when online"));
    reply.field().setPlainText(QStringLiteral("later"));
    CHECK(reply.button().isEnabled());
}

TEST_CASE("The length limit counts characters and shows near the end")
{
    PaneFixture f;
    auto& reply = page<ui::ReplyPage>(f);
    reply.field().setPlainText(QString(4096, u'x'));
    CHECK(reply.button().isEnabled());
    reply.field().setPlainText(QString(4097, u'x'));
    CHECK_FALSE(reply.button().isEnabled());
    CHECK(reply.button().toolTip() == QStringLiteral("The text is too long"));
    reply.field().setPlainText(QStringLiteral("\U0001F697").repeated(4096)); // one character, two code units
    CHECK(reply.button().isEnabled());
}

TEST_CASE("Letters open the modes only while no text field has the focus")
{
    PaneFixture f;
    f.pane->activateWindow();
    f.pane->focusMessages();
    QTest::keyClick(&f.view(), Qt::Key_N);
    CHECK(f.pane->composer().mode() == Composer::Mode::note);
    REQUIRE(f.pane->composer().hasTextFocus());
    QTest::keyClick(&page<ui::NotePage>(f).field(), Qt::Key_R);
    CHECK(f.pane->composer().mode() == Composer::Mode::note);
    QTest::keyClick(&page<ui::NotePage>(f).field(), Qt::Key_Escape);
    CHECK(f.view().hasFocus());
    f.pane->setLetterKeys(false);
    QTest::keyClick(&f.view(), Qt::Key_R);
    CHECK(f.pane->composer().mode() == Composer::Mode::note);
    f.pane->setLetterKeys(true);
    QTest::keyClick(&f.view(), Qt::Key_R);
    CHECK(f.pane->composer().mode() == Composer::Mode::reply);
}

TEST_CASE("An @ and a part of a name offers colleagues, by keys alone")
{
    PaneFixture f;
    f.pane->focusNote();
    auto& note = page<ui::NotePage>(f);
    auto* list = f.pane->findChild<ui::MentionList*>();
    REQUIRE(list);
    const auto type = [&](const QString& words) { QTest::keyClicks(&note.field(), words); };
    type(QStringLiteral("Please look, @"));
    REQUIRE(list->isVisible());
    CHECK(f.pane->rect().contains(list->geometry()));
    CHECK(note.field().hasFocus());
    type(QStringLiteral("na"));
    REQUIRE(list->count() == 2); // Priya Naidoo, Nadia Isaacs: any word of a name begins so
    CHECK(list->item(0)->data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("Priya Naidoo")));
    QTest::keyClick(&note.field(), Qt::Key_Down);
    QTest::keyClick(&note.field(), Qt::Key_Return);
    CHECK(list->isHidden());
    CHECK(note.field().toPlainText() == QStringLiteral("Please look, @Nadia Isaacs "));
    type(QStringLiteral("and @pri"));
    REQUIRE(list->isVisible());
    QTest::keyClick(&note.field(), Qt::Key_Escape);
    CHECK(list->isHidden());
    CHECK(note.field().hasFocus()); // Esc closed the list, not the field
    type(QStringLiteral("ya"));
    CHECK(list->isHidden());
    type(QStringLiteral(" @ann"));
    CHECK(list->isHidden()); // nobody is called so
    note.field().setPlainText(QStringLiteral("mail to lerato@mail.example"));
    CHECK(list->isHidden());
    note.field().clear();
    type(QStringLiteral("@ler"));
    QTest::keyClick(&note.field(), Qt::Key_Tab);
    CHECK(note.field().toPlainText() == QStringLiteral("@Lerato Khumalo "));
    QTest::keyClick(&note.field(), Qt::Key_Return, Qt::ControlModifier);
    CHECK(f.count(QStringLiteral("note")) == 1);
}

TEST_CASE("A reply has no mentions")
{
    PaneFixture f;
    f.pane->focusReply();
    QTest::keyClicks(&page<ui::ReplyPage>(f).field(), QStringLiteral("@"));
    auto* list = f.pane->findChild<ui::MentionList*>();
    CHECK(list->isHidden());
}

TEST_CASE("A room writes to the room and to nobody else")
{
    PaneFixture f(QStringLiteral("claims-motor"));
    REQUIRE(f.pane->composer().mode() == Composer::Mode::room);
    f.pane->focusNote();
    CHECK(f.pane->composer().mode() == Composer::Mode::room);
    tryEverything(f, page<ui::RoomPage>(f).field());
    CHECK(f.count(QStringLiteral("reply")) == 0);
    CHECK(f.count(QStringLiteral("note")) == 0);
    CHECK(f.count(QStringLiteral("room")) > 0);
}

TEST_CASE("Files are checked against WhatsApp's limits in words")
{
    QByteArray png("\x89PNG\r\n\x1a\n", 8);
    CHECK(ui::checkedFile(QStringLiteral("a.png"), png + QByteArray(100, 'x')).refused.isEmpty());
    const auto large = ui::checkedFile(QStringLiteral("a.png"), png + QByteArray(5 * 1024 * 1024, 'x'));
    CHECK(large.refused.contains(QStringLiteral("5 MB")));
    CHECK(large.bytes.isEmpty());
    CHECK(ui::checkedFile(QStringLiteral("a.pdf"), "%PDF-1.4\n" + QByteArray(6 * 1024 * 1024, 'x')).refused.isEmpty());
    CHECK_FALSE(ui::checkedFile(QStringLiteral("run.sh"), "#!/bin/sh\n").refused.isEmpty());
    CHECK_FALSE(ui::checkedFile(QStringLiteral("a.gif"), "GIF89a....").refused.isEmpty());
    CHECK_FALSE(ui::checkedFile(QStringLiteral("empty.pdf"), QByteArray()).refused.isEmpty());
    CHECK(ui::sizeLimitOf(QStringLiteral("image/jpeg")) == 5 * 1024 * 1024);
    CHECK(ui::sizeLimitOf(QStringLiteral("application/pdf")) == 100 * 1024 * 1024);
}

TEST_CASE("A chosen file goes with the reply, and never with another thread's")
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("photo.png"));
    QImage image(20, 10, QImage::Format_RGB32);
    image.fill(Qt::red);
    REQUIRE(image.save(path));
    PaneFixture f;
    const ThreadId first = f.id;
    auto& reply = page<ui::ReplyPage>(f);
    reply.addFiles({path});
    REQUIRE(soon([&] { return reply.files().size() == 1; }));
    CHECK(reply.button().isEnabled()); // a photo needs no words
    f.open(QStringLiteral("Pieter van der Westhuizen"));
    CHECK(soon([&] { return reply.files().isEmpty(); }));
    QSignalSpy failed(&f.pane->composer(), &Composer::failed);
    reply.addFiles({folder.filePath(QStringLiteral("missing.png"))});
    CHECK(soon([&] { return failed.count() == 1; }));

    // It waits in its own thread, until it is sent.
    f.pane->open(first);
    REQUIRE(soon([&] { return reply.files().size() == 1; }));
    f.fake.failNext(Error{ErrorCode::full, QStringLiteral("The disk is full.")});
    reply.submit();
    REQUIRE(soon([&] { return failed.count() == 2; }));
    CHECK(reply.files().size() == 1);
    reply.submit();
    CHECK(soon([&] { return reply.files().isEmpty(); }));
    f.open(QStringLiteral("Pieter van der Westhuizen"));
    f.pane->open(first);
    QTest::qWait(1);
    CHECK(reply.files().isEmpty());
}

TEST_CASE("A file that is still being read when its thread is left belongs to that thread")
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("words.txt"));
    QFile file(path);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write("words");
    file.close();
    PaneFixture f;
    const ThreadId first = f.id;
    auto& reply = page<ui::ReplyPage>(f);
    reply.addFiles({path});
    f.open(QStringLiteral("Pieter van der Westhuizen"));
    CHECK(reply.files().isEmpty());
    f.pane->open(first);
    CHECK(soon([&] { return reply.files().size() == 1; }));
}
