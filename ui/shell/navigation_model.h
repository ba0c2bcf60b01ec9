// The rows of the navigation: queues, rooms, direct messages, and the labels between them.
#pragma once

#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QAbstractListModel>

namespace holdfast::ui {

struct NavigationRow
{
    enum class What { queue, label, room, direct, rooms, directs }; // rooms and directs: the groups of the rail
    What what = What::queue;
    QString name;
    Icon icon = Icon::inbox;
    views::View view = views::View::myQueue; // of a queue
    ThreadId thread;                         // of a room or direct
    int count = 0;                           // plain number
    int badge = 0;                           // wants this person
    bool unread = false;
    bool operator==(const NavigationRow&) const = default;
};

class NavigationModel : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setFacts(const views::Navigation& facts);
    void setRail(bool rail); // queues and two groups only
    [[nodiscard]] const views::Navigation& facts() const { return facts_; }
    [[nodiscard]] bool rail() const { return rail_; }
    [[nodiscard]] const NavigationRow* row(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOfView(views::View view) const;
    [[nodiscard]] QModelIndex indexOfThread(const ThreadId& id) const; // in the rail: of its group

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void rebuild();
    void addQueue(views::View view, Icon icon, int count);
    void addConversations(const QString& label, const QList<views::RoomRow>& rooms, bool direct);

    views::Navigation facts_;
    QList<NavigationRow> rows_;
    bool rail_ = false;
};

} // namespace holdfast::ui
