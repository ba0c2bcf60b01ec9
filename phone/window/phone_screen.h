// The phone itself: its screen with the time, the business, the chat and the typing field.
#pragma once

#include "phone/window/chat_view.h"
#include "phone/window/writing_bar.h"

namespace holdfast::phone {

// The time, the signal, and whose chat it is.
class PhoneTop : public QWidget
{
    Q_OBJECT
public:
    PhoneTop(const ui::Theme& theme, const Handset& handset, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override;
    void refresh();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintSignal(QPainter& painter, int right, int middle) const;

    const ui::Theme& theme_;
    const Handset& handset_;
};

class PhoneScreen : public QWidget
{
    Q_OBJECT
public:
    PhoneScreen(const ui::Theme& theme, const Handset& handset, QWidget* parent);

    [[nodiscard]] ChatView& chat() const { return *chat_; }
    [[nodiscard]] WritingBar& writing() const { return *writing_; }
    void tell(const QString& trouble); // above the typing field; empty: nothing to tell
    void refreshTop() { top_->refresh(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const ui::Theme& theme_;
    PhoneTop* top_;
    ChatView* chat_;
    ui::TextLabel* trouble_;
    WritingBar* writing_;
};

} // namespace holdfast::phone
