// One line above the composer that says what failed, what is kept and what to do; stays until closed or replaced.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

namespace holdfast::ui {

class IconButton;

class Notice : public QWidget
{
    Q_OBJECT
public:
    Notice(const Theme& theme, QWidget* parent);
    void tell(const QString& words); // empty: nothing to say
    [[nodiscard]] const QString& words() const { return words_; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    const Theme& theme_;
    IconButton* close_ = nullptr;
    QString words_;
};

} // namespace holdfast::ui
