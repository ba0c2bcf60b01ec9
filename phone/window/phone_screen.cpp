#include "phone/window/phone_screen.h"

#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

namespace holdfast::phone {
namespace {

using ui::Colour;
using ui::Role;

constexpr int corner = 18;
constexpr int statusHigh = 26;
constexpr int headerHigh = 48;
constexpr int avatarSide = 32;
constexpr int edge = 16;

} // namespace

PhoneTop::PhoneTop(const ui::Theme& theme, const Handset& handset, QWidget* parent)
    : QWidget(parent), theme_(theme), handset_(handset)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &ui::Theme::changed, this, &QWidget::updateGeometry);
    refresh();
}

QSize PhoneTop::sizeHint() const
{
    return {200, theme_.grown(statusHigh) + theme_.grown(headerHigh)};
}

void PhoneTop::refresh()
{
    const bool reachable = handset_.reach() != Reach::noSignal;
    setAccessibleName(
        tr("%1, business account. %2, %3")
            .arg(handset_.businessName(), ui::clockTime(handset_.now()), reachable ? tr("signal") : tr("no signal")));
    update();
}

void PhoneTop::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int status = theme_.grown(statusHigh);
    const QRect upper(edge, 2, width() - 2 * edge, status - 2);
    ui::paintLine(painter, upper, ui::clockTime(handset_.now()), Role::name, Colour::text, theme_);
    paintSignal(painter, width() - edge, upper.center().y() + 1);

    const int side = theme_.grown(avatarSide);
    const QRect header(12, status, width() - 24, height() - status);
    const QRectF avatar(header.left(), header.top() + (header.height() - side) / 2.0 - 1, side, side);
    painter.setPen(theme_.isHighContrast() ? QPen(theme_.colour(Colour::text), 1) : QPen(Qt::NoPen));
    painter.setBrush(theme_.colour(Colour::accent));
    painter.drawEllipse(avatar);
    ui::paintLine(painter, avatar.toRect(), ui::initials(handset_.businessName()), Role::secondaryStrong,
                  Colour::onAccent, theme_, Qt::AlignHCenter);
    const int left = static_cast<int>(avatar.right()) + 10;
    const int name = theme_.lineHeight(Role::strong);
    const int meta = theme_.lineHeight(Role::secondary);
    const int top = header.top() + (header.height() - name - meta) / 2 - 1;
    const int room = header.right() - left;
    ui::paintLine(painter, QRect(left, top, room, name), handset_.businessName(), Role::strong, Colour::text, theme_);
    ui::paintLine(painter, QRect(left, top + name, room, meta), tr("Business account"), Role::secondary, Colour::text2,
                  theme_);
    ui::paintHairline(painter, rect(), Qt::BottomEdge, theme_.colour(Colour::line));
}

// Four bars; without a signal they are empty and struck through, with words beside them.
void PhoneTop::paintSignal(QPainter& painter, int right, int middle) const
{
    constexpr int bars = 4;
    constexpr int pitch = 4;
    constexpr int tallest = 11;
    const bool reachable = handset_.reach() != Reach::noSignal;
    const int left = right - bars * pitch + 1;
    const int bottom = middle + tallest / 2;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme_.colour(reachable ? Colour::text : Colour::line2));
    for (int i = 0; i < bars; ++i) {
        const int high = tallest - (bars - 1 - i) * 2 - 1;
        painter.drawRoundedRect(QRectF(left + i * pitch, bottom - high, 3, high), 1, 1);
    }
    if (reachable)
        return;
    painter.setPen(QPen(theme_.colour(Colour::text2), 1.5, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(left, bottom - tallest + 1), QPointF(right - 1, bottom));
    const QRect words(edge, middle - 10, left - 6 - edge, 20);
    ui::paintLine(painter, words, tr("No signal"), Role::smallPlain, Colour::text2, theme_, Qt::AlignRight);
}

PhoneScreen::PhoneScreen(const ui::Theme& theme, const Handset& handset, QWidget* parent)
    : QWidget(parent), theme_(theme), top_(new PhoneTop(theme, handset, this)),
      chat_(new ChatView(theme, handset, this)), trouble_(new ui::TextLabel(theme, Role::secondary, Colour::bad, this)),
      writing_(new WritingBar(theme, this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1); // the outline
    column->setSpacing(0);
    column->addWidget(top_);
    column->addWidget(chat_, 1);
    column->addWidget(trouble_);
    column->addWidget(writing_);
    trouble_->setWordWrap(true);
    trouble_->setContentsMargins(edge, 4, edge, 2);
    trouble_->hide();
    connect(&theme, &ui::Theme::changed, this, qOverload<>(&QWidget::update));
    connect(&handset, &Handset::changed, top_, &PhoneTop::refresh);
}

void PhoneScreen::tell(const QString& trouble)
{
    trouble_->setText(trouble);
    trouble_->setVisible(!trouble.isEmpty());
}

void PhoneScreen::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath glass;
    glass.addRoundedRect(box, corner, corner);
    painter.fillPath(glass, theme_.colour(Colour::chat));
    painter.save();
    painter.setClipRect(top_->geometry().adjusted(-1, -1, 1, 0));
    painter.fillPath(glass, theme_.colour(Colour::surface));
    painter.restore();
    painter.setPen(QPen(theme_.colour(theme_.isHighContrast() ? Colour::text : Colour::line2), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(glass);
}

} // namespace holdfast::phone
