#include "ui/threads/filter_row.h"

#include "ui/theme/style.h"
#include "ui/widgets/painting.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace holdfast::ui {

FilterPill::FilterPill(const Theme& theme, QWidget* parent) : QAbstractButton(parent), theme_(theme)
{
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &Theme::changed, this, [this] { updateGeometry(); });
}

void FilterPill::setWords(const QString& words)
{
    if (words == text())
        return;
    setText(words);
    setAccessibleName(words);
    updateGeometry();
    update();
}

QSize FilterPill::sizeHint() const
{
    return {textWidth(text(), Role::name, theme_) + 16, theme_.grown(24)};
}

void FilterPill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isChecked() || underMouse()) {
        painter.setPen(theme_.isHighContrast() ? QPen(theme_.colour(Colour::text)) : QPen(Qt::NoPen));
        painter.setBrush(theme_.colour(isChecked() ? Colour::accentTint : Colour::hover));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), height() / 2.0, height() / 2.0);
    }
    paintLine(painter, rect(), text(), isChecked() ? Role::name : Role::base,
              isChecked() ? Colour::accentText : Colour::text2, theme_, Qt::AlignHCenter);
    if (hasFocus())
        paintFocusRing(painter, rect(), height() / 2.0, theme_);
}

FilterRow::FilterRow(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(6);
    row->addStretch();
    setFixedHeight(theme.grown(36));
    connect(&theme, &Theme::changed, this, [this] { setFixedHeight(theme_.grown(36)); });
}

int FilterRow::addFilter(const QString& words)
{
    auto* pill = new FilterPill(theme_, this);
    pill->setWords(words);
    const int index = static_cast<int>(pills_.size());
    pills_.append(pill);
    static_cast<QHBoxLayout*>(layout())->insertWidget(index, pill);
    pill->setChecked(index == current_);
    connect(pill, &FilterPill::clicked, this, [this, index] { setCurrent(index); });
    return index;
}

void FilterRow::setWords(int index, const QString& words)
{
    pills_.at(index)->setWords(words);
}

void FilterRow::setCurrent(int index)
{
    if (index < 0 || index >= pills_.size())
        return;
    pills_.at(index)->setChecked(true);
    if (index == current_)
        return;
    current_ = index;
    Q_EMIT currentChanged(index);
}

void FilterRow::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right) {
        QWidget::keyPressEvent(event);
        return;
    }
    setCurrent(current_ + (event->key() == Qt::Key_Right ? 1 : -1));
    pills_.at(current_)->setFocus(Qt::TabFocusReason);
}

void FilterRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::surface));
    paintHairline(painter, rect(), Qt::BottomEdge, theme_.colour(Colour::line));
}

} // namespace holdfast::ui
