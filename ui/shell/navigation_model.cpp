#include "ui/shell/navigation_model.h"

#include "ui/theme/words.h"
#include "ui/threads/thread_pane.h"

namespace holdfast::ui {

using What = NavigationRow::What;

void NavigationModel::setFacts(const views::Navigation& facts)
{
    facts_ = facts;
    rebuild();
}

void NavigationModel::setRail(bool rail)
{
    if (rail == rail_)
        return;
    rail_ = rail;
    rebuild();
}

void NavigationModel::addQueue(views::View view, Icon icon, int count)
{
    NavigationRow row;
    row.name = viewName(view);
    row.icon = icon;
    row.view = view;
    row.count = count;
    rows_.append(row);
}

void NavigationModel::addConversations(const QString& label, const QList<views::RoomRow>& rooms, bool direct)
{
    if (rooms.isEmpty())
        return;
    NavigationRow group;
    group.what = rail_ ? (direct ? What::directs : What::rooms) : What::label;
    group.name = label;
    group.icon = direct ? Icon::people : Icon::hash;
    if (rail_) {
        for (const views::RoomRow& room : rooms) {
            group.badge += direct ? room.unread : room.mentions;
            group.unread = group.unread || room.unread > 0;
        }
        rows_.append(group);
        return;
    }
    rows_.append(group);
    for (const views::RoomRow& room : rooms) {
        NavigationRow row;
        row.what = direct ? What::direct : What::room;
        row.name = plainLine(room.name, 100);
        row.icon = Icon::hash;
        row.thread = room.id;
        row.unread = room.unread > 0;
        // A direct message always wants this person; a room does when somebody is mentioned.
        row.badge = direct ? room.unread : room.mentions;
        row.count = row.badge > 0 ? 0 : room.unread;
        rows_.append(row);
    }
}

void NavigationModel::rebuild()
{
    const QList<NavigationRow> before = rows_;
    rows_.clear();
    addQueue(views::View::myQueue, Icon::inbox, facts_.myQueue);
    addQueue(views::View::unassigned, Icon::person, facts_.unassigned);
    addQueue(views::View::all, Icon::message, facts_.all);
    addConversations(tr("Teams"), facts_.rooms, false);
    addConversations(tr("Direct messages"), facts_.directs, true);
    if (rows_ == before)
        return;
    const auto same = [](const NavigationRow& l, const NavigationRow& r) {
        return l.what == r.what && l.thread == r.thread && l.view == r.view;
    };
    if (std::equal(rows_.cbegin(), rows_.cend(), before.cbegin(), before.cend(), same)) {
        Q_EMIT dataChanged(index(0), index(static_cast<int>(rows_.size()) - 1));
        return;
    }
    const QList<NavigationRow> after = rows_;
    rows_ = before;
    beginResetModel();
    rows_ = after;
    endResetModel();
}

const NavigationRow* NavigationModel::row(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rows_.size() ? &rows_[index.row()] : nullptr;
}

QModelIndex NavigationModel::indexOfView(views::View view) const
{
    for (int i = 0; i < rows_.size(); ++i) {
        if (rows_[i].what == What::queue && rows_[i].view == view)
            return index(i);
    }
    return {};
}

QModelIndex NavigationModel::indexOfThread(const ThreadId& id) const
{
    const auto holds = [&id](const QList<views::RoomRow>& rooms) {
        return std::any_of(rooms.cbegin(), rooms.cend(), [&id](const views::RoomRow& room) { return room.id == id; });
    };
    for (int i = 0; i < rows_.size(); ++i) {
        const NavigationRow& row = rows_[i];
        const bool inGroup =
            (row.what == What::rooms && holds(facts_.rooms)) || (row.what == What::directs && holds(facts_.directs));
        if (inGroup || ((row.what == What::room || row.what == What::direct) && row.thread == id))
            return index(i);
    }
    return {};
}

int NavigationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant NavigationModel::data(const QModelIndex& index, int role) const
{
    const NavigationRow* shown = row(index);
    if (!shown)
        return {};
    if (role == Qt::DisplayRole)
        return shown->name;
    if (role == Qt::ToolTipRole && rail_)
        return shown->name.toHtmlEscaped();
    if (role != Qt::AccessibleTextRole)
        return {};
    QString words = shown->what == What::room ? tr("Room %1").arg(shown->name) : shown->name;
    if (shown->badge > 0)
        words += tr(", %1 for you").arg(shown->badge);
    if (shown->count > 0)
        words +=
            shown->what == What::queue ? tr(", %1 threads").arg(shown->count) : tr(", %1 unread").arg(shown->count);
    return words;
}

Qt::ItemFlags NavigationModel::flags(const QModelIndex& index) const
{
    const NavigationRow* shown = row(index);
    if (!shown || shown->what == What::label)
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

} // namespace holdfast::ui
