// The one window: the lock screen while the desk is closed, the desk while it is open.
#pragma once

#include "models/base/clock.h"
#include "models/views/session.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QSettings;
class QStackedLayout;

namespace holdfast::ui {

class DeskFrame;
class LockScreen;
class SignInStrip;

// Everything is handed in and must outlive the window. `settings` keeps sizes and the look, never data of people.
class MainWindow : public QWidget
{
    Q_OBJECT
public:
    MainWindow(Theme& theme, views::Session& session, const Clock& clock, QSettings& settings,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] LockScreen* lockScreen() const { return lock_; } // nullptr while open
    [[nodiscard]] DeskFrame* deskFrame() const { return desk_; }   // nullptr while locked

protected:
    void paintEvent(QPaintEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void showState();
    void saveLook();

    Theme& theme_;
    views::Session& session_;
    const Clock& clock_;
    QSettings& settings_;
    QStackedLayout* pages_ = nullptr;
    LockScreen* lock_ = nullptr;
    DeskFrame* desk_ = nullptr;
    SignInStrip* signIn_ = nullptr;
};

// Reads and keeps the look that the person chose: "look/scheme" and "look/text".
[[nodiscard]] Scheme savedScheme(const QSettings& settings, Scheme otherwise);
[[nodiscard]] int savedTextPercent(const QSettings& settings);

} // namespace holdfast::ui
