// "2 new messages" over the lower edge of a conversation that is scrolled away from its end.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>

namespace holdfast::ui {

class NewBelowPill : public QAbstractButton
{
    Q_OBJECT
public:
    NewBelowPill(const Theme& theme, QWidget* parent);

    void setCount(int count); // 0: only the way back to the newest message
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    int count_ = -1;
};

} // namespace holdfast::ui
