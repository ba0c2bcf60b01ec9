#include "ui/conversation/notice.h"

#include "ui/theme/words.h"
#include "ui/widgets/controls.h"

#include <QAccessible>
#include <QPainter>

namespace holdfast::ui {

namespace {

constexpr int left = 46;
constexpr int right = 50;
constexpr int confirmedMs = 6'000;

} // namespace

Notice::Notice(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    close_ = new IconButton(theme, Icon::close, tr("Close this message"), this);
    connect(close_, &QAbstractButton::clicked, this, [this] { tell(QString()); });
    away_.setSingleShot(true);
    connect(&away_, &QTimer::timeout, this, [this] { tell(QString()); });
    hide();
}

void Notice::tell(const QString& words)
{
    show(words, true);
}

void Notice::confirm(const QString& words)
{
    show(words, false);
    away_.start(confirmedMs);
}

void Notice::show(const QString& words, bool isFailure)
{
    away_.stop();
    isFailure_ = isFailure;
    words_ = plainLine(words, 400);
    setAccessibleName(words_);
    setVisible(!words_.isEmpty());
    updateGeometry();
    update();
    if (words_.isEmpty())
        return;
    QAccessibleEvent event(this, QAccessible::Alert); // failures are announced at once
    QAccessible::updateAccessibility(&event);
}

int Notice::heightForWidth(int width) const
{
    const QRect box(0, 0, std::max(80, width - left - right), 1000);
    const int text = QFontMetrics(theme_.font(Role::secondary)).boundingRect(box, Qt::TextWordWrap, words_).height();
    return std::max(theme_.grown(32), text + 14);
}

QSize Notice::sizeHint() const
{
    return {300, heightForWidth(width())};
}

void Notice::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    close_->move(width() - 44, (height() - close_->sizeHint().height()) / 2);
    updateGeometry();
}

void Notice::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Colour ink = isFailure_ ? Colour::bad : Colour::ok;
    painter.setPen(QPen(theme_.colour(isFailure_ ? Colour::badMark : Colour::ok), 1));
    painter.setBrush(theme_.colour(isFailure_ ? Colour::badTint : Colour::okTint));
    painter.drawRoundedRect(QRectF(rect()).adjusted(12.5, 1.5, -12.5, -1.5), 6, 6);
    theme_.icons().paintIn(painter, QRectF(22, 0, 16, height()), isFailure_ ? Icon::alert : Icon::check,
                           theme_.grown(16), theme_.colour(ink));
    painter.setFont(theme_.font(Role::secondary));
    painter.setPen(theme_.colour(ink));
    painter.drawText(rect().adjusted(left, 0, -right, 0), Qt::AlignVCenter | Qt::TextWordWrap, words_);
}

} // namespace holdfast::ui
