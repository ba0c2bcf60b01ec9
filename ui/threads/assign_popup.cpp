#include "ui/threads/assign_popup.h"

#include "models/views/when_done.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/staff_delegate.h"

#include <QFuture>
#include <QKeyEvent>
#include <QListWidget>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int cardWidth = 360;

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
    heading_ = new TextLabel(theme(), Role::title, Colour::text, &card());
    heading_->setElided(true);
    heading_->setContentsMargins(16, 0, 16, 0);
    column->addWidget(heading_);
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
    title_ = plainLine(title, 120);
    heading_->setText(tr("Assign %1").arg(title_));
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
    for (const views::Staff& person : std::as_const(staff_)) {
        const bool mine = person.id == desk_.me.id;
        const QString name = plainLine(person.name, 100);
        if (name.contains(part, Qt::CaseInsensitive))
            StaffDelegate::add(*list_, name, mine ? tr("You") : plainLine(person.team, 60), person.id.toBytes());
    }
    if (part.isEmpty())
        StaffDelegate::add(*list_, tr("Nobody, back to Unassigned"), {}, {});
    for (const views::Team& team : std::as_const(teams_)) {
        const QString name = plainLine(team.name, 100);
        if (name.contains(part, Qt::CaseInsensitive))
            StaffDelegate::addTeam(*list_, tr("Hand over to %1").arg(name), team.id.toBytes());
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
    const std::optional<ScopeId> team = ScopeId::fromBytes(item->data(StaffDelegate::scopeRole).toByteArray());
    const std::optional<UserId> user = UserId::fromBytes(item->data(StaffDelegate::idRole).toByteArray());
    const QString name = item->text();
    const QString done = team                   ? tr("%1 is handed over.").arg(title_)
                         : !user                ? tr("%1 is back in Unassigned.").arg(title_)
                         : *user == desk_.me.id ? tr("%1 is assigned to you.").arg(title_)
                                                : tr("%1 is assigned to %2.").arg(title_, name);
    const auto written = team ? desk_.acts.moveThread(thread_, *team) : desk_.acts.assign(thread_, user);
    views::whenDone(written, this, [this, id = thread_, done](const Result<EntryId>& result) {
        if (!result) {
            words_->setText(result.error().text);
            words_->show();
            return;
        }
        closeOverlay();
        Q_EMIT assigned(id, done);
    });
}

} // namespace holdfast::ui
