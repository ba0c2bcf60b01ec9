// The filters above the thread list: "All", "Unread 4". Left and Right move, Space or Enter takes.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QList>
#include <QWidget>

namespace holdfast::ui {

// One filter: a pill, filled when taken.
class FilterPill : public QAbstractButton
{
    Q_OBJECT
public:
    FilterPill(const Theme& theme, QWidget* parent);
    void setWords(const QString& words); // also its accessible name
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
};

class FilterRow : public QWidget
{
    Q_OBJECT
public:
    FilterRow(const Theme& theme, QWidget* parent);

    int addFilter(const QString& words); // answers its index
    void setWords(int index, const QString& words);
    [[nodiscard]] int current() const { return current_; }
    void setCurrent(int index);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    const Theme& theme_;
    QList<FilterPill*> pills_;
    int current_ = 0;
};

} // namespace holdfast::ui
