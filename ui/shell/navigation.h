// The first column: brand, search, queues, rooms, direct messages, own name. 208 wide, or a rail of 52.
#pragma once

#include "models/views/desk.h"
#include "ui/shell/navigation_model.h"
#include "ui/theme/theme.h"

#include <QListView>

class QBoxLayout;

namespace holdfast::ui {

class IconButton;
class PushButton;

class NavigationView : public QListView
{
    Q_OBJECT
public:
    NavigationView(const Theme& theme, NavigationModel& model, QWidget* parent);

Q_SIGNALS:
    void taken(const QModelIndex& index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
};

class Navigation : public QWidget
{
    Q_OBJECT
public:
    Navigation(const Theme& theme, views::Desk& desk, QWidget* parent);

    void setRail(bool rail);
    void showView(views::View view); // marks it
    void showConversation(const ThreadId& id);
    void stepConversation(int by); // Alt+Up, Alt+Down over rooms and direct messages
    [[nodiscard]] const views::Navigation& facts() const { return model_->facts(); }
    [[nodiscard]] NavigationView& list() { return *list_; }

Q_SIGNALS:
    void viewRequested(holdfast::views::View view);
    void conversationRequested(const holdfast::ThreadId& id);
    void searchRequested();
    void lockRequested();
    void factsChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void load();
    void take(const QModelIndex& index);
    void openGroup(const QModelIndex& index);
    void mark();

    const Theme& theme_;
    views::Desk& desk_;
    NavigationModel* model_ = nullptr;
    NavigationView* list_ = nullptr;
    QWidget* search_ = nullptr;
    IconButton* lock_ = nullptr;
    QBoxLayout* searchRow_ = nullptr;
    QBoxLayout* footerRow_ = nullptr;
    std::optional<views::View> view_ = views::View::myQueue;
    ThreadId conversation_;
    quint64 generation_ = 0; // of the counts that were asked for
};

} // namespace holdfast::ui
