#include "ui/shell/status_bar.h"

#include "ui/theme/style.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace holdfast::ui {
namespace {

constexpr int barHeight = 24;
constexpr int gap = 8;
constexpr int hintGap = 16;

} // namespace

StatusBar::StatusBar(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    setFixedHeight(theme.grown(barHeight));
    setFocusPolicy(Qt::TabFocus);
    setSyncState(state_);
    connect(&theme, &Theme::changed, this, [this] { setFixedHeight(theme_.grown(barHeight)); });
}

void StatusBar::setSyncState(const views::SyncState& state)
{
    state_ = state;
    setAccessibleName(words());
    setToolTip(plainToolTip(plainLine(state.detail, 300)));
    update();
}

void StatusBar::setHints(const QList<StatusHint>& hints)
{
    hints_ = hints;
    update();
}

QList<StatusBar::Part> StatusBar::parts() const
{
    using Link = views::SyncState::Link;
    QList<Part> parts{{Mark::lock, tr("Encrypted"), Colour::text2}};
    if (state_.link == Link::offline) {
        parts.append({Mark::hollowDot, tr("Offline, %1 waiting").arg(state_.waiting), Colour::text2});
    } else {
        const QString link = state_.link == Link::connecting ? tr("Connecting")
                             : state_.catchingUp             ? tr("Catching up")
                                                             : tr("In sync");
        parts.append(
            {state_.link == Link::online && !state_.catchingUp ? Mark::dot : Mark::hollowDot, link, Colour::text2});
        parts.append({Mark::none, tr("%1 waiting").arg(state_.waiting), Colour::text2});
    }
    if (state_.notSent > 0)
        parts.append({Mark::none, tr("%1 not sent").arg(state_.notSent), Colour::bad, true});
    if (state_.faultAt)
        parts.append({Mark::fault, tr("log check failed at %1").arg(grouped(*state_.faultAt)), Colour::bad});
    else if (state_.verifiedUpTo > 0)
        parts.append({Mark::shield, tr("log verified to %1").arg(grouped(state_.verifiedUpTo)), Colour::text2});
    return parts;
}

QString StatusBar::words() const
{
    QStringList words;
    for (const Part& part : parts())
        words.append(part.words);
    if (!state_.detail.isEmpty())
        words.append(plainLine(state_.detail, 300));
    return words.join(QStringLiteral(", "));
}

void StatusBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme_.colour(Colour::nav));
    paintHairline(painter, rect(), Qt::TopEdge, theme_.colour(Colour::line));
    const int smallIcon = theme_.grown(14);
    int x = 12;
    bool first = true;
    notSent_ = {};
    for (const Part& part : parts()) {
        if (!first) {
            painter.fillRect(QRectF(x, height() / 2.0 - 5, 1, 11), theme_.colour(Colour::line2));
            x += 1 + gap;
        }
        first = false;
        const QRectF icon(x, (height() - smallIcon) / 2.0 + 0.5, smallIcon, smallIcon);
        const QPointF dot(x + 4, height() / 2.0 + 0.5);
        switch (part.mark) {
        case Mark::lock:
            theme_.icons().paintIn(painter, icon, Icon::lock, smallIcon, theme_.colour(part.ink));
            break;
        case Mark::shield:
            theme_.icons().paintIn(painter, icon, Icon::shield, smallIcon, theme_.colour(part.ink));
            break;
        case Mark::fault:
            theme_.icons().paintIn(painter, icon, Icon::warning, smallIcon, theme_.colour(Colour::badMark));
            break;
        case Mark::dot:
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme_.colour(Colour::ok));
            painter.drawEllipse(dot, 4, 4);
            break;
        case Mark::hollowDot:
            painter.setPen(QPen(theme_.colour(Colour::text2), 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(dot, 3.25, 3.25);
            break;
        case Mark::none:
            break;
        }
        if (part.mark == Mark::dot || part.mark == Mark::hollowDot)
            x += 8 + 5;
        else if (part.mark != Mark::none)
            x += smallIcon + 4;
        const QRect box(x, 0, width() - x, height());
        const int wide = paintLine(painter, box, part.words, Role::secondary, part.ink, theme_);
        if (part.isNotSent) {
            notSent_ = QRect(x, 0, wide, height());
            painter.fillRect(QRectF(x, height() / 2.0 + 7, wide, 1), theme_.colour(part.ink)); // it can be opened
        }
        x += wide + gap;
    }
    paintHints(painter, x + hintGap);
    if (hasFocus())
        paintFocusRing(painter, rect(), 2, theme_);
}

void StatusBar::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && notSent_.contains(event->position().toPoint()))
        Q_EMIT notSentClicked();
}

void StatusBar::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && state_.notSent > 0)
        Q_EMIT notSentClicked();
    else
        event->ignore();
}

// The last hints, which are true everywhere, stay longest.
void StatusBar::paintHints(QPainter& painter, int left) const
{
    int right = width() - 12;
    for (auto hint = hints_.crbegin(); hint != hints_.crend(); ++hint) {
        int wide = textWidth(hint->words, Role::secondary, theme_);
        for (const QString& key : hint->keys)
            wide += keyCapWidth(key, theme_) + 4;
        if (right - wide < left)
            return;
        int x = right - wide;
        for (const QString& key : hint->keys)
            x += paintKeyCap(painter, x, height() / 2 + 1, key, theme_) + 4;
        paintLine(painter, QRect(x, 0, right - x + 1, height()), hint->words, Role::secondary, Colour::text2, theme_);
        right -= wide + hintGap;
    }
}

} // namespace holdfast::ui
