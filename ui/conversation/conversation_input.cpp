#include "ui/conversation/conversation_view.h"
#include "ui/conversation/message_words.h"
#include "ui/theme/words.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>

namespace holdfast::ui {

ConversationView::Hit ConversationView::hitAt(const QPoint& point) const
{
    using What = Hit::What;
    if (items_.empty() || point.y() < itemTop(0))
        return {};
    const auto below = std::upper_bound(tops_.begin(), tops_.end(), point.y() - contentTop());
    const int row = static_cast<int>(below - tops_.begin()) - 1;
    const MessageItem* hit = item(row);
    if (!hit)
        return {};
    const ItemGeometry& g = hit->geometry();
    const QPoint at = point - QPoint(0, itemTop(row));
    if (g.retry.contains(at))
        return {What::retry, row, 0};
    if (g.letGo.contains(at))
        return {What::letGo, row, 0};
    if (g.why.contains(at))
        return {What::why, row, 0};
    if (g.quote.contains(at))
        return {What::quote, row, 0};
    for (size_t i = 0; i < g.photos.size(); ++i) {
        if (g.photos[i].contains(at))
            return {What::photo, row, hit->pictures()[i]};
    }
    for (size_t i = 0; i < g.files.size(); ++i) {
        if (g.files[i].contains(at))
            return {What::file, row, hit->files()[i]};
    }
    if (g.text.contains(at))
        return {What::text, row, hit->text.offsetAt(at - g.text.topLeft())};
    return {g.body.contains(at) ? What::body : What::nothing, row, 0};
}

// The nearest place in a text, also beside and between messages, so that a drag can start anywhere.
TextSpot ConversationView::spotAt(const QPoint& point) const
{
    if (items_.empty())
        return {};
    const auto below = std::upper_bound(tops_.begin(), tops_.end(), point.y() - contentTop());
    const int row = std::clamp(static_cast<int>(below - tops_.begin()) - 1, 0, static_cast<int>(items_.size()) - 1);
    const MessageItem& shown = *items_[static_cast<size_t>(row)];
    const QPoint at = point - QPoint(0, itemTop(row)) - shown.geometry().text.topLeft();
    return {shown.message().id, shown.text.offsetAt(at)};
}

std::pair<TextSpot, TextSpot> ConversationView::orderedSelection() const
{
    const int from = window_.rowOf(from_.message);
    const int to = window_.rowOf(to_.message);
    const bool forward = from < to || (from == to && from_.offset <= to_.offset);
    return forward ? std::pair(from_, to_) : std::pair(to_, from_);
}

TextRange ConversationView::selectionIn(int row) const
{
    if (!hasSelection())
        return {};
    const auto [first, last] = orderedSelection();
    const int from = window_.rowOf(first.message);
    const int to = window_.rowOf(last.message);
    if (from < 0 || to < 0 || row < from || row > to)
        return {};
    const int size = static_cast<int>(items_[static_cast<size_t>(row)]->text.text().size());
    return {row == from ? first.offset : 0, row == to ? last.offset : size};
}

void ConversationView::clearSelection()
{
    from_ = to_ = {};
    viewport()->update();
}

QString ConversationView::selectedText() const
{
    if (!hasSelection()) {
        const int row = window_.rowOf(focused_);
        return row < 0 ? QString() : window_.at(row).text;
    }
    const auto [first, last] = orderedSelection();
    const int from = window_.rowOf(first.message);
    const int to = window_.rowOf(last.message);
    if (from < 0 || to < 0) // an end of it is no longer held: rather nothing than a part
        return {};
    QStringList parts;
    for (int row = std::max(0, from); row <= to && row < static_cast<int>(items_.size()); ++row) {
        const MessageItem& shown = *items_[static_cast<size_t>(row)];
        if (shown.message().kind == views::MessageKind::hole)
            continue;
        const TextRange range = selectionIn(row);
        QString text = shown.text.text().mid(range.start, range.end - range.start);
        text.replace(QChar::LineSeparator, u'\n');
        if (from == to)
            return text;
        const bool isNote = shown.message().kind == views::MessageKind::note;
        const QString who = plainLine(shown.message().authorName, 80);
        const QString mark = isNote ? noteHeading() + QStringLiteral(", ") : QString();
        parts.append(QStringLiteral("[%1%2] %3: %4").arg(mark, dateAndTime(shown.message().at), who, text));
    }
    return parts.join(u'\n');
}

void ConversationView::copy() const
{
    const QString text = selectedText();
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void ConversationView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    keyFocus_ = false;
    pressed_ = hitAt(event->position().toPoint());
    if (pressed_.row >= 0)
        setFocusedMessage(window_.at(pressed_.row).id);
    using What = Hit::What;
    selecting_ = pressed_.what == What::text || pressed_.what == What::body || pressed_.what == What::nothing;
    const TextSpot spot = spotAt(event->position().toPoint());
    if (selecting_ && event->modifiers().testFlag(Qt::ShiftModifier) && !from_.message.isNull())
        to_ = spot;
    else
        from_ = to_ = spot;
    viewport()->update();
}

void ConversationView::mouseMoveEvent(QMouseEvent* event)
{
    using What = Hit::What;
    const QPoint at = event->position().toPoint();
    if (event->buttons().testFlag(Qt::LeftButton) && selecting_) {
        to_ = spotAt(at);
        dragAt_ = at;
        const bool outside = at.y() < 0 || at.y() > viewport()->height();
        if (outside && !dragTimer_.isActive())
            dragTimer_.start();
        viewport()->update();
        return;
    }
    const What what = hitAt(at).what;
    const bool link = what == What::quote || what == What::photo || what == What::file || what == What::retry ||
                      what == What::letGo || what == What::why;
    viewport()->setCursor(link ? Qt::PointingHandCursor : what == What::text ? Qt::IBeamCursor : Qt::ArrowCursor);
}

void ConversationView::dragScroll()
{
    const bool pressed = QGuiApplication::mouseButtons().testFlag(Qt::LeftButton);
    const int past = dragAt_.y() < 0 ? dragAt_.y() : dragAt_.y() - viewport()->height();
    if (!pressed || !selecting_ || (dragAt_.y() >= 0 && past <= 0))
        return dragTimer_.stop();
    verticalScrollBar()->setValue(verticalScrollBar()->value() + std::clamp(past, -60, 60));
    to_ = spotAt(QPoint(dragAt_.x(), std::clamp(dragAt_.y(), 0, viewport()->height() - 1)));
}

void ConversationView::mouseReleaseEvent(QMouseEvent* event)
{
    dragTimer_.stop();
    selecting_ = false;
    const Hit released = hitAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && released.what == pressed_.what && released.row == pressed_.row)
        activate(released);
    pressed_ = {};
}

void ConversationView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const Hit hit = hitAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || hit.what != Hit::What::text)
        return;
    const MessageItem& shown = *items_[static_cast<size_t>(hit.row)];
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, shown.text.text());
    finder.setPosition(hit.index);
    const qsizetype start = finder.isAtBoundary() ? hit.index : finder.toPreviousBoundary();
    finder.setPosition(hit.index);
    const qsizetype end = finder.toNextBoundary();
    from_ = {shown.message().id, static_cast<int>(std::max<qsizetype>(0, start))};
    to_ = {shown.message().id, static_cast<int>(end < 0 ? shown.text.text().size() : end)};
    viewport()->update();
}

void ConversationView::activate(const Hit& hit)
{
    using What = Hit::What;
    if (hit.row < 0 || hit.row >= window_.count())
        return;
    const EntryId message = window_.at(hit.row).id;
    switch (hit.what) {
    case What::retry:
        Q_EMIT retryRequested(message);
        break;
    case What::letGo:
        Q_EMIT letGoRequested(message);
        break;
    case What::why:
        Q_EMIT whyRequested(message);
        break;
    case What::quote:
        followQuote(hit.row);
        break;
    case What::photo:
        if (window_.at(hit.row).attachments.at(hit.index).state == views::AttachmentView::State::good)
            Q_EMIT photoActivated(message, hit.index);
        break;
    case What::file:
        Q_EMIT fileActivated(message, hit.index);
        break;
    case What::body:
    case What::text:
        if (window_.at(hit.row).kind == views::MessageKind::hole && !hasSelection())
            Q_EMIT holeWanted(message);
        return;
    case What::nothing:
        break;
    }
}

void ConversationView::followQuote(int row)
{
    const auto& quote = window_.at(row).quote;
    if (!quote)
        return;
    aimAt(quote->message);
    if (window_.rowOf(quote->message) < 0)
        Q_EMIT messageWanted(quote->message);
}

void ConversationView::setFocusedMessage(const EntryId& message)
{
    if (message == focused_)
        return;
    focused_ = message;
    viewport()->update();
    Q_EMIT focusedMessageChanged();
}

void ConversationView::moveFocus(int step)
{
    if (items_.empty())
        return;
    const int current = window_.rowOf(focused_);
    const int from = current < 0 ? lastVisible() : current + step;
    const int row = std::clamp(from, 0, window_.count() - 1);
    setFocusedMessage(window_.at(row).id);
    const ItemGeometry& g = items_[static_cast<size_t>(row)]->geometry();
    const int top = itemTop(row);
    const int past = top + g.height + 8 - viewport()->height();
    // A message taller than the view shows its beginning first; further presses page through it.
    if (top < 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + top);
    else if (past > 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + std::min(past, top));
}

bool ConversationView::pageKey(int key)
{
    QScrollBar* bar = verticalScrollBar();
    const int page = std::max(48, viewport()->height() - 48);
    switch (key) {
    case Qt::Key_PageUp:
        bar->setValue(bar->value() - page);
        break;
    case Qt::Key_PageDown:
        bar->setValue(bar->value() + page);
        break;
    case Qt::Key_Home:
        Q_EMIT firstWanted();
        showFirst();
        break;
    case Qt::Key_End:
        showNewest();
        break;
    default:
        return false;
    }
    if (!items_.empty())
        setFocusedMessage(window_.at(key == Qt::Key_PageUp || key == Qt::Key_Home ? firstVisible() : lastVisible()).id);
    return true;
}

void ConversationView::keyPressEvent(QKeyEvent* event)
{
    keyFocus_ = true;
    const int row = window_.rowOf(focused_);
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->modifiers() == Qt::NoModifier && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        moveFocus(event->key() == Qt::Key_Up ? -1 : 1);
    } else if (event->key() == Qt::Key_Escape && hasSelection()) {
        clearSelection();
    } else if (row >= 0 && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
               event->modifiers() == Qt::NoModifier) {
        const QList<Act> acts = actsOf(focused_);
        if (!acts.isEmpty() && acts.first() != Act::answer)
            perform(focused_, acts.first());
    } else if (!pageKey(event->key())) {
        event->ignore(); // letters belong to the pane
        return;
    }
    viewport()->update();
}

QList<ConversationView::Act> ConversationView::actsOf(const EntryId& id) const
{
    const int row = window_.rowOf(id);
    if (row < 0)
        return {};
    const views::Message& message = window_.at(row);
    const MessageItem& shown = *items_[static_cast<size_t>(row)];
    QList<Act> acts;
    if (message.kind == views::MessageKind::hole)
        acts.append(Act::fetch);
    if (!shown.pictures().empty())
        acts.append(Act::openPhoto);
    if (!shown.files().empty())
        acts.append(Act::openFile);
    if (message.notSent && message.mayRetry)
        acts.append(Act::retry);
    if (shown.mayLetGo())
        acts.append(Act::letGo);
    if (message.notSent)
        acts.append(Act::why);
    if (message.quote)
        acts.append(Act::followQuote);
    using views::MessageKind;
    const bool sent = message.kind == MessageKind::reply && !message.pending;
    if (!isRoom_ && (message.kind == MessageKind::customer || sent))
        acts.append(Act::answer);
    return acts;
}

void ConversationView::perform(const EntryId& id, Act act)
{
    const int row = window_.rowOf(id);
    if (row < 0 || !actsOf(id).contains(act))
        return;
    const MessageItem& shown = *items_[static_cast<size_t>(row)];
    switch (act) {
    case Act::openPhoto:
        return activate({Hit::What::photo, row, shown.pictures().front()});
    case Act::openFile:
        return activate({Hit::What::file, row, shown.files().front()});
    case Act::followQuote:
        return followQuote(row);
    case Act::retry:
        Q_EMIT retryRequested(id);
        return;
    case Act::letGo:
        Q_EMIT letGoRequested(id);
        return;
    case Act::why:
        Q_EMIT whyRequested(id);
        return;
    case Act::answer:
        Q_EMIT answerRequested(id);
        return;
    case Act::fetch:
        Q_EMIT holeWanted(id);
        return;
    }
}

void ConversationView::addActs(QMenu& menu, const views::Message& message)
{
    for (int i = 0; i < static_cast<int>(message.attachments.size()); ++i) {
        QString name = attachmentName(message.attachments.at(i));
        connect(menu.addAction(tr("Open or save %1...").arg(name.replace(u'&', QStringLiteral("&&")))),
                &QAction::triggered, this, [this, id = message.id, i] { Q_EMIT fileActivated(id, i); });
    }
    const QList<Act> acts = actsOf(message.id);
    for (const Act act : {Act::fetch, Act::followQuote, Act::answer, Act::retry, Act::letGo, Act::why}) {
        if (acts.contains(act))
            connect(menu.addAction(actWords(act)), &QAction::triggered, this,
                    [this, id = message.id, act] { perform(id, act); });
    }
}

QString ConversationView::actWords(Act act)
{
    switch (act) {
    case Act::openPhoto:
        return tr("Open the photo");
    case Act::openFile:
        return tr("Open or save the file");
    case Act::followQuote:
        return tr("Show the quoted message");
    case Act::retry:
        return retryWords();
    case Act::letGo:
        return letGoWords();
    case Act::why:
        return tr("Why was it not sent?");
    case Act::answer:
        return tr("Reply to this message");
    case Act::fetch:
        return tr("Fetch these messages");
    }
    return {};
}

void ConversationView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const Hit hit = byKey ? Hit{Hit::What::body, window_.rowOf(focused_), 0} : hitAt(event->pos());
    if (hit.row < 0)
        return;
    const views::Message& message = window_.at(hit.row);
    setFocusedMessage(message.id);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* copying = menu->addAction(hasSelection() ? tr("Copy selection") : tr("Copy text"));
    copying->setEnabled(!selectedText().isEmpty());
    connect(copying, &QAction::triggered, this, &ConversationView::copy);
    addActs(*menu, message);
    const QPoint at = byKey ? mapToGlobal(bodyOf(focused_).center()) : event->globalPos();
    menu->popup(at);
}

} // namespace holdfast::ui
