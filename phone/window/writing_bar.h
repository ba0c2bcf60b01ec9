// Where the customer writes: attach, the field with the camera in it, send.
#pragma once

#include "phone/window/round_buttons.h"
#include "ui/widgets/controls.h"

#include <QPlainTextEdit>

namespace holdfast::phone {

// One to four lines of plain text. Enter submits, Shift+Enter begins a line.
class MessageField : public QPlainTextEdit
{
    Q_OBJECT
public:
    MessageField(const ui::Theme& theme, QWidget* parent);

Q_SIGNALS:
    void submitted();
    void focusChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void restyle();
    void fit(); // the height to the lines

    const ui::Theme& theme_;
};

class WritingBar : public QWidget
{
    Q_OBJECT
public:
    WritingBar(const ui::Theme& theme, QWidget* parent);

    void setWritable(bool writable);
    void clear() { field_->clear(); }
    [[nodiscard]] MessageField& field() const { return *field_; }

Q_SIGNALS:
    void textSubmitted(const QString& text);
    void attachRequested();
    void photoRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    void submit();
    [[nodiscard]] QRect pill() const;

    const ui::Theme& theme_;
    ui::IconButton* attach_;
    MessageField* field_;
    CameraButton* camera_;
    SendButton* send_;
};

} // namespace holdfast::phone
