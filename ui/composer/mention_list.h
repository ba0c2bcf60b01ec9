// Completes "@" and a part of a name while somebody writes: a list of colleagues at the caret. The text field keeps the
// focus; Up and Down choose, Enter or Tab takes, Esc closes.
#pragma once

#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QListWidget>

#include <optional>

class QPlainTextEdit;

namespace holdfast::ui {

// A child of the field's window, so that nothing clips it; hidden and deleted by the page that made it.
class MentionList : public QListWidget
{
    Q_OBJECT
public:
    MentionList(const Theme& theme, QPlainTextEdit& field);

    void setStaff(const QList<views::Staff>& staff) { staff_ = staff; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    // The "@" before the caret and what is typed after it.
    struct Part
    {
        int at = 0;
        QString text;
    };
    [[nodiscard]] std::optional<Part> part() const;
    void restyle();
    void follow(); // the text or the caret changed
    void fill(const Part& part);
    void place(int at);
    void take();
    [[nodiscard]] bool takesKey(int key);

    const Theme& theme_;
    QPlainTextEdit& field_;
    QList<views::Staff> staff_;
    int dismissed_ = -1; // the "@" that Esc closed the list of
};

} // namespace holdfast::ui
