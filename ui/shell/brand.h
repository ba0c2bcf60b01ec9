// Our mark: an H whose feet are two flukes of an anchor.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

class QPainter;

namespace holdfast::ui {

void paintBrand(QPainter& painter, const QRectF& box, const Theme& theme);

class BrandMark : public QWidget
{
public:
    BrandMark(const Theme& theme, int size, QWidget* parent);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
};

} // namespace holdfast::ui
