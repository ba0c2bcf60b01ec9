// The chat on the phone's screen.
#pragma once

#include "phone/window/bubble.h"
#include "phone/window/handset.h"

#include <QHash>
#include <QListView>
#include <QStyledItemDelegate>

#include <memory>

namespace holdfast::phone {

// GUI thread only. Keeps laid-out messages, one per key.
class ChatDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ChatDelegate(const ui::Theme& theme, const ChatModel& model, const Thumbnails& thumbnails, QObject* parent);

    // Of the view with its scroll bar, which stands in the margin: so nothing moves when the bar appears.
    void setWidth(int width) { width_ = width; }
    void startAgain() { bubbles_.clear(); }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    [[nodiscard]] const Bubble& bubble(int row) const;

    const ui::Theme& theme_;
    const ChatModel& model_;
    const Thumbnails& thumbnails_;
    int width_ = 0;
    mutable QHash<QByteArray, std::shared_ptr<Bubble>> bubbles_;
};

// GUI thread only. Stays with the newest message while that is in sight.
class ChatView : public QListView
{
    Q_OBJECT
public:
    ChatView(const ui::Theme& theme, const Handset& handset, QWidget* parent);

    [[nodiscard]] const ChatModel& rows() const { return model_; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    void refresh();
    void restyle();
    [[nodiscard]] bool isAtNewest() const;

    const ui::Theme& theme_;
    const Handset& handset_;
    ChatModel model_;
    ChatDelegate delegate_;
    QByteArray customer_; // whose chat is shown
};

} // namespace holdfast::phone
