// Fusion with our edges: scroll bars, focus rings, menus and tooltips painted from the theme.
#pragma once

#include "ui/theme/theme.h"

#include <QProxyStyle>

class QApplication;

namespace holdfast::ui {

class Style : public QProxyStyle
{
    Q_OBJECT
public:
    explicit Style(const Theme& theme);

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* result) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                         const QWidget* widget) const override;

private:
    const Theme& theme_;
};

// Gives the application this theme's style, palette and font, and does so again whenever the theme changes.
void applyTheme(QApplication& application, Theme& theme);

// 2 px focus ring inside `box`; in the theme's ring colour.
void paintFocusRing(QPainter& painter, const QRectF& box, qreal radius, const Theme& theme);

} // namespace holdfast::ui
