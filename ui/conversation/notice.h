// One line above the composer that says what failed, what is kept and what to do, until closed or replaced; or for a
// moment what was done where nothing else on screen shows it.
#pragma once

#include "ui/theme/theme.h"

#include <QTimer>
#include <QWidget>

namespace holdfast::ui {

class IconButton;

class Notice : public QWidget
{
    Q_OBJECT
public:
    Notice(const Theme& theme, QWidget* parent);
    void tell(const QString& words); // empty: nothing to say
    // What was done; goes by itself after a while.
    void confirm(const QString& words);
    [[nodiscard]] const QString& words() const { return words_; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    const Theme& theme_;
    void show(const QString& words, bool isFailure);

    IconButton* close_ = nullptr;
    QTimer away_;
    bool isFailure_ = true;
    QString words_;
};

} // namespace holdfast::ui
