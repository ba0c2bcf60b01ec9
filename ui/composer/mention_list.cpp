#include "ui/composer/mention_list.h"

#include "ui/shell/overlay.h"
#include "ui/theme/words.h"
#include "ui/widgets/staff_delegate.h"

#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QTextBlock>

namespace holdfast::ui {
namespace {

constexpr int mostRows = 6;
constexpr int mostPart = 40; // characters of a name that is being typed
constexpr int listWidth = 280;
constexpr int edge = 5;

bool beginsAWord(const QString& name, const QString& part)
{
    for (qsizetype at = 0; at >= 0 && at < name.size(); at = name.indexOf(u' ', at) + 1) {
        if (QStringView(name).mid(at).startsWith(part, Qt::CaseInsensitive))
            return true;
        if (!name.mid(at).contains(u' '))
            break;
    }
    return false;
}

} // namespace

MentionList::MentionList(const Theme& theme, QPlainTextEdit& field)
    : QListWidget(field.window()), theme_(theme), field_(field)
{
    setFrameStyle(QFrame::Box | QFrame::Plain);
    setLineWidth(1);
    setAutoFillBackground(true);
    setItemDelegate(new StaffDelegate(theme, this));
    setUniformItemSizes(true);
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportMargins(0, edge, 0, edge);
    viewport()->setAutoFillBackground(false);
    setAccessibleName(tr("Colleagues to mention"));
    hide();
    field_.installEventFilter(this);
    connect(&field_, &QPlainTextEdit::textChanged, this, &MentionList::follow);
    connect(&field_, &QPlainTextEdit::cursorPositionChanged, this, &MentionList::follow);
    connect(&theme, &Theme::changed, this, &MentionList::restyle);
    restyle();
    connect(this, &QListWidget::itemClicked, this, &MentionList::take);
}

std::optional<MentionList::Part> MentionList::part() const
{
    const QTextCursor caret = field_.textCursor();
    if (caret.hasSelection())
        return std::nullopt;
    const QString before = caret.block().text().left(caret.positionInBlock());
    const qsizetype at = before.lastIndexOf(u'@');
    const bool startsWord = at >= 0 && (at == 0 || !before.at(at - 1).isLetterOrNumber()); // not in an e-mail address
    if (!startsWord || before.size() - at > mostPart)
        return std::nullopt;
    return Part{caret.block().position() + static_cast<int>(at), before.mid(at + 1)};
}

void MentionList::follow()
{
    const std::optional<Part> typed = part();
    if (!typed)
        dismissed_ = -1;
    if (!typed || !field_.hasFocus() || typed->at == dismissed_)
        return hide();
    fill(*typed);
    if (count() == 0)
        return hide();
    if (parentWidget() != field_.window())
        setParent(field_.window());
    place(typed->at);
    if (isHidden()) {
        raise();
        show();
    }
    tellCurrentRow(*this);
}

void MentionList::fill(const Part& typed)
{
    clear();
    for (const views::Staff& person : std::as_const(staff_)) {
        const QString name = plainLine(person.name, 100);
        if (count() < mostRows && beginsAWord(name, typed.text))
            StaffDelegate::add(*this, name, plainLine(person.team, 60), person.id.toBytes());
    }
    setCurrentRow(0);
}

void MentionList::place(int at)
{
    QTextCursor mark = field_.textCursor();
    mark.setPosition(at);
    const QRect caret = field_.cursorRect(mark);
    QWidget* host = parentWidget();
    const QPoint above = field_.viewport()->mapTo(host, caret.topLeft());
    const int high = count() * sizeHintForRow(0) + 2 * (edge + frameWidth());
    const int wide = std::min(theme_.grown(listWidth), host->width() - 16);
    const int left = std::clamp(above.x() - 8, 8, std::max(8, host->width() - wide - 8));
    const int top = above.y() - high - 4 >= 0 ? above.y() - high - 4 : above.y() + caret.height() + 4;
    setGeometry(left, top, wide, high);
}

void MentionList::take()
{
    const std::optional<Part> typed = part();
    if (!typed || !currentItem())
        return hide();
    const QString name = currentItem()->text();
    QTextCursor caret = field_.textCursor();
    caret.setPosition(typed->at, QTextCursor::KeepAnchor);
    dismissed_ = typed->at;
    caret.insertText(u'@' + name + u' ');
    hide();
}

bool MentionList::takesKey(int key)
{
    switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        setCurrentRow((currentRow() + (key == Qt::Key_Down ? 1 : count() - 1)) % count());
        tellCurrentRow(*this);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        take();
        return true;
    case Qt::Key_Escape:
        dismissed_ = part().value_or(Part{-1, {}}).at;
        hide();
        return true;
    default:
        return false;
    }
}

bool MentionList::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &field_ && (event->type() == QEvent::FocusOut || event->type() == QEvent::Hide))
        hide();
    const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (watched != &field_ || isHidden() || !isKey)
        return QListWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() != Qt::NoModifier && key->modifiers() != Qt::KeypadModifier)
        return false;
    if (event->type() == QEvent::KeyPress)
        return takesKey(key->key());
    if (key->key() == Qt::Key_Escape) // no shortcut of the window takes it first
        event->accept();
    return false;
}

void MentionList::restyle()
{
    QPalette colours = theme_.palette();
    colours.setColor(QPalette::Window, theme_.colour(Colour::raised));
    colours.setColor(QPalette::WindowText, theme_.colour(Colour::line2)); // of the frame
    setPalette(colours);
}

} // namespace holdfast::ui
