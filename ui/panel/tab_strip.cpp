#include "ui/panel/tab_strip.h"

#include "ui/theme/style.h"
#include "ui/widgets/painting.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace holdfast::ui {
namespace {

constexpr int stripHeight = 48;

} // namespace

TabButton::TabButton(const Theme& theme, const QString& text, QWidget* parent) : QAbstractButton(parent), theme_(theme)
{
    setText(text);
    setAccessibleName(tr("%1 tab").arg(text));
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &Theme::changed, this, [this] { updateGeometry(); });
}

QSize TabButton::sizeHint() const
{
    return {textWidth(text(), Role::name, theme_) + 12, theme_.grown(stripHeight)};
}

void TabButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colour ink = isChecked() || underMouse() ? Colour::text : Colour::text2;
    paintLine(painter, rect(), text(), isChecked() ? Role::name : Role::base, ink, theme_, Qt::AlignHCenter);
    // Where the line of the header has the same colour, the tab's stands clear of it.
    const int bar = theme_.isHighContrast() ? 3 : 2;
    const int lift = theme_.isHighContrast() ? 4 : 0;
    if (isChecked())
        painter.fillRect(QRect(6, height() - bar - lift, width() - 12, bar), theme_.colour(Colour::ring));
    if (hasFocus())
        paintFocusRing(painter, rect().adjusted(0, 8, 0, -8), 6, theme_);
}

TabStrip::TabStrip(const Theme& theme, const QStringList& names, QWidget* parent) : QWidget(parent), theme_(theme)
{
    setFixedHeight(theme.grown(stripHeight));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(10, 0, 6, 0);
    row->setSpacing(8);
    for (const QString& name : names) {
        auto* tab = new TabButton(theme, name, this);
        const int index = static_cast<int>(tabs_.size());
        tabs_.append(tab);
        row->addWidget(tab);
        connect(tab, &TabButton::clicked, this, [this, index] { setCurrent(index); });
    }
    row->addStretch();
    tabs_.first()->setChecked(true);
    connect(&theme, &Theme::changed, this, [this] { setFixedHeight(theme_.grown(stripHeight)); });
}

void TabStrip::setCurrent(int index)
{
    if (index < 0 || index >= tabs_.size())
        return;
    tabs_[index]->setChecked(true);
    if (index == current_)
        return;
    current_ = index;
    Q_EMIT currentChanged(index);
}

void TabStrip::focusCurrent()
{
    tabs_[current_]->setFocus(Qt::TabFocusReason);
}

void TabStrip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right) {
        QWidget::keyPressEvent(event);
        return;
    }
    setCurrent(current_ + (event->key() == Qt::Key_Right ? 1 : -1));
    focusCurrent();
}

void TabStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintHairline(painter, rect(), Qt::BottomEdge, theme_.colour(Colour::line));
}

} // namespace holdfast::ui
