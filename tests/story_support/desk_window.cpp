#include "tests/story_support/desk_window.h"

#include "models/views/thread_window.h"
#include "ui/composer/composer.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/conversation_view.h"
#include "ui/lock/cards.h"
#include "ui/lock/lock_screen.h"
#include "ui/lock/secret_field.h"
#include "ui/shell/desk_frame.h"
#include "ui/shell/navigation.h"
#include "ui/shell/result_model.h"
#include "ui/shell/search_palette.h"
#include "ui/theme/style.h"
#include "ui/threads/thread_list_model.h"
#include "ui/threads/thread_list_view.h"
#include "ui/threads/thread_pane.h"
#include "ui/widgets/controls.h"

#include <QApplication>
#include <QListWidget>
#include <QTest>

namespace holdfast::story {
namespace {

// A key derivation as short as the format allows to write; opening takes what was written.
constexpr local::PassphraseCost quickCost{64 * 1024, 3, 1};

void type(QWidget& field, const QString& text)
{
    field.setFocus();
    // As a paste would: QTest's key clicks know the keyboard's letters only.
    for (const QChar character : text)
        QTest::sendKeyEvent(QTest::Click, &field, Qt::Key_unknown, QString(character), Qt::NoModifier);
}

} // namespace

bool waitUntil(const std::function<bool()>& condition, int seconds)
{
    return QTest::qWaitFor(condition, seconds * 1000);
}

DeskWindow::DeskWindow(QString dataDir, ui::Scheme scheme, std::unique_ptr<Clock> clock)
    : dataDir_(std::move(dataDir)), clock_(std::move(clock))
{
    settings_ = std::make_unique<QSettings>(dataDir_ + QStringLiteral("/look.ini"), QSettings::IniFormat);
    theme_ = std::make_unique<ui::Theme>(scheme, 100);
    ui::applyTheme(*qApp, *theme_);
    sync::SessionOptions options;
    options.dataDir = dataDir_;
    options.cost = quickCost;
    session_ = std::make_unique<sync::DeskSession>(options, *clock_, random_);
    window_ = std::make_unique<ui::MainWindow>(*theme_, *session_, *clock_, *settings_);
    window_->resize(1440, 900);
    window_->show();
    window_->activateWindow(); // without a window manager nobody else gives it the keyboard
    const bool active = QTest::qWaitForWindowActive(window_.get());
    Q_UNUSED(active) // what follows waits for what it needs
}

DeskWindow::~DeskWindow()
{
    window_.reset();
    session_.reset();
}

bool DeskWindow::enrol(const QUrl& server, const QString& login, const QString& password, const QString& passphrase)
{
    if (!window_->lockScreen() || !window_->lockScreen()->firstRunCard())
        return false;
    ui::FirstRunCard& card = *window_->lockScreen()->firstRunCard();
    card.server().setText(server.toString());
    card.next();
    if (!waitUntil([&card] { return card.login().isVisible(); }))
        return false;
    card.login().setText(login);
    type(card.password(), password);
    type(card.passphrase(), passphrase);
    type(card.again(), passphrase);
    card.next();
    return waitUntil([this] { return window_->deskFrame() != nullptr; }, 60);
}

bool DeskWindow::unlock(const QString& passphrase)
{
    if (!window_->lockScreen() || !window_->lockScreen()->unlockCard())
        return false;
    ui::UnlockCard& card = *window_->lockScreen()->unlockCard();
    type(card.passphrase(), passphrase);
    QTest::keyClick(&card.passphrase(), Qt::Key_Return);
    // While the key is derived the field is disabled; it comes back with words when the passphrase was wrong.
    const auto answered = [this] {
        const ui::LockScreen* lock = window_->lockScreen();
        return window_->deskFrame() || (lock && lock->unlockCard()->passphrase().isEnabled());
    };
    return waitUntil(answered, 60) && window_->deskFrame();
}

QString DeskWindow::lockWords() const
{
    const ui::LockScreen* lock = window_->lockScreen();
    if (!lock)
        return {};
    return lock->unlockCard() ? lock->unlockCard()->words() : lock->firstRunCard()->words();
}

void DeskWindow::openView(views::View view)
{
    frame()->openView(view);
}

bool DeskWindow::openThreadOf(const QString& title, const QString& snippet)
{
    frame()->openView(views::View::all);
    ui::ThreadPane& pane = frame()->threads();
    QModelIndex found;
    const auto find = [&] {
        for (int row = 0; row < pane.model().rowCount(); ++row) {
            const QModelIndex index = pane.model().index(row);
            const views::ThreadRow* thread = pane.model().row(index);
            if (thread->title == title && thread->snippet.startsWith(snippet)) {
                found = index;
                return true;
            }
        }
        return false;
    };
    if (!waitUntil([&] { return pane.view() == views::View::all && find(); }))
        return false;
    const ThreadId id = pane.model().row(found)->id;
    pane.list().setCurrentIndex(found);
    QTest::keyClick(&pane.list(), Qt::Key_Return);
    return waitUntil(
        [this, id] { return frame()->conversation().thread() == id && frame()->conversation().rows().isLoaded(); });
}

bool DeskWindow::openRoom(const QString& name)
{
    std::optional<ThreadId> id;
    const auto find = [&] {
        for (const views::RoomRow& room : frame()->navigation().facts().rooms) {
            if (room.name == name)
                id = room.id;
        }
        return id.has_value();
    };
    if (!waitUntil(find))
        return false;
    frame()->openConversation(*id);
    return waitUntil(
        [this, id] { return frame()->conversation().thread() == *id && frame()->conversation().rows().isLoaded(); });
}

bool DeskWindow::typeAndSend(const QString& text)
{
    QWidget* field = QApplication::focusWidget();
    if (!field)
        return false;
    type(*field, text);
    QTest::keyClick(field, Qt::Key_Return, Qt::ControlModifier);
    return waitUntil([this, text] { return message(text).has_value(); });
}

// The composer takes a mode once the conversation's header is there.
bool DeskWindow::enterMode(const std::function<void()>& key, const std::function<bool()>& entered)
{
    return waitUntil([&] {
        key();
        return entered() && frame()->conversation().composer().hasTextFocus();
    });
}

bool DeskWindow::reply(const QString& text)
{
    return enterMode([this] { frame()->conversation().focusReply(); },
                     [this] { return frame()->conversation().composer().mode() == ui::Composer::Mode::reply; }) &&
           typeAndSend(text);
}

bool DeskWindow::note(const QString& text)
{
    return enterMode([this] { frame()->conversation().focusNote(); },
                     [this] { return frame()->conversation().composer().mode() == ui::Composer::Mode::note; }) &&
           typeAndSend(text);
}

bool DeskWindow::say(const QString& text)
{
    return enterMode([this] { frame()->conversation().focusReply(); },
                     [this] { return frame()->conversation().composer().mode() == ui::Composer::Mode::room; }) &&
           typeAndSend(text);
}

bool DeskWindow::assignTo(const QString& name)
{
    frame()->conversation().showAssign();
    ui::TextField* field = nullptr;
    if (!waitUntil([&] { return (field = qobject_cast<ui::TextField*>(QApplication::focusWidget())); }, 10))
        return false;
    type(*field, name);
    auto* colleagues = field->parentWidget()->findChild<QListWidget*>();
    const auto offered = [&] {
        return colleagues && colleagues->currentItem() && colleagues->currentItem()->text().contains(name);
    };
    if (!waitUntil(offered, 10))
        return false;
    QTest::keyClick(field, Qt::Key_Return);
    const ThreadId id = frame()->conversation().thread();
    return waitUntil([&] {
        const auto header = desk()->reader.thread(id);
        return waitUntil([&header] { return header.isFinished(); }) && header.result() &&
               header.result()->row.assignee && header.result()->row.assignee->name.contains(name);
    });
}

bool DeskWindow::finds(const QString& text, const QString& part)
{
    frame()->showPalette();
    type(frame()->palette().input(), text);
    ui::ResultModel& results = frame()->palette().results();
    const auto hits = [&results] {
        QStringList out;
        for (int row = 0; row < results.rowCount(); ++row) {
            const ui::ResultRow* result = results.row(results.index(row, 0));
            if (result && result->what == ui::ResultRow::What::hit)
                out.append(result->hit.title + QStringLiteral(": ") + result->hit.excerpt);
        }
        return out;
    };
    // Results come while typing: those of the last letters are awaited.
    return waitUntil([&] { return hits().join(u'\n').contains(part, Qt::CaseInsensitive); }, 10);
}

void DeskWindow::closePalette()
{
    QTest::keyClick(&frame()->palette().input(), Qt::Key_Escape);
}

std::optional<views::Message> DeskWindow::message(const QString& text) const
{
    if (!window_->deskFrame())
        return std::nullopt;
    const views::ThreadWindow& rows = window_->deskFrame()->conversation().rows();
    for (int row = rows.count() - 1; row >= 0; --row) {
        if (rows.at(row).text == text)
            return rows.at(row);
    }
    return std::nullopt;
}

bool DeskWindow::hasPhoto() const
{
    const views::ThreadWindow& rows = window_->deskFrame()->conversation().rows();
    for (int row = 0; row < rows.count(); ++row) {
        for (const views::AttachmentView& attachment : rows.at(row).attachments) {
            if (attachment.state == views::AttachmentView::State::good &&
                attachment.attachment.mime.startsWith(QStringLiteral("image/")))
                return true;
        }
    }
    return false;
}

views::SyncState DeskWindow::syncState()
{
    return session_->desk() ? session_->desk()->news.syncState() : views::SyncState();
}

} // namespace holdfast::story
