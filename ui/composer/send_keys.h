// The keys that submit, as key caps beside the button.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

namespace holdfast::ui {

class SendKeys : public QWidget
{
    Q_OBJECT
public:
    SendKeys(const Theme& theme, QWidget* parent);
    void setKeys(const QStringList& keys);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    QStringList keys_;
};

} // namespace holdfast::ui
