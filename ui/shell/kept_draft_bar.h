// Offers a draft back to its author when the conversation that it was for is no longer on this desk.
#pragma once

#include "models/views/desk.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace holdfast::ui {

class PushButton;
class TextLabel;

// Hidden while there is nothing to offer; shows the newest draft until it is discarded. GUI thread only.
class KeptDraftBar : public QWidget
{
    Q_OBJECT
public:
    KeptDraftBar(const Theme& theme, views::Desk& desk, QWidget* parent);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void load();
    void offer(const QList<views::KeptDraft>& drafts);
    void copy();
    void discard();

    const Theme& theme_;
    views::Desk& desk_;
    TextLabel* title_ = nullptr;
    TextLabel* text_ = nullptr;
    PushButton* copy_ = nullptr;
    PushButton* discard_ = nullptr;
    views::KeptDraft draft_;
    quint64 generation_ = 0;
};

} // namespace holdfast::ui
