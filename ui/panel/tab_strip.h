// Tabs of the panel: 48 high, 2 px underline. Left and Right move.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QList>

namespace holdfast::ui {

class TabButton : public QAbstractButton
{
    Q_OBJECT
public:
    TabButton(const Theme& theme, const QString& text, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
};

class TabStrip : public QWidget
{
    Q_OBJECT
public:
    TabStrip(const Theme& theme, const QStringList& names, QWidget* parent);

    [[nodiscard]] int current() const { return current_; }
    void setCurrent(int index);
    void focusCurrent();

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    QList<TabButton*> tabs_;
    int current_ = 0;
};

} // namespace holdfast::ui
