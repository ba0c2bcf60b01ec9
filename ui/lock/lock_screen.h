// What stands before the desk: first run, sign-in and unlock, in one centred column. Nothing about customers.
#pragma once

#include "models/views/session.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QScrollArea;

namespace holdfast::ui {

class FirstRunCard;
class TextLabel;
class UnlockCard;

class LockScreen : public QWidget
{
    Q_OBJECT
public:
    LockScreen(const Theme& theme, views::Session& session, QWidget* parent);

    [[nodiscard]] UnlockCard* unlockCard() const { return unlock_; }    // of a known desk
    [[nodiscard]] FirstRunCard* firstRunCard() const { return first_; } // else

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    const Theme& theme_;
    views::Session& session_;
    QScrollArea* area_ = nullptr; // where the window is lower than the column
    QWidget* holder_ = nullptr;
    QWidget* column_ = nullptr;
    UnlockCard* unlock_ = nullptr;
    FirstRunCard* first_ = nullptr;
};

} // namespace holdfast::ui
