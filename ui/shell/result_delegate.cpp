#include "ui/shell/result_model.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QPainter>

namespace holdfast::ui {
namespace {

constexpr int hitHeight = 48;
constexpr int commandHeight = 32;
constexpr int labelHeight = 28;
constexpr int avatarSize = 28;
constexpr int leadIn = 24; // characters kept before the first mark

// The part of an excerpt that shows the first mark, made safe for one line, and the marks within it.
// Folding and dropping changes positions, so each piece is folded by itself.
struct Shown
{
    QString text;
    QList<std::pair<int, int>> marks;
};

Shown shownPart(const views::SearchHit& hit)
{
    Shown shown;
    const int size = static_cast<int>(hit.excerpt.size());
    int from = 0;
    if (!hit.marks.isEmpty() && hit.marks.first().first > 3 * leadIn)
        from = std::clamp(hit.marks.first().first - leadIn, 0, size);
    if (from > 0)
        shown.text = QChar(0x2026);
    const auto append = [&](int until) {
        if (until <= from)
            return;
        const QString raw = hit.excerpt.mid(from, std::min(until - from, 400));
        const QString piece = plainLine(raw, 400);
        if (!piece.isEmpty() && !shown.text.isEmpty() && raw.front().isSpace() && !shown.text.endsWith(u' '))
            shown.text += u' ';
        shown.text += piece;
        if (!piece.isEmpty() && raw.back().isSpace())
            shown.text += u' ';
        from = until;
    };
    for (const auto& [start, length] : hit.marks) {
        if (start < from || length <= 0 || start > size - length)
            continue;
        append(start);
        const int at = static_cast<int>(shown.text.size());
        append(start + length);
        shown.marks.append({at, static_cast<int>(shown.text.size()) - at});
    }
    append(size);
    return shown;
}

} // namespace

ResultDelegate::ResultDelegate(const Theme& theme, const Clock& clock, const ResultModel& model, QObject* parent)
    : QStyledItemDelegate(parent), theme_(theme), clock_(clock), model_(model)
{}

QSize ResultDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const ResultRow* row = model_.row(index);
    if (!row || row->what == ResultRow::What::label)
        return {100, theme_.grown(labelHeight)};
    return {100, theme_.grown(row->what == ResultRow::What::command ? commandHeight : hitHeight)};
}

void ResultDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const ResultRow* row = model_.row(index);
    if (!row)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(option.rect);
    if (row->what == ResultRow::What::label) {
        paintLine(*painter, option.rect.adjusted(16, 4, -16, 0), row->words, Role::small, Colour::text3, theme_);
        painter->restore();
        return;
    }
    const QRect box = option.rect.adjusted(8, 0, -8, 0);
    const bool selected = option.state & QStyle::State_Selected;
    if (selected || option.state & QStyle::State_MouseOver) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme_.colour(selected ? Colour::selected : Colour::hover));
        painter->drawRoundedRect(box, 6, 6);
    }
    if (selected)
        outlineSelected(*painter, box, 6, theme_);
    if (selected)
        painter->fillRect(QRect(box.left(), box.top() + 6, 3, box.height() - 12), theme_.colour(Colour::ring));
    if (row->what == ResultRow::What::hit) {
        paintHit(*painter, box, row->hit);
    } else {
        theme_.icons().paint(*painter, QPointF(box.left() + 14, box.center().y() - 7), Icon::bolt, 16,
                             theme_.colour(Colour::text2));
        int right = box.right() - 12;
        const QStringList keys = row->key.split(u'+', Qt::SkipEmptyParts);
        for (auto key = keys.crbegin(); key != keys.crend(); ++key) {
            right -= keyCapWidth(*key, theme_);
            paintKeyCap(*painter, right, box.center().y() + 1, *key, theme_);
            right -= 4;
        }
        paintLine(*painter, QRect(box.left() + 46, box.top(), right - box.left() - 56, box.height()), row->words,
                  Role::base, Colour::text, theme_);
    }
    painter->restore();
}

void ResultDelegate::paintHit(QPainter& painter, const QRect& box, const views::SearchHit& hit) const
{
    const QRectF picture(box.left() + 8, box.center().y() - avatarSize / 2.0 + 0.5, avatarSize, avatarSize);
    if (hit.what == views::SearchHit::What::policy) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme_.colour(Colour::accentTint));
        painter.drawRoundedRect(picture, 4, 4);
        theme_.icons().paintIn(painter, picture, Icon::policy, 16, theme_.colour(Colour::accentText));
    } else {
        const bool isRoom = hit.what == views::SearchHit::What::message && hit.kind == views::MessageKind::room;
        paintAvatar(painter, picture, hit.title, isRoom ? AvatarShape::roundedSquare : AvatarShape::circle, theme_);
    }
    const int left = box.left() + 8 + avatarSize + 10;
    const int lines = theme_.lineHeight(Role::base) + theme_.lineHeight(Role::secondary) + 1;
    const int top = box.center().y() - lines / 2 + 1;
    int right = box.right() - 10;
    if (hit.at.value > 0) {
        const QString time = rowTime(hit.at, clock_.now());
        const int width = textWidth(time, Role::secondary, theme_);
        paintLine(painter, QRect(right - width, box.top(), width + 1, box.height()), time, Role::secondary,
                  Colour::text2, theme_);
        right -= width + 12;
    }
    const QString title = plainLine(hit.title, 200);
    const QRect first(left, top, right - left, theme_.lineHeight(Role::base));
    const int used = paintLine(painter, first, title, Role::name, Colour::text, theme_);
    paintLine(painter, first.adjusted(used + 8, 0, 0, 0), plainLine(hit.policyNumber, 60), Role::secondary,
              Colour::text2, theme_);
    const Shown shown = shownPart(hit);
    QRect second(left, first.bottom() + 2, right - left, theme_.lineHeight(Role::secondary));
    second.setLeft(second.left() + paintWriter(painter, second, hit));
    paintMarkedLine(painter, second, shown.text, shown.marks, Role::secondary, Colour::text2, theme_);
}

// Answers the width that it took.
int ResultDelegate::paintWriter(QPainter& painter, const QRect& box, const views::SearchHit& hit) const
{
    const QString writer = model_.writerOf(hit);
    if (writer.isEmpty())
        return 0;
    QRect rest = box;
    const bool isNote = hit.kind == views::MessageKind::note;
    if (isNote) {
        const int icon = theme_.grown(14);
        theme_.icons().paintIn(painter, QRectF(rest.left(), rest.top(), icon, rest.height()), Icon::eyeOff, icon,
                               theme_.colour(Colour::noteText));
        rest.setLeft(rest.left() + icon + 4);
    }
    const int words = paintLine(painter, rest, writer, isNote ? Role::secondaryStrong : Role::secondary,
                                isNote ? Colour::noteText : Colour::text2, theme_);
    return rest.left() - box.left() + words + 4;
}

} // namespace holdfast::ui
