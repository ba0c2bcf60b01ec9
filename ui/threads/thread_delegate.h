// Paints a row of the thread list, and says it in words.
#pragma once

#include "models/base/clock.h"
#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

namespace holdfast::ui {

class ThreadListModel;

// Where each part of a row lies. A part that does not fit or does not apply has a null rectangle.
struct ThreadRowPlaces
{
    QRect avatar, name, time, snippet, badge, policy, tag, window, assignee;
};

[[nodiscard]] int threadRowHeight(const Theme& theme);
// Drops the tag, then the window, when the row is too narrow; never the policy number.
[[nodiscard]] ThreadRowPlaces placeThreadRow(const views::ThreadRow& row, const QRect& box, Timestamp now,
                                             const Theme& theme);
// Unread, name, policy, snippet, time, window, assignee, draft: the order in which a screen reader says it.
[[nodiscard]] QString threadRowWords(const views::ThreadRow& row, Timestamp now);

class ThreadDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ThreadDelegate(const Theme& theme, const Clock& clock, const ThreadListModel& model, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

private:
    struct Look; // inks of one row: they change with selection and unread
    void paintGround(QPainter& painter, const QStyleOptionViewItem& option) const;
    void paintSnippet(QPainter& painter, const QRect& box, const views::ThreadRow& row, const Look& look) const;
    void paintThirdLine(QPainter& painter, const ThreadRowPlaces& places, const views::ThreadRow& row,
                        const Look& look) const;

    const Theme& theme_;
    const Clock& clock_;
    const ThreadListModel& model_;
};

} // namespace holdfast::ui
