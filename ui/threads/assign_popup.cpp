#include "ui/threads/assign_popup.h"

#include "models/views/when_done.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QFuture>
#include <QKeyEvent>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int idRole = Qt::UserRole; // bytes of the user's id; empty: nobody
constexpr int teamRole = Qt::UserRole + 1;
constexpr int scopeRole = Qt::UserRole + 2; // bytes of a team's scope: hands the thread over instead
constexpr int rowHeight = 36;
constexpr int cardWidth = 360;

class StaffDelegate : public QStyledItemDelegate
{
public:
    StaffDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme) {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override
    {
        return {100, theme_.grown(rowHeight)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const QRect box = option.rect.adjusted(8, 1, -8, -1);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme_.colour(option.state & QStyle::State_Selected ? Colour::selected : Colour::hover));
            painter->drawRoundedRect(box, 6, 6);
        }
        if (option.state & QStyle::State_Selected)
            outlineSelected(*painter, box, 6, theme_);
        const QString name = index.data(Qt::DisplayRole).toString();
        const QRect picture(box.left() + 8, box.center().y() - 11, 24, 24);
        if (!index.data(scopeRole).toByteArray().isEmpty())
            theme_.icons().paintIn(*painter, picture, Icon::people, 16, theme_.colour(Colour::text2));
        else if (index.data(idRole).toByteArray().isEmpty())
            theme_.icons().paintIn(*painter, picture, Icon::person, 16, theme_.colour(Colour::text2));
        else
            paintAvatar(*painter, picture, name, AvatarShape::roundedSquare, theme_);
        const QString team = index.data(teamRole).toString();
        const int teamWidth = std::min(textWidth(team, Role::secondary, theme_), 120);
        paintLine(*painter, QRect(box.right() - 8 - teamWidth, box.top(), teamWidth, box.height()), team,
                  Role::secondary, Colour::text2, theme_, Qt::AlignRight);
        const int left = picture.right() + 9;
        paintLine(*painter, QRect(left, box.top(), box.right() - 16 - teamWidth - left, box.height()), name, Role::name,
                  Colour::text, theme_);
        painter->restore();
    }

private:
    const Theme& theme_;
};

} // namespace

AssignPopup::AssignPopup(const Theme& theme, views::Desk& desk, QWidget* window)
    : Overlay(theme, tr("Assign this thread"), window), desk_(desk)
{
    build();
    setCardGeometry(cardWidth, theme.grown(420), 96);
    connect(field_, &QLineEdit::textChanged, this, &AssignPopup::fill);
    connect(list_, &QListWidget::itemClicked, this, &AssignPopup::take);
}

void AssignPopup::build()
{
    auto* column = new QVBoxLayout(&card());
    column->setContentsMargins(0, 14, 0, 8);
    column->setSpacing(8);
    title_ = new TextLabel(theme(), Role::title, Colour::text, &card());
    title_->setElided(true);
    title_->setContentsMargins(16, 0, 16, 0);
    column->addWidget(title_);
    field_ = new TextField(theme(), tr("Part of a colleague's or team's name"), &card());
    field_->setPlaceholderText(tr("Part of a name"));
    field_->setLeadingIcon(Icon::search);
    field_->installEventFilter(this);
    auto* fieldRow = new QHBoxLayout;
    fieldRow->setContentsMargins(16, 0, 16, 0);
    fieldRow->addWidget(field_);
    column->addLayout(fieldRow);
    words_ = new TextLabel(theme(), Role::base, Colour::bad, &card());
    words_->setWordWrap(true);
    words_->setContentsMargins(16, 0, 16, 0);
    words_->hide();
    column->addWidget(words_);
    list_ = new QListWidget(&card());
    list_->setFrameShape(QFrame::NoFrame);
    list_->setAccessibleName(tr("Colleagues and teams"));
    list_->setItemDelegate(new StaffDelegate(theme(), list_));
    list_->setUniformItemSizes(true);
    list_->setMouseTracking(true);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->viewport()->setAutoFillBackground(false);
    column->addWidget(list_, 1);
}

void AssignPopup::openFor(const ThreadId& id, const QString& title)
{
    thread_ = id;
    title_->setText(tr("Assign %1").arg(plainLine(title, 120)));
    words_->hide();
    field_->clear();
    staff_.clear();
    teams_.clear();
    fill();
    openOverlay();
    const quint64 generation = ++generation_;
    views::whenDone(desk_.reader.staff(), this, [this, generation](const Result<QList<views::Staff>>& staff) {
        if (generation != generation_)
            return;
        if (!staff) {
            words_->setText(staff.error().text);
            words_->show();
            return;
        }
        staff_ = *staff;
        fill();
    });
    views::whenDone(desk_.reader.teams(), this, [this, generation](const Result<QList<views::Team>>& teams) {
        if (generation != generation_ || !teams)
            return;
        teams_ = *teams;
        fill();
    });
}

void AssignPopup::fill()
{
    list_->clear();
    const QString part = field_->text().trimmed();
    const auto add = [this](const QString& name, const QString& team, const QByteArray& id) {
        auto* item = new QListWidgetItem(name, list_);
        item->setData(idRole, id);
        item->setData(teamRole, team);
        item->setData(Qt::AccessibleTextRole, team.isEmpty() ? name : tr("%1, %2").arg(name, team));
        return item;
    };
    for (const views::Staff& person : std::as_const(staff_)) {
        const bool mine = person.id == desk_.me.id;
        const QString name = plainLine(person.name, 100);
        if (name.contains(part, Qt::CaseInsensitive))
            add(name, mine ? tr("You") : plainLine(person.team, 60), person.id.toBytes());
    }
    if (part.isEmpty())
        add(tr("Nobody, back to Unassigned"), {}, {});
    for (const views::Team& team : std::as_const(teams_)) {
        const QString name = plainLine(team.name, 100);
        if (name.contains(part, Qt::CaseInsensitive))
            add(tr("Hand over to %1").arg(name), tr("Team"), {})->setData(scopeRole, team.id.toBytes());
    }
    list_->setCurrentRow(0);
}

QWidget* AssignPopup::firstFocus()
{
    return field_;
}

bool AssignPopup::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == field_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int row = list_->currentRow();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            list_->setCurrentRow(std::clamp(row + (key == Qt::Key_Down ? 1 : -1), 0, std::max(0, list_->count() - 1)));
            tellCurrentRow(*list_);
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            take();
            return true;
        }
    }
    return Overlay::eventFilter(watched, event);
}

void AssignPopup::take()
{
    const QListWidgetItem* item = list_->currentItem();
    if (!item)
        return;
    const std::optional<ScopeId> team = ScopeId::fromBytes(item->data(scopeRole).toByteArray());
    const std::optional<UserId> user = UserId::fromBytes(item->data(idRole).toByteArray());
    const auto written = team ? desk_.acts.moveThread(thread_, *team) : desk_.acts.assign(thread_, user);
    views::whenDone(written, this, [this, id = thread_](const Result<EntryId>& result) {
        if (!result) {
            words_->setText(result.error().text);
            words_->show();
            return;
        }
        closeOverlay();
        Q_EMIT assigned(id);
    });
}

} // namespace holdfast::ui
