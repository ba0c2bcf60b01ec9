// The console's real window over its real session, in this process; driven by keys as a person would.
#pragma once

#include "models/base/clock.h"
#include "models/base/random.h"
#include "storage/sync/desk_session.h"
#include "ui/shell/main_window.h"

#include <QSettings>
#include <QUrl>

#include <functional>
#include <memory>

namespace holdfast::story {

// Waits with a running event loop; false after `seconds`.
[[nodiscard]] bool waitUntil(const std::function<bool()>& condition, int seconds = 30);

class DeskWindow
{
public:
    explicit DeskWindow(QString dataDir, ui::Scheme scheme = ui::Scheme::light,
                        std::unique_ptr<Clock> clock = std::make_unique<SystemClock>());
    ~DeskWindow();

    [[nodiscard]] bool enrol(const QUrl& server, const QString& login, const QString& password,
                             const QString& passphrase);
    [[nodiscard]] bool unlock(const QString& passphrase);
    [[nodiscard]] QString lockWords() const; // what the lock screen says

    [[nodiscard]] ui::MainWindow& window() { return *window_; }
    [[nodiscard]] views::Desk* desk() { return session_->desk(); }
    [[nodiscard]] ui::DeskFrame* frame() { return window_->deskFrame(); }

    void openView(views::View view);
    // By the list of all threads, with keys; the newest of that title whose snippet begins like `snippet`.
    [[nodiscard]] bool openThreadOf(const QString& title, const QString& snippet = {});
    [[nodiscard]] bool openRoom(const QString& name);
    [[nodiscard]] bool reply(const QString& text); // types, Ctrl+Enter; true once it is durable on the desk
    [[nodiscard]] bool note(const QString& text);
    [[nodiscard]] bool say(const QString& text); // in the open room
    [[nodiscard]] bool assignTo(const QString& name);
    // Types into the palette; true once a hit's title or excerpt has `part`.
    [[nodiscard]] bool finds(const QString& text, const QString& part);
    void closePalette();

    [[nodiscard]] std::optional<views::Message> message(const QString& text) const; // in the open conversation
    [[nodiscard]] bool hasPhoto() const; // a good one, in the open conversation
    [[nodiscard]] views::SyncState syncState();

private:
    [[nodiscard]] bool enterMode(const std::function<void()>& key, const std::function<bool()>& entered);
    [[nodiscard]] bool typeAndSend(const QString& text);

    QString dataDir_;
    std::unique_ptr<Clock> clock_;
    SystemRandom random_;
    std::unique_ptr<QSettings> settings_;
    std::unique_ptr<ui::Theme> theme_;
    std::unique_ptr<sync::DeskSession> session_;
    std::unique_ptr<ui::MainWindow> window_;
};

} // namespace holdfast::story
