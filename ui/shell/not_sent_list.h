// What central refused or held back, whatever kind it is: each stays here until the person decides.
#pragma once

#include "models/views/desk.h"
#include "ui/shell/overlay.h"

class QScrollArea;
class QVBoxLayout;

namespace holdfast::ui {

class PushButton;
class TextLabel;

class NotSentList : public Overlay
{
    Q_OBJECT
public:
    NotSentList(const Theme& theme, views::Desk& desk, QWidget* window);

    void openList();

Q_SIGNALS:
    void threadRequested(const holdfast::ThreadId& id);

protected:
    QWidget* firstFocus() override;

private:
    void load();
    void show(const QList<views::NotSent>& entries);
    [[nodiscard]] QWidget* rowFor(const views::NotSent& entry);
    void settle(const Result<void>& result);
    void say(const QString& words);

    views::Desk& desk_;
    TextLabel* words_ = nullptr; // empty state, or what failed
    QScrollArea* scroll_ = nullptr;
    PushButton* close_ = nullptr;
    quint64 generation_ = 0; // of the list that was asked for
};

} // namespace holdfast::ui
