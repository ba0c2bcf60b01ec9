// The rows of one thread list, paged by keyset from a desk.
#pragma once

#include "models/views/desk.h"

#include <QAbstractListModel>

namespace holdfast::ui {

// GUI thread only. Every request carries a generation; an answer of an older one is dropped.
class ThreadListModel : public QAbstractListModel
{
    Q_OBJECT
public:
    enum class State { loading, ready, failed };
    static constexpr int pageSize = 200;

    explicit ThreadListModel(views::DeskReader& reader, QObject* parent = nullptr);

    void show(views::View view, bool unreadOnly); // empties the list and asks for its first page
    void reload();                                // the same list again; rows that stay keep their index objects

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] const QString& errorText() const { return error_; }
    [[nodiscard]] views::View view() const { return query_.view; }
    [[nodiscard]] bool unreadOnly() const { return query_.unreadOnly; }
    [[nodiscard]] int total() const { return total_; }
    [[nodiscard]] int unread() const { return unread_; }
    [[nodiscard]] const views::ThreadRow* row(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const ThreadId& id) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
    void stateChanged(); // also: counts changed

private:
    void collect(const QList<views::ThreadRow>& above, qsizetype wanted);
    void take(const Result<views::ThreadPage>& page, bool append);
    void merge(const QList<views::ThreadRow>& rows);

    views::DeskReader& reader_;
    views::ThreadQuery query_;
    QList<views::ThreadRow> rows_;
    State state_ = State::loading;
    QString error_;
    int total_ = 0;
    int unread_ = 0;
    bool more_ = false;
    bool fetching_ = false;
    quint64 generation_ = 0;
};

} // namespace holdfast::ui
