// The two buttons at the typing field: send, and the camera inside it.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>

namespace holdfast::phone {

// A disc in the accent with an arrow.
class SendButton : public QAbstractButton
{
    Q_OBJECT
public:
    SendButton(const ui::Theme& theme, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const ui::Theme& theme_;
};

class CameraButton : public QAbstractButton
{
    Q_OBJECT
public:
    CameraButton(const ui::Theme& theme, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const ui::Theme& theme_;
};

} // namespace holdfast::phone
