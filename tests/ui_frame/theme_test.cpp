#include "tests/support/string_makers.h"
#include "tests/ui_support/sample_data.h"
#include "ui/theme/tabular_digits.h"
#include "ui/theme/theme.h"
#include "ui/theme/words.h"

#include <QFile>
#include <QFontMetricsF>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace holdfast;
using ui::Colour;

namespace {

struct Pair
{
    Colour ink;
    Colour ground;
    double least;
};

// Every ink on the grounds that it is painted on; text 4.5, shapes 3.
const std::vector<Pair> pairs{
    {Colour::text, Colour::nav, 4.5},
    {Colour::text, Colour::surface, 4.5},
    {Colour::text, Colour::chat, 4.5},
    {Colour::text, Colour::selected, 4.5},
    {Colour::text, Colour::hover, 4.5},
    {Colour::text, Colour::bubbleIn, 4.5},
    {Colour::text, Colour::bubbleOut, 4.5},
    {Colour::text, Colour::noteFill, 4.5},
    {Colour::text, Colour::hit, 4.5},
    {Colour::text, Colour::raised, 4.5},
    {Colour::text2, Colour::nav, 4.5},
    {Colour::text2, Colour::surface, 4.5},
    {Colour::text2, Colour::selected, 4.5},
    {Colour::text2, Colour::hover, 4.5},
    {Colour::text2, Colour::press, 4.5},
    {Colour::text2, Colour::bubbleOut, 4.5},
    {Colour::text3, Colour::surface, 4.5},
    {Colour::text3, Colour::nav, 4.5},
    {Colour::text3, Colour::raised, 4.5},
    {Colour::onAccent, Colour::accent, 4.5},
    {Colour::onAccent, Colour::accentHover, 4.5},
    {Colour::accentText, Colour::surface, 4.5},
    {Colour::accentText, Colour::accentTint, 4.5},
    {Colour::bad, Colour::surface, 4.5},
    {Colour::bad, Colour::selected, 4.5},
    {Colour::bad, Colour::badTint, 4.5},
    {Colour::warn, Colour::surface, 4.5},
    {Colour::warn, Colour::warnTint, 4.5},
    {Colour::warn, Colour::selected, 4.5},
    {Colour::ok, Colour::okTint, 4.5},
    {Colour::noteText, Colour::noteFill, 4.5},
    {Colour::disabled, Colour::surface, 4.5},
    {Colour::field, Colour::surface, 3.0},
    {Colour::ring, Colour::surface, 3.0},
    {Colour::ring, Colour::selected, 3.0},
    {Colour::ring, Colour::nav, 3.0},
    {Colour::noteLine, Colour::noteFill, 3.0},
    {Colour::badMark, Colour::surface, 3.0},
    {Colour::warnMark, Colour::surface, 3.0},
    {Colour::accent, Colour::surface, 3.0},
};

int failures(const ui::ColourTable& table)
{
    int count = 0;
    for (const Pair& pair : pairs) {
        const double ratio =
            ui::contrast(table[static_cast<size_t>(pair.ink)], table[static_cast<size_t>(pair.ground)]);
        if (ratio < pair.least) {
            UNSCOPED_INFO("ink " << int(pair.ink) << " on " << int(pair.ground) << ": " << ratio);
            ++count;
        }
    }
    return count;
}

} // namespace

TEST_CASE("Every ink has its contrast on every ground, light and dark")
{
    CHECK(failures(ui::lightColours()) == 0);
    CHECK(failures(ui::darkColours()) == 0);
}

TEST_CASE("In high contrast every ink can be read, whatever palette the system has")
{
    const auto palette = [](QRgb window, QRgb text, QRgb highlight, QRgb onHighlight) {
        QPalette system;
        system.setColor(QPalette::Window, window);
        system.setColor(QPalette::Base, window);
        system.setColor(QPalette::WindowText, text);
        system.setColor(QPalette::Highlight, highlight);
        system.setColor(QPalette::HighlightedText, onHighlight);
        return system;
    };
    const QPalette systems[] = {palette(0xff000000, 0xffffffff, 0xff1aebff, 0xff000000),
                                palette(0xff000000, 0xffffff00, 0xff800080, 0xffffffff),
                                palette(0xffffffff, 0xff000000, 0xff37006e, 0xffffffff),
                                palette(0xffefefef, 0xff000000, 0xff308cc6, 0xff000000)};
    for (const QPalette& system : systems) {
        const ui::ColourTable colours = ui::highContrastColours(system);
        for (const Pair& pair : pairs) {
            CAPTURE(static_cast<int>(pair.ink), static_cast<int>(pair.ground), system.color(QPalette::Highlight).rgb());
            CHECK(ui::contrast(colours[static_cast<size_t>(pair.ink)], colours[static_cast<size_t>(pair.ground)]) >=
                  pair.least);
        }
    }
}

TEST_CASE("The contrast check goes red on a grey that is too faint")
{
    ui::ColourTable table = ui::lightColours();
    table[static_cast<size_t>(Colour::text3)] = QColor(0xA0, 0xA8, 0xAA);
    CHECK(failures(table) > 0);
}

TEST_CASE("The contrast formula gives the known values")
{
    CHECK(ui::contrast(Qt::black, Qt::white) == Catch::Approx(21.0));
    CHECK(ui::contrast(QColor(0x77, 0x77, 0x77), Qt::white) == Catch::Approx(4.48).margin(0.01));
}

TEST_CASE("Digits have one width, so that numbers stand in columns")
{
    const ui::Theme theme(ui::Scheme::light);
    const QFontMetricsF metrics(theme.font(ui::Role::base));
    const qreal width = metrics.horizontalAdvance(QStringLiteral("0000"));
    for (const QChar digit : QStringLiteral("123456789"))
        CHECK(metrics.horizontalAdvance(QString(4, digit)) == Catch::Approx(width).margin(0.01));
}

TEST_CASE("Damaged fonts come through unharmed or unchanged, and never crash")
{
    QFile file(QStringLiteral(":/holdfast/fonts/Inter-Regular.otf"));
    if (ui::uiFontFamily().isEmpty() || !file.open(QIODevice::ReadOnly))
        SKIP("Inter is not embedded in this build");
    const QByteArray whole = file.readAll();
    CHECK(ui::withTabularDigits(whole) != whole);
    CHECK(ui::withTabularDigits(QByteArray()) == QByteArray());
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        QByteArray bytes = whole.left(static_cast<qsizetype>(random() % whole.size()));
        for (int i = 0; i < 20 && !bytes.isEmpty(); ++i)
            bytes[static_cast<qsizetype>(random() % std::min<size_t>(bytes.size(), 4096))] = char(random());
        CHECK(ui::withTabularDigits(bytes).size() >= bytes.size());
    }
}

TEST_CASE("Text sizes keep within 90 to 150 % and lines hold their font")
{
    for (const int percent : {50, 90, 100, 115, 130, 150, 400}) {
        const ui::Theme theme(ui::Scheme::dark, percent);
        CHECK(theme.textPercent() >= 90);
        CHECK(theme.textPercent() <= 150);
        for (int role = 0; role < int(ui::Role::count); ++role)
            CHECK(theme.lineHeight(ui::Role(role)) >= QFontMetrics(theme.font(ui::Role(role))).height());
    }
}

TEST_CASE("A change of the theme is told once, and not when nothing changes")
{
    ui::Theme theme(ui::Scheme::light);
    int told = 0;
    QObject::connect(&theme, &ui::Theme::changed, &theme, [&told] { ++told; });
    theme.setScheme(ui::Scheme::light);
    CHECK(told == 0);
    theme.setScheme(ui::Scheme::dark);
    theme.setTextPercent(130);
    CHECK(told == 2);
    CHECK(theme.colour(Colour::surface) == QColor(0x19, 0x1D, 0x1E));
}

TEST_CASE("Outside text becomes one harmless line")
{
    CHECK(ui::plainLine(QStringLiteral("a\u202Eb\u2066c\u0007d\n e\t f")) == QStringLiteral("abcd e f"));
    CHECK(ui::plainLine(QStringLiteral("<b>x</b>")) == QStringLiteral("<b>x</b>"));
    CHECK(ui::plainLine(QString(10'000, u'x')).size() == 301);
    const QString cut = ui::plainLine(QStringLiteral("ab\U0001F600"), 3);
    CHECK_FALSE(cut.at(cut.size() - 2).isHighSurrogate());
    CHECK(ui::initials(QStringLiteral("Pieter van der Westhuizen")) == QStringLiteral("PW"));
    CHECK(ui::initials(QString()) == QStringLiteral("#"));
}

TEST_CASE("The 24 hours are said in one unit and in the right state")
{
    const Timestamp now = test::sampleNow();
    const auto in = [now](qint64 minutes) { return Timestamp{now.value + minutes * 60'000'000}; };
    CHECK(ui::windowState(std::nullopt, now) == ui::WindowState::none);
    CHECK(ui::windowState(in(-1), now) == ui::WindowState::closed);
    CHECK(ui::windowState(in(60), now) == ui::WindowState::urgent);
    CHECK(ui::windowState(in(61), now) == ui::WindowState::soon);
    CHECK(ui::windowState(in(241), now) == ui::WindowState::open);
    CHECK(ui::windowLeft(in(59), now) == QStringLiteral("59 m"));
    CHECK(ui::windowLeft(in(23 * 60 + 12), now) == QStringLiteral("23 h"));
    CHECK(ui::windowLeft(in(-5), now).isEmpty());
    CHECK(ui::grouped(1'284'310) == QStringLiteral("1\u00a0284\u00a0310"));
}
