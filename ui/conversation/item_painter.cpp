#include "ui/conversation/item_painter.h"

#include "ui/conversation/message_words.h"
#include "ui/conversation/pictures.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QCoreApplication>
#include <QPainter>

namespace holdfast::ui {

namespace {

constexpr qreal round = 12;
constexpr qreal tight = 4; // at the tail and inside a run

QColor mixed(const QColor& ground, const QColor& with, qreal part)
{
    const auto mix = [part](int a, int b) { return static_cast<int>(a + (b - a) * part + 0.5); };
    return {mix(ground.red(), with.red()), mix(ground.green(), with.green()), mix(ground.blue(), with.blue())};
}

// The tail corner is the upper one on the sender's side; inner corners of a run are tight too.
std::array<qreal, 4> corners(const MessageItem& item)
{
    std::array<qreal, 4> radii{round, round, round, round};
    const bool right = item.isOutgoing();
    const bool inner = !item.place().endsRun;
    radii[right ? 1 : 0] = tight;
    radii[right ? 2 : 3] = inner ? tight : round;
    return radii;
}

} // namespace

QPainterPath roundedPath(const QRectF& box, const std::array<qreal, 4>& radii)
{
    QPainterPath path;
    path.moveTo(box.left() + radii[0], box.top());
    path.lineTo(box.right() - radii[1], box.top());
    path.arcTo(box.right() - 2 * radii[1], box.top(), 2 * radii[1], 2 * radii[1], 90, -90);
    path.lineTo(box.right(), box.bottom() - radii[2]);
    path.arcTo(box.right() - 2 * radii[2], box.bottom() - 2 * radii[2], 2 * radii[2], 2 * radii[2], 0, -90);
    path.lineTo(box.left() + radii[3], box.bottom());
    path.arcTo(box.left(), box.bottom() - 2 * radii[3], 2 * radii[3], 2 * radii[3], 270, -90);
    path.lineTo(box.left(), box.top() + radii[0]);
    path.arcTo(box.left(), box.top(), 2 * radii[0], 2 * radii[0], 180, -90);
    path.closeSubpath();
    return path;
}

ItemPainter::ItemPainter(QPainter& painter, const ItemContext& context, Pictures& pictures)
    : p_(painter), context_(context), theme_(context.theme), pictures_(pictures)
{}

void ItemPainter::paint(const MessageItem& item, const ItemState& state)
{
    using views::MessageKind;
    above(item);
    p_.setRenderHint(QPainter::Antialiasing);
    switch (item.message().kind) {
    case MessageKind::note:
        note(item);
        break;
    case MessageKind::process:
        process(item, Icon::bolt);
        break;
    case MessageKind::hole:
        process(item, Icon::clock);
        break;
    case MessageKind::room:
        row(item);
        break;
    case MessageKind::customer:
    case MessageKind::reply:
    case MessageKind::unknown:
        bubble(item);
        break;
    }
    if (state.flashes) {
        QColor flash = colour(Colour::ring);
        flash.setAlphaF(0.18F);
        p_.fillPath(roundedPath(item.geometry().body, corners(item)), flash);
    }
    words(item, state);
    failure(item);
    if (state.isFocused)
        ring(item);
}

void ItemPainter::above(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    p_.setRenderHint(QPainter::Antialiasing);
    if (!g.day.isEmpty() && context_.isRoom) {
        const int wide = textWidth(item.day, Role::secondary, theme_) + 32;
        const QRect words(g.day.center().x() - wide / 2, g.day.top(), wide, g.day.height());
        const QRect left(g.day.left(), g.day.center().y(), words.left() - g.day.left(), 1);
        const QRect right(words.right() + 1, g.day.center().y(), g.day.right() - words.right(), 1);
        paintHairline(p_, left, Qt::TopEdge, colour(Colour::line));
        paintHairline(p_, right, Qt::TopEdge, colour(Colour::line));
        paintLine(p_, words, item.day, Role::secondary, Colour::text2, theme_, Qt::AlignHCenter);
    } else if (!g.day.isEmpty()) {
        p_.setPen(theme_.isHighContrast() ? QPen(colour(Colour::text)) : QPen(Qt::NoPen));
        p_.setBrush(colour(Colour::press));
        p_.drawRoundedRect(g.day, g.day.height() / 2.0, g.day.height() / 2.0);
        paintLine(p_, g.day, item.day, Role::secondary, Colour::text2, theme_, Qt::AlignHCenter);
    }
    if (g.unread.isEmpty())
        return;
    const QString label = QCoreApplication::translate("Message", "New messages");
    const int wide = textWidth(label, Role::secondaryStrong, theme_) + 24;
    const QRect box(g.unread.center().x() - wide / 2, g.unread.top(), wide, g.unread.height());
    paintHairline(p_, QRect(g.unread.left(), g.unread.center().y(), box.left() - g.unread.left(), 1), Qt::TopEdge,
                  colour(Colour::accentText));
    paintHairline(p_, QRect(box.right() + 1, g.unread.center().y(), g.unread.right() - box.right(), 1), Qt::TopEdge,
                  colour(Colour::accentText));
    paintLine(p_, box, label, Role::secondaryStrong, Colour::accentText, theme_, Qt::AlignHCenter);
}

void ItemPainter::bubble(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    const bool unknown = item.message().kind == views::MessageKind::unknown;
    const bool failed = item.message().notSent.has_value();
    const QColor fill =
        unknown ? colour(Colour::chat) : colour(item.isOutgoing() ? Colour::bubbleOut : Colour::bubbleIn);
    const bool outlined = failed || unknown || theme_.isHighContrast();
    QPen pen(Qt::NoPen);
    if (outlined)
        pen = QPen(colour(failed ? Colour::badMark : unknown ? Colour::field : Colour::text), 1);
    if (unknown)
        pen.setStyle(Qt::DashLine);
    p_.setPen(pen);
    p_.setBrush(fill);
    const qreal inset = outlined ? 0.5 : 0;
    p_.drawPath(roundedPath(QRectF(g.body).adjusted(inset, inset, -inset, -inset), corners(item)));
    if (!g.author.isEmpty())
        paintLine(p_, g.author, item.authorName, Role::small, Colour::text2, theme_);
    quote(item, fill);
    photos(item);
    files(item);
    time(item);
}

void ItemPainter::note(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    QPen dashes(colour(theme_.isHighContrast() ? Colour::text : Colour::noteLine), 1);
    dashes.setDashPattern({3, 3});
    p_.setPen(dashes);
    p_.setBrush(colour(Colour::noteFill));
    p_.drawRoundedRect(QRectF(g.body).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    p_.fillPath(roundedPath(QRectF(g.body.left(), g.body.top(), 4, g.body.height()), {2, 0, 0, 2}),
                colour(Colour::noteLine));
    const int eye = theme_.grown(14);
    theme_.icons().paintIn(p_, QRectF(g.note.left(), g.note.top(), eye + 2, g.note.height()), Icon::eyeOff, eye,
                           colour(Colour::noteText));
    const QString who = item.authorName.isEmpty() ? item.time : item.authorName + QStringLiteral(" · ") + item.time;
    const int ticks = item.showsTicks() ? ui::ticksWidth(theme_) + 4 : 0;
    const QRect heading = g.note.adjusted(eye + 8, 0, 0, 0);
    const int headingWide = paintLine(p_, heading, noteHeading(), Role::secondaryStrong, Colour::noteText, theme_);
    const QRect right = heading.adjusted(headingWide + 12, 0, -ticks, 0);
    paintLine(p_, right, who, Role::smallPlain, Colour::noteText, theme_, Qt::AlignRight);
    if (ticks > 0)
        paintTicks(p_, g.note.right() + 1 - ui::ticksWidth(theme_), g.note.center().y(), item.shownStatus(), theme_);
    files(item);
}

void ItemPainter::row(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    if (item.message().mentions.contains(context_.me)) {
        p_.fillRect(g.body, colour(Colour::accentTint));
        p_.fillRect(QRect(g.body.left(), g.body.top(), 3, g.body.height()), colour(Colour::ring));
    }
    if (!g.avatar.isEmpty()) {
        paintAvatar(p_, g.avatar, item.message().authorName, AvatarShape::roundedSquare, theme_);
        const int wide =
            paintLine(p_, g.author.adjusted(0, 0, -64, 0), item.authorName, Role::strong, Colour::text, theme_);
        const QRect when = g.author.adjusted(wide + 6, 0, 0, 0);
        const int used = paintLine(p_, when, item.time, Role::secondary, Colour::text3, theme_);
        if (item.message().pending && !item.message().notSent)
            paintTicks(p_, when.left() + used + 6, when.center().y(), item.shownStatus(), theme_);
    } else if (item.message().pending && !item.message().notSent) {
        paintTicks(p_, g.time.center().x() - ui::ticksWidth(theme_) / 2.0, g.time.center().y(), item.shownStatus(),
                   theme_);
    } else {
        paintLine(p_, g.time, item.time, Role::smallPlain, Colour::text3, theme_, Qt::AlignHCenter);
    }
    quote(item, colour(Colour::surface));
    photos(item);
    files(item);
}

// A line with rules left and right: an event, or what is missing between messages.
void ItemPainter::process(const MessageItem& item, Icon icon)
{
    const ItemGeometry& g = item.geometry();
    const int wide = item.text.width();
    const QRect words(g.text.center().x() - wide / 2, g.text.top(), wide, g.text.height());
    const int middle = words.top() + theme_.lineHeight(Role::secondary) / 2;
    const int sign = theme_.grown(14);
    theme_.icons().paint(p_, QPointF(words.left() - sign - 7, middle - sign / 2.0), icon, sign, colour(Colour::text2));
    const QRect left(g.body.left(), middle, words.left() - sign - 16 - g.body.left(), 1);
    const QRect right(words.right() + 10, middle, g.body.right() - words.right() - 10, 1);
    for (const QRect& rule : {left, right}) {
        if (rule.width() > 0)
            paintHairline(p_, rule, Qt::TopEdge, colour(Colour::line2));
    }
}

void ItemPainter::quote(const MessageItem& item, const QColor& ground)
{
    const QRect box = item.geometry().quote;
    if (box.isEmpty())
        return;
    const QColor fill = theme_.isDark() ? mixed(ground, Qt::white, 0.07) : mixed(ground, Qt::black, 0.05);
    p_.fillPath(roundedPath(box, {2, 4, 4, 2}), fill);
    p_.fillRect(QRect(box.left(), box.top(), 3, box.height()), colour(Colour::ring));
    QRect words = box.adjusted(11, 2, -8, -2);
    if (const auto& blob = item.message().quote->thumbnail) {
        const QRect thumb(box.right() - 35, box.center().y() - 15, 32, 32);
        QPainterPath shape;
        shape.addRoundedRect(thumb, 4, 4);
        pictures_.paintCropped(p_, thumb, shape, *blob, theme_);
        words.setRight(thumb.left() - 8);
    }
    const int line = theme_.lineHeight(Role::secondaryStrong);
    paintLine(p_, QRect(words.left(), words.top(), words.width(), line), item.quoteAuthor, Role::secondaryStrong,
              Colour::accentText, theme_);
    paintLine(p_, QRect(words.left(), words.top() + line, words.width(), words.height() - line), item.quoteText,
              Role::secondary, Colour::text, theme_);
}

void ItemPainter::words(const MessageItem& item, const ItemState& state)
{
    const ItemGeometry& g = item.geometry();
    if (item.text.isEmpty())
        return;
    using views::MessageKind;
    const MessageKind kind = item.message().kind;
    const bool quiet = kind == MessageKind::process || kind == MessageKind::hole || kind == MessageKind::unknown;
    // Selected text keeps its colour, so the fill may not come near it: half the accent over what is there.
    QColor fill = colour(state.windowActive ? Colour::ring : Colour::field);
    fill.setAlphaF(theme_.isDark() ? 0.45F : 0.28F);
    // Marks stacked on a letter may reach out of their line, but never out of their message.
    p_.save();
    p_.setClipRect(g.body, Qt::IntersectClip);
    item.text.draw(p_, g.text.topLeft(), colour(quiet ? Colour::text2 : Colour::text), state.selection, fill);
    p_.restore();
    if (!g.more.isEmpty())
        paintLine(p_, g.more, item.moreWords, Role::secondary, Colour::text2, theme_);
}

void ItemPainter::time(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    QRect box = g.time;
    const bool ticks = item.showsTicks() && !item.message().notSent;
    if (g.timeOnPhoto) {
        p_.setPen(Qt::NoPen);
        p_.setBrush(QColor(10, 16, 17, 184)); // 72 %
        const QRectF plate = QRectF(box).adjusted(-8, -1, 8, 1);
        p_.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2);
        p_.setFont(theme_.font(Role::smallPlain));
        p_.setPen(Qt::white);
        p_.drawText(box, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), item.time);
    } else {
        paintLine(p_, box, item.time, Role::smallPlain, item.isOutgoing() ? Colour::text2 : Colour::text3, theme_);
    }
    if (!ticks)
        return;
    if (theme_.isHighContrast())
        paintLine(p_, box, statusWords(item.shownStatus()), Role::smallPlain, Colour::text, theme_, Qt::AlignRight);
    else
        paintTicks(p_, box.right() + 1 - ui::ticksWidth(theme_), box.center().y(), item.shownStatus(), theme_);
}

void ItemPainter::failure(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    if (g.reason.isEmpty())
        return;
    theme_.icons().paintIn(p_, g.reasonIcon, Icon::alert, theme_.grown(14), colour(Colour::bad));
    item.reason.draw(p_, g.reason.topLeft(), colour(Colour::bad), {}, {});
    if (!g.retry.isEmpty())
        paintLine(p_, g.retry, retryWords(), Role::secondaryStrong, Colour::accentText, theme_);
    if (!g.letGo.isEmpty())
        paintLine(p_, g.letGo, letGoWords(), Role::secondaryStrong, Colour::accentText, theme_);
    paintLine(p_, g.why, whyWords(), Role::secondaryStrong, Colour::accentText, theme_);
}

void ItemPainter::ring(const MessageItem& item)
{
    const QRectF box = QRectF(item.geometry().body).adjusted(1, 1, -1, -1);
    p_.setBrush(Qt::NoBrush);
    p_.setPen(QPen(colour(Colour::ring), 2));
    using views::MessageKind;
    const MessageKind kind = item.message().kind;
    const bool square = kind == MessageKind::note || kind == MessageKind::room || kind == MessageKind::process ||
                        kind == MessageKind::hole;
    if (square)
        p_.drawRoundedRect(box, 4, 4);
    else
        p_.drawPath(roundedPath(box, corners(item)));
}

} // namespace holdfast::ui
