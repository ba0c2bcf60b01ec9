#include "ui/theme/theme.h"

#include "ui/theme/tabular_digits.h"

#include <QFile>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QGuiApplication>

#include <algorithm>
#include <cmath>

// The resources live in a static library: somebody has to pull them in. Outside of every namespace, as Qt asks.
static void takeResources()
{
#ifdef HOLDFAST_EMBEDDED_FONTS
    Q_INIT_RESOURCE(holdfast_fonts);
#endif
}

namespace holdfast::ui {
namespace {

struct RoleSpec
{
    int size;
    int line;
    QFont::Weight weight;
};

constexpr std::array<RoleSpec, static_cast<size_t>(Role::count)> roleSpecs{{
    {13, 18, QFont::Normal},   // base
    {13, 18, QFont::Medium},   // name
    {13, 18, QFont::DemiBold}, // strong
    {13, 19, QFont::Normal},   // message
    {12, 16, QFont::Normal},   // secondary
    {12, 16, QFont::DemiBold}, // secondaryStrong
    {11, 16, QFont::Medium},   // small
    {11, 16, QFont::Normal},   // smallPlain
    {15, 20, QFont::DemiBold}, // title
    {18, 24, QFont::DemiBold}, // lockTitle
    {22, 28, QFont::DemiBold}, // figure
}};

// Fill and text, light and dark; near-grey so that they identify without shouting.
constexpr std::array<std::array<QRgb, 4>, 7> avatarTints{{
    {0xDDE3E6, 0x39464D, 0x2C363B, 0xB9C8CF},
    {0xE3E2DA, 0x4A483A, 0x35342B, 0xCFCBB4},
    {0xE6DFE2, 0x523F48, 0x3A3035, 0xD6BFC9},
    {0xDBE5DF, 0x36493F, 0x2A362F, 0xB3CCBE},
    {0xE1DFE8, 0x444058, 0x322F3D, 0xC4BFDB},
    {0xE8E0DA, 0x544335, 0x3B322B, 0xD9C4B2},
    {0xDAE4E8, 0x32484F, 0x28363B, 0xAFCBD4},
}};

QString loadFamily()
{
    takeResources();
    QString family;
    for (const char* weight : {"Regular", "Medium", "SemiBold"}) {
        QFile file(QStringLiteral(":/holdfast/fonts/Inter-%1.otf").arg(QLatin1StringView(weight)));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const int id = QFontDatabase::addApplicationFontFromData(withTabularDigits(file.readAll()));
        const QStringList families = QFontDatabase::applicationFontFamilies(id);
        if (family.isEmpty() && !families.isEmpty())
            family = families.first();
    }
    return family.isEmpty() ? QFontDatabase::systemFont(QFontDatabase::GeneralFont).family() : family;
}

// The same for every process, unlike qHash: a person keeps the tint.
quint32 stableHash(const QString& text)
{
    quint32 hash = 2166136261U; // FNV-1a, 32 bit
    for (const char byte : text.toUtf8())
        hash = (hash ^ static_cast<quint8>(byte)) * 16777619U;
    return hash;
}

} // namespace

QString uiFontFamily()
{
    static const QString family = loadFamily();
    return family;
}

Theme::Theme(Scheme scheme, int textPercent, QObject* parent)
    : QObject(parent), system_(QGuiApplication::palette()), scheme_(scheme),
      textPercent_(std::clamp(textPercent, 90, 150))
{
    rebuild();
}

void Theme::setScheme(Scheme scheme)
{
    if (scheme == scheme_)
        return;
    scheme_ = scheme;
    rebuild();
    Q_EMIT changed();
}

void Theme::setTextPercent(int percent)
{
    const int wanted = std::clamp(percent, 90, 150);
    if (wanted == textPercent_)
        return;
    textPercent_ = wanted;
    rebuild();
    Q_EMIT changed();
}

void Theme::rebuild()
{
    switch (scheme_) {
    case Scheme::light:
        colours_ = lightColours();
        break;
    case Scheme::dark:
        colours_ = darkColours();
        break;
    case Scheme::highContrast:
        colours_ = highContrastColours(system_);
        break;
    }
    for (size_t i = 0; i < roleSpecs.size(); ++i) {
        const RoleSpec& spec = roleSpecs[i];
        QFont font(uiFontFamily());
        font.setPixelSize(static_cast<int>(std::lround(spec.size * textPercent_ / 100.0)));
        font.setWeight(spec.weight);
        font.setHintingPreference(qGuiApp->devicePixelRatio() > 1 ? QFont::PreferNoHinting
                                                                  : QFont::PreferVerticalHinting);
        fonts_[i] = font;
        const int wanted = static_cast<int>(std::ceil(spec.line * textPercent_ / 100.0));
        lines_[i] = std::max(wanted, QFontMetrics(font).height());
    }
}

int Theme::grown(int px) const
{
    return std::max(px, static_cast<int>(std::ceil(px * textPercent_ / 100.0)));
}

AvatarColours Theme::avatar(const QString& name) const
{
    if (isHighContrast())
        return {colour(Colour::surface), colour(Colour::text)};
    const auto& tint = avatarTints[stableHash(name) % avatarTints.size()];
    return isDark() ? AvatarColours{QColor::fromRgb(tint[2]), QColor::fromRgb(tint[3])}
                    : AvatarColours{QColor::fromRgb(tint[0]), QColor::fromRgb(tint[1])};
}

QPalette Theme::palette() const
{
    QPalette palette;
    palette.setColor(QPalette::Window, colour(Colour::nav));
    palette.setColor(QPalette::WindowText, colour(Colour::text));
    palette.setColor(QPalette::Base, colour(Colour::surface));
    palette.setColor(QPalette::AlternateBase, colour(Colour::sunken));
    palette.setColor(QPalette::Text, colour(Colour::text));
    palette.setColor(QPalette::PlaceholderText, colour(Colour::text3));
    palette.setColor(QPalette::Button, colour(Colour::surface));
    palette.setColor(QPalette::ButtonText, colour(Colour::text));
    palette.setColor(QPalette::Highlight, colour(Colour::accent));
    palette.setColor(QPalette::HighlightedText, colour(Colour::onAccent));
    palette.setColor(QPalette::Link, colour(Colour::accentText));
    palette.setColor(QPalette::LinkVisited, colour(Colour::accentText));
    palette.setColor(QPalette::ToolTipBase, colour(Colour::raised));
    palette.setColor(QPalette::ToolTipText, colour(Colour::text));
    palette.setColor(QPalette::Light, colour(Colour::surface));
    palette.setColor(QPalette::Midlight, colour(Colour::hover));
    palette.setColor(QPalette::Mid, colour(Colour::line2));
    palette.setColor(QPalette::Dark, colour(Colour::line2));
    palette.setColor(QPalette::Shadow, colour(Colour::line));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, colour(Colour::disabled));
    return palette;
}

} // namespace holdfast::ui
