// The last line: what is true of this desk at the left, the keys of the focused area at the right.
#pragma once

#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace holdfast::ui {

struct StatusHint
{
    QStringList keys; // caps: "Ctrl", "K"
    QString words;
};

class StatusBar : public QWidget
{
    Q_OBJECT
public:
    StatusBar(const Theme& theme, QWidget* parent);

    void setSyncState(const views::SyncState& state);
    void setHints(const QList<StatusHint>& hints);
    [[nodiscard]] const QList<StatusHint>& hints() const { return hints_; }
    [[nodiscard]] QRect notSentArea() const { return notSent_; } // of the words that notSentClicked() belongs to
    [[nodiscard]] QString words() const;                         // all of the left side, as a screen reader says it

Q_SIGNALS:
    void notSentClicked(); // also Enter while the bar has the focus

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class Mark { lock, dot, hollowDot, shield, fault, none };
    struct Part
    {
        Mark mark;
        QString words;
        Colour ink;
        bool isNotSent = false;
    };
    [[nodiscard]] QList<Part> parts() const;
    void paintHints(QPainter& painter, int left) const;

    const Theme& theme_;
    views::SyncState state_;
    QList<StatusHint> hints_;
    QRect notSent_; // as painted last
};

} // namespace holdfast::ui
