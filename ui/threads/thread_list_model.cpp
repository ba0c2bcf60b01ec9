#include "ui/threads/thread_list_model.h"

#include "models/views/when_done.h"
#include "ui/theme/words.h"

#include <QFuture>

namespace holdfast::ui {

ThreadListModel::ThreadListModel(views::DeskReader& reader, QObject* parent)
    : QAbstractListModel(parent), reader_(reader)
{
    query_.limit = pageSize;
}

void ThreadListModel::show(views::View view, bool unreadOnly)
{
    query_.view = view;
    query_.unreadOnly = unreadOnly;
    beginResetModel();
    rows_.clear();
    more_ = false;
    state_ = State::loading;
    endResetModel();
    Q_EMIT stateChanged();
    reload();
}

void ThreadListModel::reload()
{
    ++generation_;
    fetching_ = true;
    collect({}, rows_.size());
}

// Page by page, as many as are shown already, so that a list that was scrolled far keeps its lower part.
void ThreadListModel::collect(const QList<views::ThreadRow>& above, qsizetype wanted)
{
    views::ThreadQuery query = query_;
    query.limit = pageSize;
    if (!above.isEmpty()) {
        query.before = above.last().at;
        query.beforeId = above.last().id;
    }
    views::whenDone(reader_.threads(query), this,
                    [this, above, wanted, generation = generation_](const Result<views::ThreadPage>& page) {
                        if (generation != generation_)
                            return;
                        if (!page)
                            return take(page, false);
                        views::ThreadPage all = *page;
                        all.rows = above + page->rows;
                        if (page->more && !page->rows.isEmpty() && all.rows.size() < wanted)
                            return collect(all.rows, wanted);
                        take(all, false);
                    });
}

bool ThreadListModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && more_ && !fetching_ && !rows_.isEmpty();
}

void ThreadListModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    const quint64 generation = generation_;
    fetching_ = true;
    views::ThreadQuery query = query_;
    query.limit = pageSize;
    query.before = rows_.last().at;
    query.beforeId = rows_.last().id;
    views::whenDone(reader_.threads(query), this, [this, generation](const Result<views::ThreadPage>& page) {
        if (generation == generation_)
            take(page, true);
    });
}

void ThreadListModel::take(const Result<views::ThreadPage>& page, bool append)
{
    fetching_ = false;
    if (!page) {
        // Rows that are shown stay; the words say why there are no newer ones.
        state_ = State::failed;
        error_ = page.error().text;
        Q_EMIT stateChanged();
        return;
    }
    state_ = State::ready;
    total_ = page->total;
    unread_ = page->unread;
    more_ = page->more && !page->rows.isEmpty();
    if (!append) {
        merge(page->rows);
    } else if (!page->rows.isEmpty()) {
        const int first = static_cast<int>(rows_.size());
        beginInsertRows({}, first, first + static_cast<int>(page->rows.size()) - 1);
        rows_.append(page->rows);
        endInsertRows();
    }
    Q_EMIT stateChanged();
}

// Turns the shown rows into `rows` by single moves, inserts and removals, so that selection and scroll position hold.
void ThreadListModel::merge(const QList<views::ThreadRow>& rows)
{
    for (int i = 0; i < rows.size(); ++i) {
        int at = i;
        while (at < rows_.size() && rows_[at].id != rows[i].id)
            ++at;
        if (at >= rows_.size()) {
            beginInsertRows({}, i, i);
            rows_.insert(i, rows[i]);
            endInsertRows();
            continue;
        }
        if (at != i) {
            beginMoveRows({}, at, at, {}, i);
            rows_.move(at, i);
            endMoveRows();
        }
        if (!(rows_[i] == rows[i])) {
            rows_[i] = rows[i];
            Q_EMIT dataChanged(index(i), index(i));
        }
    }
    if (rows_.size() > rows.size()) {
        beginRemoveRows({}, static_cast<int>(rows.size()), static_cast<int>(rows_.size()) - 1);
        rows_.resize(rows.size());
        endRemoveRows();
    }
}

const views::ThreadRow* ThreadListModel::row(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rows_.size() ? &rows_[index.row()] : nullptr;
}

QModelIndex ThreadListModel::indexOf(const ThreadId& id) const
{
    for (int i = 0; i < rows_.size(); ++i) {
        if (rows_[i].id == id)
            return index(i);
    }
    return {};
}

int ThreadListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant ThreadListModel::data(const QModelIndex& index, int role) const
{
    const views::ThreadRow* shown = row(index);
    if (!shown || role != Qt::DisplayRole)
        return {};
    return plainLine(shown->title);
}

} // namespace holdfast::ui
