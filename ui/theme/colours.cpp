// The colour tables of the schemes. Order is that of `Colour`.
#include "ui/theme/theme.h"

#include <QGuiApplication>

#include <cmath>

namespace holdfast::ui {
namespace {

QColor rgb(QRgb value)
{
    return QColor::fromRgb(value);
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

// WCAG 2.1, "relative luminance" and "contrast ratio".
double contrast(const QColor& left, const QColor& right)
{
    const double a = luminance(left);
    const double b = luminance(right);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

ColourTable lightColours()
{
    return {rgb(0xF0F3F3), rgb(0xFFFFFF), rgb(0xF6F8F8), rgb(0xEBEFEF), rgb(0xFFFFFF),
            rgb(0xE6EBEB), rgb(0xDAE1E1), rgb(0xDDE3E3), rgb(0xC3CBCC), rgb(0x7B8789),
            rgb(0x14191A), rgb(0x444E50), rgb(0x566164), rgb(0x6A7577), rgb(0x0B6668),
            rgb(0x095557), rgb(0xFFFFFF), rgb(0x0A5F61), rgb(0xDCEDEB), rgb(0xD3E7E5),
            rgb(0xFFFFFF), rgb(0xD3E9E6), rgb(0xFFF1C9), rgb(0xA97B0C), rgb(0x5A4100),
            rgb(0x1A6E3E), rgb(0xDCF0E3), rgb(0x855000), rgb(0xB36B00), rgb(0xFDEBC8),
            rgb(0xB02417), rgb(0xC8321F), rgb(0xFCE4E0), rgb(0xFFE39A), QColor(0x14, 0x19, 0x1A, 97),
            rgb(0x0B6668)};
}

ColourTable darkColours()
{
    return {rgb(0x131617), rgb(0x191D1E), rgb(0x151919), rgb(0x101314), rgb(0x212627),        rgb(0x22282A),
            rgb(0x2B3234), rgb(0x2A3031), rgb(0x3D4647), rgb(0x748082), rgb(0xE6EAEA),        rgb(0xB3BCBD),
            rgb(0x9CA6A8), rgb(0x8B9597), rgb(0x15797B), rgb(0x177E80), rgb(0xFFFFFF),        rgb(0x66C8C2),
            rgb(0x163435), rgb(0x173B3D), rgb(0x202627), rgb(0x143F40), rgb(0x362B0F),        rgb(0xB08A30),
            rgb(0xF0D58A), rgb(0x63C58D), rgb(0x15301F), rgb(0xE9B44C), rgb(0xE0A030),        rgb(0x37290D),
            rgb(0xF58F84), rgb(0xE8675A), rgb(0x3D1C19), rgb(0x5A4610), QColor(0, 0, 0, 140), rgb(0x66C8C2)};
}

// Only what the person's system says: tints are dropped, outlines take the text colour.
ColourTable highContrastColours(const QPalette& system)
{
    const QColor window = system.color(QPalette::Window);
    const QColor base = system.color(QPalette::Base);
    const QColor text = system.color(QPalette::WindowText);
    const QColor highlight = system.color(QPalette::Highlight);
    const QColor onHighlight = system.color(QPalette::HighlightedText);
    ColourTable table;
    table.fill(base);
    const auto set = [&table](std::initializer_list<Colour> tokens, const QColor& colour) {
        for (const Colour token : tokens)
            table[static_cast<size_t>(token)] = colour;
    };
    set({Colour::nav, Colour::chat}, window);
    set({Colour::line, Colour::line2, Colour::field, Colour::text, Colour::text2, Colour::text3, Colour::disabled,
         Colour::noteLine, Colour::noteText, Colour::ok, Colour::warn, Colour::warnMark, Colour::bad, Colour::badMark,
         Colour::accentText, Colour::ring},
        text);
    constexpr double visible = 3;
    const QColor dim = system.color(QPalette::Disabled, QPalette::WindowText);
    if (contrast(dim, base) >= visible)
        set({Colour::disabled}, dim);
    const bool shows = contrast(highlight, base) >= visible;
    set({Colour::accent, Colour::accentHover}, shows ? highlight : text);
    // Rows and hits are written in the text colour; where that cannot be read on the highlight, their outline and bar
    // alone mark them.
    constexpr double readable = 7; // who asks for high contrast is not served by the least that others can read
    if (contrast(text, highlight) >= readable)
        set({Colour::hit, Colour::selected}, highlight);
    set({Colour::onAccent}, shows ? onHighlight : base);
    table[static_cast<size_t>(Colour::scrim)] = QColor(0, 0, 0, 160);
    return table;
}

} // namespace holdfast::ui
