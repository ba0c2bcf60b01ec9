#include "ui/threads/thread_delegate.h"

#include "ui/theme/style.h"
#include "ui/theme/words.h"
#include "ui/threads/thread_list_model.h"
#include "ui/widgets/painting.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace holdfast::ui {

using Snippet = views::ThreadRow::Snippet;

namespace {

constexpr int paddingX = 12;
constexpr int paddingTop = 9;
constexpr int paddingBottom = 7;
constexpr int avatarSize = 36;
constexpr int avatarGap = 10;
constexpr int linePitch = 20;
constexpr int assigneeSize = 18;
constexpr int barWidth = 3;

int smallIcon(const Theme& theme)
{
    return theme.grown(14);
}

int pitchOf(const Theme& theme)
{
    return std::max(linePitch, theme.lineHeight(Role::base) + 2);
}

QString windowText(const views::ThreadRow& row, Timestamp now)
{
    switch (windowState(row.windowUntil, now)) {
    case WindowState::none:
        return {};
    case WindowState::closed:
        return ThreadDelegate::tr("closed");
    default:
        return windowLeft(*row.windowUntil, now);
    }
}

Colour windowInk(WindowState state, Colour idle)
{
    if (state == WindowState::soon)
        return Colour::warn;
    return state == WindowState::urgent ? Colour::bad : idle;
}

std::optional<Icon> snippetIcon(Snippet kind)
{
    switch (kind) {
    case Snippet::photo:
        return Icon::image;
    case Snippet::document:
        return Icon::document;
    case Snippet::voice:
        return Icon::microphone;
    case Snippet::other:
        return Icon::paperclip;
    case Snippet::note:
        return Icon::eyeOff;
    default:
        return std::nullopt;
    }
}

} // namespace

struct ThreadDelegate::Look
{
    Colour quiet = Colour::text3; // time, policy, window
    Colour snippet = Colour::text2;
    Role nameRole = Role::name;
    bool selected = false;
    bool unread = false;
    Timestamp now;
};

int threadRowHeight(const Theme& theme)
{
    return paddingTop + 3 * pitchOf(theme) + paddingBottom;
}

ThreadRowPlaces placeThreadRow(const views::ThreadRow& row, const QRect& box, Timestamp now, const Theme& theme)
{
    ThreadRowPlaces places;
    const int pitch = pitchOf(theme);
    places.avatar =
        QRect(box.left() + paddingX, box.top() + paddingTop, theme.grown(avatarSize), theme.grown(avatarSize));
    const int left = places.avatar.right() + 1 + avatarGap;
    const int right = box.right() + 1 - paddingX;
    const auto line = [&](int number) { return box.top() + paddingTop + number * pitch; };

    const int timeWidth = textWidth(rowTime(row.at, now), Role::secondary, theme);
    places.time = QRect(right - timeWidth, line(0), timeWidth, pitch);
    places.name = QRect(left, line(0), places.time.left() - 8 - left, pitch);

    int snippetRight = right;
    if (row.unread > 0) {
        const int width = badgeWidth(row.unread, theme);
        places.badge = QRect(right - width, line(1), width, pitch);
        snippetRight = places.badge.left() - 6;
    }
    places.snippet = QRect(left, line(1), snippetRight - left, pitch);

    int end = right;
    if (row.assignee) {
        const int side = theme.grown(assigneeSize);
        places.assignee = QRect(right - side, line(2) + (pitch - side) / 2, side, side);
        end = places.assignee.left() - 6;
    }
    const int policyWidth = textWidth(row.policyNumber, Role::secondary, theme);
    places.policy = QRect(left, line(2), std::min(policyWidth, end - left), pitch);
    int start = places.policy.right() + 1 + (policyWidth > 0 ? 8 : 0);
    const QString window = windowText(row, now);
    if (!window.isEmpty()) {
        const int width = smallIcon(theme) + 4 + textWidth(window, Role::secondary, theme);
        if (end - width >= start)
            places.window = QRect(end - width, line(2), width, pitch);
    }
    if (!row.tag.isEmpty()) {
        const int width = chipWidth(plainLine(row.tag, 24), theme);
        const int limit = places.window.isNull() ? end : places.window.left() - 8;
        if (start + width <= limit)
            places.tag = QRect(start, line(2), width, pitch);
    }
    return places;
}

QString threadRowWords(const views::ThreadRow& row, Timestamp now)
{
    QStringList words;
    const auto tr = [](const char* text) { return ThreadDelegate::tr(text); };
    if (row.unread > 0)
        words << tr("%1 unread").arg(row.unread);
    words << plainLine(row.title, 200);
    if (!row.policyNumber.isEmpty())
        words << tr("policy %1").arg(plainLine(row.policyNumber, 60));
    const QString snippet = plainLine(row.snippet, 200);
    switch (row.snippetKind) {
    case Snippet::none:
        break;
    case Snippet::notSent:
        words << tr("not delivered: %1").arg(snippet);
        break;
    case Snippet::you:
        words << tr("you: %1, %2").arg(snippet, statusWords(row.snippetStatus));
        break;
    case Snippet::colleague:
        words << tr("%1: %2").arg(plainLine(row.snippetAuthor, 100), snippet) << statusWords(row.snippetStatus);
        break;
    case Snippet::note:
        words << tr("internal note, never sent, %1: %2")
                     .arg(row.snippetAuthor.isEmpty() ? tr("you") : plainLine(row.snippetAuthor, 100), snippet);
        break;
    case Snippet::draft:
        break;
    default:
        words << snippet;
        break;
    }
    words << rowTime(row.at, now);
    const QString window = windowWords(row.windowUntil, now);
    if (!window.isEmpty())
        words << window;
    words << (row.assignee ? tr("assigned to %1").arg(plainLine(row.assignee->name, 100)) : tr("unassigned"));
    if (row.snippetKind == Snippet::draft)
        words << tr("draft: %1").arg(snippet);
    return words.join(QStringLiteral(", "));
}

ThreadDelegate::ThreadDelegate(const Theme& theme, const Clock& clock, const ThreadListModel& model, QObject* parent)
    : QStyledItemDelegate(parent), theme_(theme), clock_(clock), model_(model)
{}

QSize ThreadDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {200, threadRowHeight(theme_)};
}

void ThreadDelegate::paintGround(QPainter& painter, const QStyleOptionViewItem& option) const
{
    const bool selected = option.state & QStyle::State_Selected;
    if (selected)
        painter.fillRect(option.rect, theme_.colour(Colour::selected));
    else if (option.state & QStyle::State_MouseOver)
        painter.fillRect(option.rect, theme_.colour(Colour::hover));
    paintHairline(painter, option.rect, Qt::BottomEdge, theme_.colour(Colour::line));
    if (selected) {
        const bool active = !option.widget || option.widget->isActiveWindow();
        painter.fillRect(QRect(option.rect.topLeft(), QSize(barWidth, option.rect.height())),
                         theme_.colour(active ? Colour::ring : Colour::field));
        outlineSelected(painter, option.rect, 0, theme_);
    }
}

void ThreadDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const views::ThreadRow* row = model_.row(index);
    if (!row)
        return;
    painter->save();
    painter->setClipRect(option.rect);
    paintGround(*painter, option);
    Look look;
    look.now = clock_.now();
    look.selected = option.state & QStyle::State_Selected;
    look.unread = row->unread > 0;
    look.quiet = look.selected ? Colour::text2 : Colour::text3;
    look.snippet = look.unread ? Colour::text : Colour::text2;
    look.nameRole = look.unread ? Role::strong : Role::name;
    const ThreadRowPlaces places = placeThreadRow(*row, option.rect, look.now, theme_);
    const bool customer = row->type == domain::ThreadType::customerCase;
    paintAvatar(*painter, places.avatar, row->title, customer ? AvatarShape::circle : AvatarShape::roundedSquare,
                theme_);
    paintLine(*painter, places.name, plainLine(row->title), look.nameRole, Colour::text, theme_);
    paintLine(*painter, places.time, rowTime(row->at, look.now), Role::secondary, look.quiet, theme_);
    paintSnippet(*painter, places.snippet, *row, look);
    if (!places.badge.isNull())
        paintBadge(*painter, places.badge.right() + 1, places.badge.center().y() + 1, row->unread, theme_);
    paintThirdLine(*painter, places, *row, look);
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
        paintFocusRing(*painter, option.rect, 4, theme_);
    painter->restore();
}

void ThreadDelegate::paintSnippet(QPainter& painter, const QRect& box, const views::ThreadRow& row,
                                  const Look& look) const
{
    QRect rest = box;
    const auto prefix = [&](const QString& text, Role role, Colour ink) {
        rest.setLeft(rest.left() + paintLine(painter, rest, text, role, ink, theme_) + 4);
    };
    if (row.snippetKind == Snippet::draft)
        prefix(tr("Draft:"), Role::name, Colour::bad);
    else if (row.snippetKind == Snippet::notSent)
        prefix(tr("Not delivered:"), Role::name, Colour::bad);
    if (row.snippetKind == Snippet::you || row.snippetKind == Snippet::colleague) {
        if (theme_.isHighContrast()) {
            prefix(statusWords(row.snippetStatus) + u'.', Role::base, look.snippet);
        } else {
            paintTicks(painter, rest.left(), rest.center().y() + 0.5, row.snippetStatus, theme_);
            rest.setLeft(rest.left() + ticksWidth(theme_) + 6);
        }
        prefix(writerWords(row.snippetAuthor, false), Role::base, look.snippet);
    }
    const bool isNote = row.snippetKind == Snippet::note;
    if (const auto icon = snippetIcon(row.snippetKind)) {
        theme_.icons().paint(painter, QPointF(rest.left(), rest.top() + (rest.height() - smallIcon(theme_)) / 2.0),
                             *icon, smallIcon(theme_),
                             theme_.colour(isNote        ? Colour::noteText
                                           : look.unread ? Colour::text
                                                         : Colour::text2));
        rest.setLeft(rest.left() + smallIcon(theme_) + 4);
    }
    if (isNote)
        prefix(writerWords(row.snippetAuthor, true), Role::name, Colour::noteText);
    paintLine(painter, rest, plainLine(row.snippet), look.unread ? Role::strong : Role::base, look.snippet, theme_);
}

void ThreadDelegate::paintThirdLine(QPainter& painter, const ThreadRowPlaces& places, const views::ThreadRow& row,
                                    const Look& look) const
{
    if (!places.policy.isNull())
        paintLine(painter, places.policy, plainLine(row.policyNumber, 60), Role::secondary, look.quiet, theme_);
    if (!places.tag.isNull())
        paintChip(painter, places.tag.left(), places.tag.center().y() + 1, plainLine(row.tag, 24),
                  look.selected ? Colour::surface : Colour::hover, Colour::text2, theme_);
    if (!places.window.isNull()) {
        const WindowState state = windowState(row.windowUntil, look.now);
        const Colour ink = windowInk(state, look.quiet);
        const Icon icon = state == WindowState::closed ? Icon::lock : Icon::clock;
        theme_.icons().paint(
            painter,
            QPointF(places.window.left(), places.window.top() + (places.window.height() - smallIcon(theme_)) / 2.0),
            icon, smallIcon(theme_), theme_.colour(ink));
        const bool due = state == WindowState::soon || state == WindowState::urgent;
        paintLine(painter, places.window.adjusted(smallIcon(theme_) + 4, 0, 2, 0), windowText(row, look.now),
                  Role::secondary, due ? ink : look.quiet, theme_);
    }
    // The tints of people are near the fill of a selected row: a rim keeps them apart.
    if (!places.assignee.isNull() && look.selected) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme_.colour(Colour::surface));
        painter.drawRoundedRect(QRectF(places.assignee).adjusted(-1.5, -1.5, 1.5, 1.5), 5, 5);
    }
    if (!places.assignee.isNull())
        paintAvatar(painter, places.assignee, row.assignee->name, AvatarShape::roundedSquare, theme_);
}

bool ThreadDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                               const QModelIndex& index)
{
    const views::ThreadRow* row = model_.row(index);
    if (event->type() != QEvent::ToolTip || !row)
        return false;
    const ThreadRowPlaces places = placeThreadRow(*row, option.rect, clock_.now(), theme_);
    QString words;
    if (places.window.contains(event->pos()))
        words = windowWords(row->windowUntil, clock_.now());
    else if (places.assignee.contains(event->pos()))
        words = tr("Assigned to %1").arg(plainLine(row->assignee->name, 100));
    else if (places.time.contains(event->pos()))
        words = dateAndTime(row->at);
    // Outside text: entities, so that the tooltip shows it as it is.
    QToolTip::showText(event->globalPos(), words.toHtmlEscaped(), view);
    return true;
}

} // namespace holdfast::ui
