// One line under a field: an icon and words in a state's colour; said aloud when it changes.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

namespace holdfast::ui {

class TextLabel;

class HintLine : public QWidget
{
    Q_OBJECT
public:
    HintLine(const Theme& theme, QWidget* parent);

    void say(Icon icon, Colour colour, const QString& words); // empty words hide it
    [[nodiscard]] QString words() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    TextLabel* label_ = nullptr;
    Icon icon_ = Icon::alert;
    Colour colour_ = Colour::bad;
};

} // namespace holdfast::ui
