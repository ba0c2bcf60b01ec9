#include "ui/widgets/staff_delegate.h"

#include "ui/widgets/painting.h"

#include <QCoreApplication>
#include <QListWidget>
#include <QPainter>

namespace holdfast::ui {
namespace {

constexpr int rowHeight = 36;
constexpr int face = 24;
constexpr int mostTeam = 120;

} // namespace

StaffDelegate::StaffDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme) {}

void StaffDelegate::add(QListWidget& list, const QString& name, const QString& team, const QByteArray& id)
{
    auto* item = new QListWidgetItem(name, &list);
    item->setData(idRole, id);
    item->setData(teamRole, team);
    item->setData(Qt::AccessibleTextRole,
                  team.isEmpty() ? name : QCoreApplication::translate("Staff", "%1, %2").arg(name, team));
}

void StaffDelegate::addTeam(QListWidget& list, const QString& name, const QByteArray& scope)
{
    add(list, name, QCoreApplication::translate("Staff", "Team"), {});
    list.item(list.count() - 1)->setData(scopeRole, scope);
}

QSize StaffDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {100, theme_.grown(rowHeight)};
}

void StaffDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QRect box = option.rect.adjusted(8, 1, -8, -1);
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (selected || option.state & QStyle::State_MouseOver) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme_.colour(selected ? Colour::selected : Colour::hover));
        painter->drawRoundedRect(box, 6, 6);
    }
    if (selected)
        outlineSelected(*painter, box, 6, theme_);
    const QString name = index.data(Qt::DisplayRole).toString();
    const int side = theme_.grown(face);
    const QRect picture(box.left() + 8, box.top() + (box.height() - side) / 2, side, side);
    if (!index.data(scopeRole).toByteArray().isEmpty())
        theme_.icons().paintIn(*painter, picture, Icon::people, theme_.grown(16), theme_.colour(Colour::text2));
    else if (index.data(idRole).toByteArray().isEmpty())
        theme_.icons().paintIn(*painter, picture, Icon::person, theme_.grown(16), theme_.colour(Colour::text2));
    else
        paintAvatar(*painter, picture, name, AvatarShape::roundedSquare, theme_);
    const QString team = index.data(teamRole).toString();
    const int teamWidth = std::min(textWidth(team, Role::secondary, theme_), theme_.grown(mostTeam));
    paintLine(*painter, QRect(box.right() - 8 - teamWidth, box.top(), teamWidth, box.height()), team, Role::secondary,
              Colour::text2, theme_, Qt::AlignRight);
    const int left = picture.right() + 9;
    paintLine(*painter, QRect(left, box.top(), box.right() - 16 - teamWidth - left, box.height()), name, Role::name,
              Colour::text, theme_);
    painter->restore();
}

} // namespace holdfast::ui
