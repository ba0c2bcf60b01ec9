// Choose who takes a thread, a colleague or another team: type a part of the name, Up and Down, Enter.
#pragma once

#include "models/views/desk.h"
#include "ui/shell/overlay.h"

class QListWidget;

namespace holdfast::ui {

class TextField;
class TextLabel;

class AssignPopup : public Overlay
{
    Q_OBJECT
public:
    AssignPopup(const Theme& theme, views::Desk& desk, QWidget* window);

    void openFor(const ThreadId& id, const QString& title);

Q_SIGNALS:
    void assigned(const holdfast::ThreadId& id, const QString& words); // words: what was done

protected:
    QWidget* firstFocus() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void fill();
    void take();

    views::Desk& desk_;
    TextLabel* heading_ = nullptr;
    TextField* field_ = nullptr;
    QListWidget* list_ = nullptr;
    TextLabel* words_ = nullptr;
    ThreadId thread_;
    QString title_; // of that thread
    QList<views::Staff> staff_;
    QList<views::Team> teams_;
    quint64 generation_ = 0; // of the opening; answers of an older one are dropped
};

} // namespace holdfast::ui
