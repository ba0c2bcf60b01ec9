#include "ui/shell/navigation.h"

#include "models/views/when_done.h"
#include "ui/shell/brand.h"
#include "ui/theme/style.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QFuture>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>

namespace holdfast::ui {

using What = NavigationRow::What;

namespace {

constexpr int fullWidth = 208;
constexpr int railWidth = 52;
constexpr int headerHeight = 48;
constexpr int footerHeight = 44;
constexpr int rowHeight = 28;
constexpr int railRowHeight = 38;
constexpr int glyph = 16;
constexpr int railGlyph = 18;
constexpr int footerFace = 26;

class NavigationDelegate : public QStyledItemDelegate
{
public:
    NavigationDelegate(const Theme& theme, const NavigationModel& model, QObject* parent)
        : QStyledItemDelegate(parent), theme_(theme), model_(model)
    {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {40, theme_.grown(model_.rail() ? railRowHeight : rowHeight)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const NavigationRow* row = model_.row(index);
        if (!row)
            return;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (row->what == What::label)
            paintLine(*painter, option.rect.adjusted(12, 0, -12, 0), row->name, Role::small, Colour::text3, theme_);
        else
            paintRow(*painter, option, *row);
        painter->restore();
    }

private:
    void paintRow(QPainter& painter, const QStyleOptionViewItem& option, const NavigationRow& row) const
    {
        const QRect box = option.rect.adjusted(8, model_.rail() ? 1 : 0, -8, model_.rail() ? -1 : 0);
        const bool selected = option.state & QStyle::State_Selected;
        const bool hovered = option.state & QStyle::State_MouseOver;
        if (selected || hovered) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(theme_.colour(selected ? Colour::selected : Colour::hover));
            painter.drawRoundedRect(box, 6, 6);
        }
        if (selected)
            outlineSelected(painter, box, 6, theme_);
        if (selected)
            painter.fillRect(QRect(option.rect.left(), box.top() + 5, 3, box.height() - 10),
                             theme_.colour(Colour::ring));
        const bool strong = selected || row.unread;
        const QColor& ink = theme_.colour(strong ? Colour::text : Colour::text2);
        if (model_.rail()) {
            paintRail(painter, option.rect, row, ink);
        } else {
            paintWords(painter, box, row, strong, ink);
        }
        if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
            paintFocusRing(painter, box, 6, theme_);
    }

    // The badge hangs on the icon's upper right corner, which makes room for it: the icon says what is counted.
    void paintRail(QPainter& painter, const QRect& box, const NavigationRow& row, const QColor& ink) const
    {
        const int side = theme_.grown(railGlyph);
        QRectF icon(box.left() + (box.width() - side) / 2.0, box.top() + (box.height() - side) / 2.0, side, side);
        if (row.badge > 0)
            icon.translate(-3, 3);
        theme_.icons().paintIn(painter, icon, row.icon, side, ink);
        if (row.badge > 0) {
            const int wide = badgeWidth(row.badge, theme_);
            const int right = std::min(static_cast<int>(icon.right()) - 1 + wide, box.right());
            paintBadge(painter, right, static_cast<int>(icon.top()), row.badge, theme_);
        } else if (row.unread) {
            paintUnreadDot(painter, QPointF(icon.right() + 2, icon.top() - 1));
        }
    }

    // A shape, because a darker icon alone says nothing to many.
    void paintUnreadDot(QPainter& painter, const QPointF& centre) const
    {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme_.colour(Colour::ring));
        painter.drawEllipse(centre, 3, 3);
    }

    void paintWords(QPainter& painter, const QRect& box, const NavigationRow& row, bool strong, const QColor& ink) const
    {
        const int side = theme_.grown(18);
        const QRect icon(box.left() + 6, box.top() + (box.height() - side) / 2, side, side);
        if (row.what == What::direct)
            paintAvatar(painter, icon, row.name, AvatarShape::roundedSquare, theme_);
        else
            theme_.icons().paintIn(painter, icon, row.icon, theme_.grown(glyph), ink);
        int right = box.right() + 1 - 8;
        if (row.badge > 0) {
            right -= paintBadge(painter, right + 4, box.center().y() + 1, row.badge, theme_) - 4;
        } else if (row.count > 0) {
            const QString count = QString::number(row.count);
            const int width = textWidth(count, Role::smallPlain, theme_);
            paintLine(painter, QRect(right - width, box.top(), width, box.height()), count, Role::smallPlain,
                      Colour::text2, theme_);
            right -= width;
        }
        const int left = icon.right() + 1 + 8;
        paintLine(painter, QRect(left, box.top(), right - 6 - left, box.height()), row.name,
                  row.unread ? Role::strong
                  : strong   ? Role::name
                             : Role::base,
                  strong ? Colour::text : Colour::text2, theme_);
    }

    const Theme& theme_;
    const NavigationModel& model_;
};

// Looks like a field and opens the palette.
class SearchButton : public QAbstractButton
{
public:
    SearchButton(const Theme& theme, QWidget* parent) : QAbstractButton(parent), theme_(theme)
    {
        setText(Navigation::tr("Search"));
        setAccessibleName(Navigation::tr("Search, Ctrl K"));
        setToolTip(Navigation::tr("Search (Ctrl+K)"));
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setCursor(Qt::PointingHandCursor);
    }
    [[nodiscard]] QSize sizeHint() const override { return {36, theme_.grown(28)}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(theme_.colour(Colour::line2));
        painter.setBrush(theme_.colour(underMouse() ? Colour::hover : Colour::surface));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        const int side = theme_.grown(glyph);
        const bool wide = width() > 90;
        const QRectF icon = wide ? QRectF(8, 0, side, height()) : QRectF(rect());
        theme_.icons().paintIn(painter, icon, Icon::search, side, theme_.colour(Colour::text2));
        if (wide) {
            int right = width() - 5;
            for (const QString& key : {QStringLiteral("K"), QStringLiteral("Ctrl")}) {
                right -= keyCapWidth(key, theme_);
                paintKeyCap(painter, right, height() / 2, key, theme_);
                right -= 4;
            }
            paintLine(painter, QRect(side + 14, 0, right - side - 18, height()), text(), Role::base, Colour::text3,
                      theme_);
        }
        if (hasFocus())
            paintFocusRing(painter, rect(), 6, theme_);
    }

private:
    const Theme& theme_;
};

} // namespace

NavigationView::NavigationView(const Theme& theme, NavigationModel& model, QWidget* parent) : QListView(parent)
{
    setModel(&model);
    setItemDelegate(new NavigationDelegate(theme, model, this));
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Queues and conversations"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    connect(this, &QListView::clicked, this, &NavigationView::taken);
    connect(&theme, &Theme::changed, this, [this] { scheduleDelayedItemsLayout(); });
}

void NavigationView::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (currentIndex().isValid())
            Q_EMIT taken(currentIndex());
        return;
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier) {
            QListView::keyPressEvent(event);
            return;
        }
        break;
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QListView::keyPressEvent(event);
        return;
    default:
        break;
    }
    event->ignore();
}

void NavigationView::focusInEvent(QFocusEvent* event)
{
    QListView::focusInEvent(event);
    if (!currentIndex().isValid() && model()->rowCount() > 0)
        setCurrentIndex(model()->index(0, 0));
}

Navigation::Navigation(const Theme& theme, views::Desk& desk, QWidget* parent)
    : QWidget(parent), theme_(theme), desk_(desk)
{
    build();
    connect(list_, &NavigationView::taken, this, &Navigation::take);
    connect(&desk_.news, &views::DeskNews::threadsChanged, this, &Navigation::load);
    connect(model_, &QAbstractItemModel::modelReset, this, &Navigation::mark);
    connect(&theme_, &Theme::changed, this, [this] {
        layout()->setContentsMargins(0, theme_.grown(headerHeight), 0, 0);
        setRail(model_->rail());
    });
    load();
}

void Navigation::build()
{
    setFixedWidth(theme_.grown(fullWidth));
    model_ = new NavigationModel(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, theme_.grown(headerHeight), 0, 0);
    column->setSpacing(0);
    search_ = new SearchButton(theme_, this);
    connect(static_cast<QAbstractButton*>(search_), &QAbstractButton::clicked, this, &Navigation::searchRequested);
    searchRow_ = new QHBoxLayout;
    searchRow_->setContentsMargins(12, 0, 12, 8);
    searchRow_->addWidget(search_);
    column->addLayout(searchRow_);
    list_ = new NavigationView(theme_, *model_, this);
    column->addWidget(list_, 1);
    footerRow_ = new QHBoxLayout;
    lock_ = new IconButton(theme_, Icon::lock, tr("Lock Holdfast (Ctrl+Shift+L)"), this);
    footerRow_->addStretch();
    footerRow_->addWidget(lock_);
    connect(lock_, &IconButton::clicked, this, &Navigation::lockRequested);
    column->addLayout(footerRow_);
    setRail(false);
}

void Navigation::load()
{
    const quint64 generation = ++generation_;
    views::whenDone(desk_.reader.navigation(), this, [this, generation](const Result<views::Navigation>& facts) {
        if (generation != generation_ || !facts)
            return;
        model_->setFacts(*facts);
        mark();
        update();
        Q_EMIT factsChanged();
    });
}

void Navigation::setRail(bool rail)
{
    setFixedWidth(theme_.grown(rail ? railWidth : fullWidth));
    searchRow_->setContentsMargins(rail ? 8 : 12, 0, rail ? 8 : 12, 8);
    footerRow_->setContentsMargins(12, 8, rail ? (width() - lock_->sizeHint().width()) / 2 : 10, 8);
    model_->setRail(rail);
    mark();
    update();
}

void Navigation::showView(views::View view)
{
    view_ = view;
    conversation_ = {};
    mark();
}

void Navigation::showConversation(const ThreadId& id)
{
    view_.reset();
    conversation_ = id;
    mark();
}

void Navigation::mark()
{
    const QModelIndex index = view_ ? model_->indexOfView(*view_) : model_->indexOfThread(conversation_);
    if (index.isValid())
        list_->setCurrentIndex(index);
    else
        list_->clearSelection();
}

void Navigation::take(const QModelIndex& index)
{
    const NavigationRow* row = model_->row(index);
    if (!row)
        return;
    switch (row->what) {
    case What::queue:
        Q_EMIT viewRequested(row->view);
        break;
    case What::room:
    case What::direct:
        Q_EMIT conversationRequested(row->thread);
        break;
    case What::rooms:
    case What::directs:
        openGroup(index);
        break;
    case What::label:
        break;
    }
}

void Navigation::openGroup(const QModelIndex& index)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool direct = model_->row(index)->what == What::directs;
    for (const views::RoomRow& room : direct ? facts().directs : facts().rooms) {
        QString name = plainLine(room.name, 60).replace(u'&', QStringLiteral("&&"));
        if (!direct)
            name.prepend(u'#');
        if (room.unread > 0)
            name += QStringLiteral("  (%1)").arg(room.unread);
        connect(menu->addAction(name), &QAction::triggered, this,
                [this, id = room.id] { Q_EMIT conversationRequested(id); });
    }
    menu->popup(list_->viewport()->mapToGlobal(list_->visualRect(index).topRight()));
}

void Navigation::stepConversation(int by)
{
    QList<ThreadId> all;
    for (const views::RoomRow& room : facts().rooms)
        all.append(room.id);
    for (const views::RoomRow& room : facts().directs)
        all.append(room.id);
    if (all.isEmpty())
        return;
    const qsizetype at = all.indexOf(conversation_);
    const qsizetype count = all.size();
    const qsizetype next = at < 0 ? (by > 0 ? 0 : count - 1) : (at + by + count) % count;
    Q_EMIT conversationRequested(all.at(next));
}

void Navigation::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    update();
}

void Navigation::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::nav));
    const bool rail = model_->rail();
    const int brand = theme_.grown(24);
    paintBrand(painter, QRectF(rail ? (width() - brand) / 2.0 : 12, theme_.grown(12), brand, brand), theme_);
    const views::Navigation& known = facts();
    if (!rail) {
        const int left = 12 + brand + 8;
        const int lineHeight = theme_.lineHeight(Role::small);
        paintLine(painter, QRect(left, 7, width() - left - 12, theme_.lineHeight(Role::strong)),
                  QStringLiteral("Holdfast"), Role::strong, Colour::text, theme_);
        paintLine(painter, QRect(left, 6 + theme_.lineHeight(Role::strong) - 1, width() - left - 12, lineHeight),
                  plainLine(known.organisation, 80), Role::smallPlain, Colour::text2, theme_);
    }
    const int tall = theme_.grown(footerHeight);
    const QRect footer(0, height() - tall, width(), tall);
    paintHairline(painter, footer, Qt::TopEdge, theme_.colour(Colour::line));
    if (rail)
        return;
    const int face = theme_.grown(footerFace);
    paintAvatar(painter, QRectF(12, footer.top() + (tall - face) / 2.0, face, face), desk_.me.name,
                AvatarShape::roundedSquare, theme_);
    const int left = 12 + face + 8;
    const QRect words(left, footer.top() + 5, lock_->x() - left - 6, theme_.lineHeight(Role::name));
    paintLine(painter, words, plainLine(desk_.me.name, 100), Role::name, Colour::text, theme_);
    paintLine(painter, words.translated(0, words.height() - 2), plainLine(facts().me.team, 60), Role::smallPlain,
              Colour::text2, theme_);
}

} // namespace holdfast::ui
