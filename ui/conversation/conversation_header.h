// The 48 px line over a conversation: who it is, until when WhatsApp lets us answer, who has it, and its acts.
#pragma once

#include "models/base/clock.h"
#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>

namespace holdfast::ui {

class IconButton;
class TextLabel;

// "WhatsApp reply until 14:04" with a clock or a lock; amber in the last hours.
class WindowPill : public QWidget
{
    Q_OBJECT
public:
    WindowPill(const Theme& theme, QWidget* parent);
    void show(const std::optional<Timestamp>& until, Timestamp now);
    [[nodiscard]] const QString& words() const { return words_; }
    void setShort(bool isShort); // fewer words, where the header is narrow
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    [[nodiscard]] const QString& shown() const { return short_ ? shortWords_ : words_; }

    QString words_;
    QString shortWords_;
    bool short_ = false;
    Colour fill_ = Colour::hover;
    Colour ink_ = Colour::text2;
    Icon icon_ = Icon::clock;
};

// The assignee's square, or "assign" while nobody has the thread.
class AssigneeButton : public QAbstractButton
{
    Q_OBJECT
public:
    AssigneeButton(const Theme& theme, QWidget* parent);
    void show(const std::optional<views::Staff>& assignee);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    QString name_;
};

class ConversationHeader : public QWidget
{
    Q_OBJECT
public:
    ConversationHeader(const Theme& theme, QWidget* parent);

    void show(const views::ThreadHeader& header, Timestamp now);
    void clear();
    void setBackVisible(bool visible);
    void setPanelOffered(bool offered); // the panel is a drawer: a button opens it for the pointer
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QString windowWords() const { return pill_->words(); }

Q_SIGNALS:
    void backClicked();
    void assignClicked();
    void doneClicked();
    void panelClicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void showActs(const views::ThreadRow& row);
    void fit(); // the pill's longer words, unless the name or the policy number would not fit beside them

    const Theme& theme_;
    QString name_;
    bool isCustomer_ = true;
    bool isDirect_ = false;
    QWidget* face_ = nullptr; // keeps the room that the avatar is painted in
    IconButton* back_ = nullptr;
    TextLabel* title_ = nullptr;
    TextLabel* subtitle_ = nullptr;
    WindowPill* pill_ = nullptr;
    AssigneeButton* assignee_ = nullptr;
    IconButton* done_ = nullptr;
    IconButton* panel_ = nullptr;
    bool panelOffered_ = false;
};

} // namespace holdfast::ui
