#include "phone/window/chat_view.h"

#include "ui/widgets/painting.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

namespace holdfast::phone {
namespace {

constexpr qsizetype mostBubbles = 1000;
constexpr int nearNewest = 8; // px

} // namespace

ChatDelegate::ChatDelegate(const ui::Theme& theme, const ChatModel& model, const Thumbnails& thumbnails,
                           QObject* parent)
    : QStyledItemDelegate(parent), theme_(theme), model_(model), thumbnails_(thumbnails)
{}

const Bubble& ChatDelegate::bubble(int row) const
{
    const PhoneRow& wanted = model_.row(row);
    const QSize picture = wanted.message.picture.isEmpty() ? QSize() : thumbnails_.find(wanted.message.picture).size();
    std::shared_ptr<Bubble>& known = bubbles_[wanted.message.key];
    if (!known || !known->isFor(wanted, picture, width_)) {
        known = std::make_shared<Bubble>(theme_, wanted, picture, width_);
        if (bubbles_.size() > mostBubbles) {
            const std::shared_ptr<Bubble> kept = known;
            bubbles_.clear();
            return *(bubbles_[wanted.message.key] = kept);
        }
    }
    return *known;
}

void ChatDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const PhoneRow& row = model_.row(index.row());
    const bool isFocused = option.state.testFlag(QStyle::State_HasFocus);
    painter->save();
    painter->translate(option.rect.topLeft());
    bubble(index.row())
        .paint(*painter, thumbnails_.find(row.message.picture), thumbnails_.isBroken(row.message.picture), isFocused);
    painter->restore();
}

QSize ChatDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    constexpr int breath = 10; // under the newest
    const bool isLast = index.row() + 1 == model_.rowCount();
    return {1, bubble(index.row()).height() + (isLast ? breath : 0)};
}

ChatView::ChatView(const ui::Theme& theme, const Handset& handset, QWidget* parent)
    : QListView(parent), theme_(theme), handset_(handset), model_(handset.businessName()),
      delegate_(theme, model_, handset.thumbnails(), nullptr)
{
    setAccessibleName(tr("Chat"));
    setFrameShape(QFrame::NoFrame);
    setModel(&model_);
    setItemDelegate(&delegate_);
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setResizeMode(QListView::Adjust);
    setTabKeyNavigation(false);
    verticalScrollBar()->setSingleStep(24);
    restyle();
    connect(&theme, &ui::Theme::changed, this, &ChatView::restyle);
    connect(&handset, &Handset::changed, this, &ChatView::refresh);
    refresh();
}

void ChatView::restyle()
{
    QPalette colours = palette();
    colours.setColor(QPalette::Base, theme_.colour(ui::Colour::chat));
    setPalette(colours);
    delegate_.startAgain();
    scheduleDelayedItemsLayout();
}

bool ChatView::isAtNewest() const
{
    return verticalScrollBar()->value() >= verticalScrollBar()->maximum() - nearNewest;
}

void ChatView::refresh()
{
    const bool other = customer_ != handset_.person().number;
    const std::vector<PhoneMessage> messages = handset_.messages();
    const bool wrote = static_cast<int>(messages.size()) > model_.rowCount() && messages.back().isOwn;
    const bool follow = other || wrote || isAtNewest();
    customer_ = handset_.person().number;
    if (other)
        model_.set({}, handset_.now());
    model_.set(messages, handset_.now());
    scheduleDelayedItemsLayout(); // a photo that is there now may have another shape than its place holder
    if (follow)
        scrollToBottom();
    viewport()->update();
}

void ChatView::paintEvent(QPaintEvent* event)
{
    QListView::paintEvent(event);
    if (model_.rowCount() > 0)
        return;
    QPainter painter(viewport());
    const QRect line(12, 12, viewport()->width() - 24, theme_.lineHeight(ui::Role::base));
    ui::paintLine(painter, line, tr("No messages yet. Write one below."), ui::Role::base, ui::Colour::text2, theme_);
}

void ChatView::resizeEvent(QResizeEvent* event)
{
    const bool follow = isAtNewest();
    delegate_.setWidth(width());
    QListView::resizeEvent(event);
    doItemsLayout();
    if (follow)
        scrollToBottom();
}

// By key one comes to the newest message, not to the oldest.
void ChatView::focusInEvent(QFocusEvent* event)
{
    if (!currentIndex().isValid() && model_.rowCount() > 0)
        setCurrentIndex(model_.index(model_.rowCount() - 1));
    QListView::focusInEvent(event);
}

void ChatView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy) && currentIndex().isValid()) {
        QGuiApplication::clipboard()->setText(currentIndex().data().toString());
        return;
    }
    // Letters go on to the window instead of searching in the list.
    if (!event->text().isEmpty() && event->text().front().isPrint()) {
        event->ignore();
        return;
    }
    QListView::keyPressEvent(event);
}

} // namespace holdfast::phone
