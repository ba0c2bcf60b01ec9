// The look as one object: colour tokens, type roles, sizes and icons of a scheme at a text scale.
#pragma once

#include "ui/theme/icons.h"

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>

#include <array>

namespace holdfast::ui {

// The tokens of the visual design, by its names.
enum class Colour {
    nav,
    surface,
    sunken,
    chat,
    raised,
    hover,
    press,
    line,
    line2,
    field,
    text,
    text2,
    text3,
    disabled,
    accent,
    accentHover,
    onAccent,
    accentText,
    accentTint,
    selected,
    bubbleIn,
    bubbleOut,
    noteFill,
    noteLine,
    noteText,
    ok,
    okTint,
    warn,
    warnMark,
    warnTint,
    bad,
    badMark,
    badTint,
    hit,
    scrim, // over the window under a palette; has alpha
    ring,  // focus ring, selection bar, active tab: accent in light, accentText in dark
    count
};

enum class Scheme { light, dark, highContrast };

// Roles of type; sizes in px at 100 %.
enum class Role {
    base,            // 13/18 regular
    name,            // 13/18 medium
    strong,          // 13/18 semi-bold: unread
    message,         // 13/19 regular
    secondary,       // 12/16 regular
    secondaryStrong, // 12/16 semi-bold: section headings
    small,           // 11/16 medium: badge, chip, group label
    smallPlain,      // 11/16 regular: time in a bubble, plain counts
    title,           // 15/20 semi-bold: header
    lockTitle,       // 18/24 semi-bold
    figure,          // 22/28 semi-bold
    count
};

struct AvatarColours
{
    QColor fill;
    QColor text;
};

using ColourTable = std::array<QColor, static_cast<size_t>(Colour::count)>;

[[nodiscard]] ColourTable lightColours();
[[nodiscard]] ColourTable darkColours();
[[nodiscard]] ColourTable highContrastColours(const QPalette& system);

// GUI thread only; made before applyTheme(), so that high contrast finds the system's own palette. Widgets keep a const
// reference and repaint or lay out again on changed().
class Theme : public QObject
{
    Q_OBJECT
public:
    explicit Theme(Scheme scheme, int textPercent = 100, QObject* parent = nullptr);

    [[nodiscard]] Scheme scheme() const { return scheme_; }
    [[nodiscard]] bool isDark() const { return scheme_ == Scheme::dark; }
    [[nodiscard]] bool isHighContrast() const { return scheme_ == Scheme::highContrast; }
    [[nodiscard]] int textPercent() const { return textPercent_; }

    [[nodiscard]] const QColor& colour(Colour token) const { return colours_[static_cast<size_t>(token)]; }
    [[nodiscard]] AvatarColours avatar(const QString& name) const; // hash(name) mod 7
    [[nodiscard]] QPalette palette() const;                        // for what Fusion paints by itself

    [[nodiscard]] const QFont& font(Role role) const { return fonts_[static_cast<size_t>(role)]; }
    // Height of one line of this role, in px: the design's, or the font's where that is larger.
    [[nodiscard]] int lineHeight(Role role) const { return lines_[static_cast<size_t>(role)]; }
    // A design size that must grow with the text (row heights, pills): never smaller than `px`.
    [[nodiscard]] int grown(int px) const;

    [[nodiscard]] const IconSet& icons() const { return icons_; }

    void setScheme(Scheme scheme);
    void setTextPercent(int percent); // 90 to 150

Q_SIGNALS:
    void changed();

private:
    void rebuild();

    const QPalette system_; // as the person's system had it before any of our looks was applied
    Scheme scheme_;
    int textPercent_;
    ColourTable colours_;
    std::array<QFont, static_cast<size_t>(Role::count)> fonts_;
    std::array<int, static_cast<size_t>(Role::count)> lines_{};
    IconSet icons_;
};

// WCAG 2 contrast ratio of two opaque colours.
[[nodiscard]] double contrast(const QColor& left, const QColor& right);

// Loads the embedded Inter once per process; answers the family to use (the system's if none was embedded).
[[nodiscard]] QString uiFontFamily();

} // namespace holdfast::ui
