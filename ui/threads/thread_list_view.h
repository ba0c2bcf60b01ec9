// The list of threads: one row a thread, keys J K Enter and single letters for acts.
#pragma once

#include "models/base/clock.h"
#include "ui/theme/theme.h"
#include "ui/threads/thread_list_model.h"

#include <QListView>

namespace holdfast::ui {

class ThreadListView : public QListView
{
    Q_OBJECT
public:
    ThreadListView(const Theme& theme, const Clock& clock, ThreadListModel& model, QWidget* parent);

    [[nodiscard]] const views::ThreadRow* currentRow() const;
    void setLetterKeys(bool on) { letterKeys_ = on; } // J K A E
    void step(int rows);                              // moves the selection and opens what it lands on

Q_SIGNALS:
    void openRequested(const holdfast::ThreadId& id, bool focusIt); // Enter or double click takes the focus along
    void assignRequested(const holdfast::ThreadId& id);
    void doneRequested(const holdfast::ThreadId& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    ThreadListModel& model_;
    bool letterKeys_ = true;
};

} // namespace holdfast::ui
