// A card over the window: scrim, the design's one shadow, Esc closes, focus stays inside and is given back.
#pragma once

#include "ui/theme/theme.h"

#include <QPointer>
#include <QWidget>

class QAbstractItemView;

namespace holdfast::ui {

// The field keeps the keyboard while the arrows move in the list beneath it: screen readers must hear the row.
void tellCurrentRow(QAbstractItemView& list);

// Child of the window that it covers; no loop of its own. The content lives in card().
class Overlay : public QWidget
{
    Q_OBJECT
public:
    Overlay(const Theme& theme, const QString& accessibleName, QWidget* window);

    void openOverlay(); // above everything, remembers who had the focus
    void closeOverlay();
    [[nodiscard]] QWidget& card() { return *card_; }
    // Size of the card at 100 %; narrower windows leave 16 px at each side. `top` is from the window's edge.
    void setCardGeometry(int width, int height, int top);

Q_SIGNALS:
    void closed();

protected:
    virtual QWidget* firstFocus() = 0;
    [[nodiscard]] const Theme& theme() const { return theme_; }
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void place();

    const Theme& theme_;
    QWidget* card_ = nullptr;
    QPointer<QWidget> before_; // who had the focus
    QSize wanted_{840, 560};
    int top_ = 64;
};

} // namespace holdfast::ui
