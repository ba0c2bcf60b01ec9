// A row of a list of colleagues and teams: square, name, team.
#pragma once

#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

class QListWidget;

namespace holdfast::ui {

class StaffDelegate : public QStyledItemDelegate
{
public:
    static constexpr int idRole = Qt::UserRole; // bytes of the user's id; empty: nobody
    static constexpr int teamRole = Qt::UserRole + 1;
    static constexpr int scopeRole = Qt::UserRole + 2; // bytes of a team's scope: the row is of that team

    StaffDelegate(const Theme& theme, QObject* parent);
    // Appends a row that this delegate can paint and a screen reader can say.
    static void add(QListWidget& list, const QString& name, const QString& team, const QByteArray& id);
    static void addTeam(QListWidget& list, const QString& name, const QByteArray& scope);

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& theme_;
};

} // namespace holdfast::ui
