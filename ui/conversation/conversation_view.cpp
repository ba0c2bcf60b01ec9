#include "ui/conversation/conversation_view.h"

#include "ui/conversation/conversation_access.h"
#include "ui/conversation/item_painter.h"
#include "ui/conversation/new_below_pill.h"
#include "ui/conversation/pictures.h"
#include "ui/theme/words.h"

#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>

namespace holdfast::ui {

namespace {

constexpr int endPadding = 12;
constexpr int glideMs = 120;
constexpr int flashMs = 900;
constexpr int nearEnd = 4; // px

} // namespace

ConversationView::ConversationView(const Theme& theme, views::ThreadWindow& window, Pictures& pictures,
                                   const Clock& clock, UserId me, QWidget* parent)
    : QAbstractScrollArea(parent), theme_(theme), window_(window), pictures_(pictures), clock_(clock), me_(me)
{
    installConversationAccess();
    setAccessibleName(tr("Messages"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    verticalScrollBar()->setSingleStep(48);
    pill_ = new NewBelowPill(theme, viewport());
    pill_->hide();
    tops_.assign(1, 0);
    wire();
    rebuild(true);
}

ConversationView::~ConversationView() = default;

void ConversationView::wire()
{
    using views::ThreadWindow;
    connect(&window_, &ThreadWindow::reset, this, &ConversationView::startAgain);
    connect(&window_, &ThreadWindow::inserted, this, [this] { keepingPlace([this] { takeItems(); }); });
    connect(&window_, &ThreadWindow::removed, this, [this] { keepingPlace([this] { takeItems(); }); });
    connect(&window_, &ThreadWindow::changed, this, [this](int first, int count) {
        keepingPlace([&] {
            for (int row = first; row < first + count && row < static_cast<int>(items_.size()); ++row)
                items_[static_cast<size_t>(row)]->set(window_.at(row), window_.place(row), context());
        });
    });
    connect(&window_, &ThreadWindow::arrived, this, [this](int count) {
        newBelow_ = isAtNewest() ? 0 : newBelow_ + count;
        placePill();
        announceArrived(*this, count);
    });
    connect(&window_, &ThreadWindow::loadedChanged, this, [this] { viewport()->update(); });
    connect(&theme_, &Theme::changed, this, [this] { keepingPlace([this] { rebuild(true); }); });
    connect(&pictures_, &Pictures::ready, this, [this] { viewport()->update(); });
    connect(pill_, &QAbstractButton::clicked, this, &ConversationView::showNewest);
    connect(&glide_, &QVariantAnimation::valueChanged, this,
            [this](const QVariant& value) { verticalScrollBar()->setValue(value.toInt()); });
    flashTimer_.setSingleShot(true);
    flashTimer_.setInterval(flashMs);
    connect(&flashTimer_, &QTimer::timeout, this, [this] {
        flashed_ = {};
        viewport()->update();
    });
    dragTimer_.setInterval(40);
    connect(&dragTimer_, &QTimer::timeout, this, &ConversationView::dragScroll);
}

ItemContext ConversationView::context() const
{
    return {theme_, me_, isRoom_, names_, clock_.now(), transfers_, isOnline_, holeFailures_};
}

void ConversationView::setOnline(bool online)
{
    if (online == isOnline_)
        return;
    isOnline_ = online;
    holeFailures_.clear(); // each is asked for again
    keepingPlace([this] { rebuild(true); });
}

void ConversationView::setHoleFailure(const EntryId& hole, const QString& words)
{
    if (words.isEmpty() ? holeFailures_.remove(hole) == 0 : holeFailures_.value(hole) == words)
        return;
    if (!words.isEmpty())
        holeFailures_.insert(hole, words);
    keepingPlace([this] { rebuild(true); });
}

void ConversationView::setTransfer(const BlobId& id, const std::optional<views::Transfer>& transfer)
{
    if (transfer)
        transfers_.insert(id, *transfer);
    else
        transfers_.remove(id);
    viewport()->update();
}

void ConversationView::setRoom(bool isRoom)
{
    if (isRoom == isRoom_)
        return;
    isRoom_ = isRoom;
    keepingPlace([this] { rebuild(true); });
}

void ConversationView::setStaff(const QList<views::Staff>& staff)
{
    names_.clear();
    for (const views::Staff& person : staff)
        names_.insert(person.id, person.name);
    keepingPlace([this] { rebuild(true); });
}

void ConversationView::keepingPlace(const std::function<void()>& change)
{
    const Anchor kept = anchor();
    change();
    layOut();
    restore(kept);
    afterScroll();
}

ConversationView::Anchor ConversationView::anchor() const
{
    Anchor kept;
    kept.atNewest = follows_;
    int row = firstVisible();
    if (row < 0)
        return kept;
    // What is missing changes and goes as it is filled: the message below it is what stays.
    if (row + 1 < static_cast<int>(items_.size()) &&
        items_[static_cast<size_t>(row)]->message().kind == views::MessageKind::hole)
        ++row;
    const MessageItem& item = *items_[static_cast<size_t>(row)];
    kept.message = item.message().id;
    kept.y = itemTop(row) + item.geometry().body.top();
    return kept;
}

void ConversationView::restore(const Anchor& kept)
{
    const QScopedValueRollback guard(restoring_, true);
    QScrollBar* bar = verticalScrollBar();
    const int row = window_.rowOf(kept.message);
    if (kept.atNewest && !window_.hasMoreAfter()) {
        bar->setValue(bar->maximum());
    } else if (row >= 0 && row < static_cast<int>(items_.size())) {
        const int body = items_[static_cast<size_t>(row)]->geometry().body.top();
        bar->setValue(tops_[static_cast<size_t>(row)] + body - kept.y);
    }
}

void ConversationView::rebuild(bool textsToo)
{
    takeItems();
    if (!textsToo)
        return;
    const ItemContext shared = context();
    for (size_t row = 0; row < items_.size(); ++row)
        items_[row]->set(window_.at(static_cast<int>(row)), window_.place(static_cast<int>(row)), shared);
    viewport()->update();
}

void ConversationView::takeItems()
{
    QHash<EntryId, size_t> known;
    for (size_t row = 0; row < items_.size(); ++row)
        known.insert(items_[row]->message().id, row);
    std::vector<std::unique_ptr<MessageItem>> next;
    next.reserve(static_cast<size_t>(window_.count()));
    const ItemContext shared = context();
    for (int row = 0; row < window_.count(); ++row) {
        const auto old = known.constFind(window_.at(row).id);
        if (old == known.constEnd()) {
            next.push_back(std::make_unique<MessageItem>(window_.at(row), window_.place(row), shared));
            continue;
        }
        next.push_back(std::move(items_[*old]));
        if (next.back()->place() != window_.place(row))
            next.back()->set(window_.at(row), window_.place(row), shared);
    }
    items_ = std::move(next);
    dropMessageAccess(*this);
}

void ConversationView::layOut()
{
    column_ = columnFor(viewport()->width(), isRoom_, theme_);
    const ItemContext shared = context();
    tops_.assign(1, isRoom_ ? 8 : 0);
    tops_.reserve(items_.size() + 1);
    for (const auto& item : items_)
        tops_.push_back(tops_.back() + item->layout(column_, shared));
    const QScopedValueRollback guard(restoring_, true);
    QScrollBar* bar = verticalScrollBar();
    bar->setPageStep(viewport()->height());
    bar->setRange(0, std::max(0, tops_.back() + endPadding - viewport()->height()));
    viewport()->update();
}

void ConversationView::startAgain()
{
    glide_.stop();
    const bool sameThread = window_.rowOf(focused_) >= 0;
    if (!sameThread)
        focused_ = {};
    if (window_.rowOf(from_.message) < 0 || window_.rowOf(to_.message) < 0)
        from_ = to_ = {};
    if (!window_.isLoaded()) {
        holeFailures_.clear();
        seen_ = {};
        newBelow_ = 0;
        follows_ = true;
    }
    takeItems();
    layOut();
    settle();
}

void ConversationView::settle()
{
    if (window_.count() == 0)
        return afterScroll();
    const int target = window_.rowOf(aim_);
    const auto unread = window_.firstUnread();
    const int line = unread && seen_.value == 0 ? window_.rowOf(*unread) : -1;
    if (std::exchange(toFirst_, false)) {
        follows_ = false;
        scrollTo(verticalScrollBar()->minimum(), false);
    } else if (target >= 0) {
        const EntryId message = std::exchange(aim_, EntryId());
        follows_ = false;
        reveal(target);
        flash(message);
    } else if (line >= 0) {
        // The unread line stands in the upper third, with what was read before above it.
        follows_ = false;
        scrollTo(tops_[static_cast<size_t>(line)] - viewport()->height() / 4, false);
    } else {
        scrollTo(verticalScrollBar()->maximum(), false);
    }
    afterScroll();
}

void ConversationView::aimAt(const EntryId& message)
{
    const int row = window_.rowOf(message);
    if (row < 0) {
        aim_ = message;
        return;
    }
    aim_ = {};
    follows_ = false;
    reveal(row);
    flash(message);
}

void ConversationView::flash(const EntryId& message)
{
    flashed_ = message;
    flashTimer_.start();
    viewport()->update();
}

void ConversationView::reveal(int row)
{
    const ItemGeometry& g = items_[static_cast<size_t>(row)]->geometry();
    const int top = tops_[static_cast<size_t>(row)] + g.body.top();
    const int spare = std::max(0, viewport()->height() - g.body.height());
    scrollTo(top - spare / 3, true);
}

void ConversationView::scrollTo(int value, bool animated)
{
    QScrollBar* bar = verticalScrollBar();
    const int goal = std::clamp(value, bar->minimum(), bar->maximum());
    glide_.stop();
    // Only short ways glide: a long one would show what nobody can read.
    const bool isShort = std::abs(goal - bar->value()) < 2 * viewport()->height();
    if (!animated || !isShort || !isVisible() || style()->styleHint(QStyle::SH_Widget_Animation_Duration) == 0) {
        bar->setValue(goal);
        return afterScroll();
    }
    glide_.setDuration(glideMs);
    glide_.setStartValue(bar->value());
    glide_.setEndValue(goal);
    glide_.setEasingCurve(QEasingCurve::OutCubic);
    glide_.start();
}

void ConversationView::showNewest()
{
    follows_ = true;
    newBelow_ = 0;
    if (window_.hasMoreAfter())
        window_.goToNewest();
    else
        scrollTo(verticalScrollBar()->maximum(), true);
}

void ConversationView::showFirst(bool again)
{
    follows_ = false;
    toFirst_ = again || window_.hasMoreBefore();
    if (toFirst_)
        window_.goTo({1, 0});
    verticalScrollBar()->setValue(verticalScrollBar()->minimum());
}

bool ConversationView::isAtNewest() const
{
    return !window_.hasMoreAfter() && verticalScrollBar()->value() >= verticalScrollBar()->maximum() - nearEnd;
}

void ConversationView::scrollContentsBy(int, int)
{
    viewport()->update();
    if (!restoring_)
        afterScroll();
}

void ConversationView::afterScroll()
{
    const bool gliding = glide_.state() == QAbstractAnimation::Running;
    if (!restoring_ && !gliding)
        follows_ = isAtNewest();
    if (isAtNewest())
        newBelow_ = 0;
    placePill();
    updateSeen();
    const int first = firstVisible();
    if (first < 0)
        return;
    window_.setVisible(first, lastVisible());
    if (!isVisible() || restoring_)
        return;
    for (int row = firstVisible(); row >= 0 && row <= lastVisible(); ++row) {
        const views::Message& shown = items_[static_cast<size_t>(row)]->message();
        if (shown.kind == views::MessageKind::hole)
            Q_EMIT holeShown(shown.id);
    }
}

void ConversationView::updateSeen()
{
    if (!isVisible() || window_.count() == 0)
        return;
    const ThreadSeq before = seen_;
    const int first = std::max(0, firstVisible());
    for (int row = first; row <= lastVisible(); ++row)
        seen_.value = std::max(seen_.value, window_.at(row).key.threadSeq);
    if (before != seen_)
        Q_EMIT seenChanged();
}

int ConversationView::contentTop() const
{
    // A short conversation stands at the bottom, next to where its next message appears.
    const int spare = viewport()->height() - tops_.back() - endPadding;
    return std::max(0, spare) - verticalScrollBar()->value();
}

int ConversationView::itemTop(int row) const
{
    return contentTop() + tops_[static_cast<size_t>(row)];
}

int ConversationView::firstVisible() const
{
    if (items_.empty())
        return -1;
    const int y = -contentTop();
    const auto below = std::upper_bound(tops_.begin(), tops_.end(), std::max(y, tops_.front()));
    return std::clamp(static_cast<int>(below - tops_.begin()) - 1, 0, static_cast<int>(items_.size()) - 1);
}

int ConversationView::lastVisible() const
{
    if (items_.empty())
        return -1;
    const int y = viewport()->height() - contentTop();
    const auto below = std::lower_bound(tops_.begin(), tops_.end(), y);
    return std::clamp(static_cast<int>(below - tops_.begin()) - 1, 0, static_cast<int>(items_.size()) - 1);
}

const MessageItem* ConversationView::item(int row) const
{
    return row >= 0 && row < static_cast<int>(items_.size()) ? items_[static_cast<size_t>(row)].get() : nullptr;
}

QRect ConversationView::bodyOf(const EntryId& message) const
{
    const MessageItem* found = item(window_.rowOf(message));
    return found ? found->geometry().body.translated(0, itemTop(window_.rowOf(message))) : QRect();
}

int ConversationView::heavyCount() const
{
    return static_cast<int>(std::count_if(items_.begin(), items_.end(), [](const auto& i) { return i->isHeavy(); }));
}

} // namespace holdfast::ui
