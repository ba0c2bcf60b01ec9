// The column of threads: its view's name and count, the filters, the list, and words where there is nothing to list.
#pragma once

#include "models/base/clock.h"
#include "models/views/desk.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QTimer;

namespace holdfast::ui {

class FilterRow;
class PushButton;
class TextLabel;
class ThreadListModel;
class ThreadListView;

[[nodiscard]] QString viewName(views::View view); // "My queue"

class ThreadPane : public QWidget
{
    Q_OBJECT
public:
    ThreadPane(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* parent);

    void show(views::View view);
    void setUnassignedCount(int count); // for the words of an empty queue
    void select(const ThreadId& id);    // without opening it
    void clearSelection();
    [[nodiscard]] views::View view() const;
    [[nodiscard]] ThreadListView& list() { return *list_; }
    [[nodiscard]] ThreadListModel& model() { return *model_; }

Q_SIGNALS:
    void openRequested(const holdfast::ThreadId& id, bool focusIt);
    void assignRequested(const holdfast::ThreadId& id);
    void doneRequested(const holdfast::ThreadId& id);
    void viewRequested(holdfast::views::View view); // from the words of an empty queue

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void build();
    void showState();

    const Theme& theme_;
    views::Desk& desk_;
    const Clock& clock_;
    ThreadListModel* model_ = nullptr;
    ThreadListView* list_ = nullptr;
    FilterRow* filters_ = nullptr;
    TextLabel* title_ = nullptr;
    TextLabel* count_ = nullptr;
    QWidget* message_ = nullptr; // empty, slow and failed states, above the list
    TextLabel* words_ = nullptr;
    PushButton* action_ = nullptr;
    QTimer* slow_ = nullptr;
    ThreadId selected_;
    int unassigned_ = 0;
};

} // namespace holdfast::ui
