// A photo over the whole window, from memory: fit, zoom, the other photos of its message. Esc closes.
#pragma once

#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QImage>
#include <QPointer>
#include <QWidget>

namespace holdfast::ui {

class IconButton;
class Pictures;

// Child of the window that it covers; takes the focus and gives it back.
class PhotoViewer : public QWidget
{
    Q_OBJECT
public:
    PhotoViewer(const Theme& theme, Pictures& pictures, QWidget* window);

    void openAt(const views::Message& message, int attachment);
    void closeViewer();
    [[nodiscard]] qreal zoom() const { return zoom_; } // 1: the photo fits the window
    [[nodiscard]] bool hasPhoto() const { return !image_.isNull(); }

Q_SIGNALS:
    void closed();
    void saveRequested(const holdfast::EntryId& message, int attachment);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    bool focusNextPrevChild(bool) override { return false; } // the overlay is one thing; focus stays on it

private:
    void load();
    void step(int by);
    void setZoom(qreal zoom);
    void askSave();
    void place();
    [[nodiscard]] QRectF photoRect() const;

    const Theme& theme_;
    Pictures& pictures_;
    IconButton* save_ = nullptr;
    QPointer<QWidget> before_; // who had the focus
    views::Message message_;
    QList<int> photos_; // good ones of the message
    int current_ = 0;
    QImage image_;
    QString words_; // while there is no picture
    qreal zoom_ = 1;
    QPointF shift_;
    QPointF dragFrom_;
    quint64 generation_ = 0; // of the photo asked for
};

} // namespace holdfast::ui
