#include "phone/window/writing_bar.h"

#include "ui/theme/style.h"

#include <QAbstractTextDocumentLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace holdfast::phone {
namespace {

using ui::Colour;

constexpr int mostLines = 4;
constexpr int padding = 9;   // above and below the text in the pill
constexpr int pillHigh = 34; // with one line

} // namespace

MessageField::MessageField(const ui::Theme& theme, QWidget* parent) : QPlainTextEdit(parent), theme_(theme)
{
    setAccessibleName(tr("Message to the business"));
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(0);
    restyle();
    connect(&theme, &ui::Theme::changed, this, &MessageField::restyle);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, &MessageField::fit);
}

void MessageField::restyle()
{
    setFont(theme_.font(ui::Role::message));
    QPalette colours = palette();
    colours.setColor(QPalette::Base, Qt::transparent);
    colours.setColor(QPalette::Text, theme_.colour(Colour::text));
    colours.setColor(QPalette::PlaceholderText, theme_.colour(Colour::text3));
    for (const auto role : {QPalette::Text, QPalette::PlaceholderText})
        colours.setColor(QPalette::Disabled, role, theme_.colour(Colour::disabled));
    setPalette(colours);
    fit();
}

// The size of a plain text document counts lines, not pixels.
void MessageField::fit()
{
    const int lines = std::clamp(static_cast<int>(document()->size().height()), 1, mostLines);
    setFixedHeight(lines * fontMetrics().lineSpacing());
}

void MessageField::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    fit();
}

void MessageField::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !event->modifiers().testFlag(Qt::ShiftModifier)) {
        Q_EMIT submitted();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void MessageField::focusInEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusInEvent(event);
    Q_EMIT focusChanged();
}

void MessageField::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    Q_EMIT focusChanged();
}

WritingBar::WritingBar(const ui::Theme& theme, QWidget* parent)
    : QWidget(parent), theme_(theme),
      attach_(new ui::IconButton(theme, ui::Icon::paperclip, tr("Attach a file"), this)),
      field_(new MessageField(theme, this)), camera_(new CameraButton(theme, this)), send_(new SendButton(theme, this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 6, 8, 8);
    row->setSpacing(0);
    // The buttons stay beside the last line, in the middle of its height.
    const auto add = [&](QWidget* part) {
        auto* column = new QVBoxLayout;
        column->setContentsMargins(0, 0, 0, std::max(0, (theme.grown(pillHigh) - part->sizeHint().height()) / 2));
        column->addStretch(1);
        column->addWidget(part);
        row->addLayout(column);
    };
    add(attach_);
    row->addSpacing(18);
    auto* text = new QVBoxLayout;
    text->setContentsMargins(0, padding, 0, padding);
    text->addStretch(1);
    text->addWidget(field_);
    row->addLayout(text, 1);
    row->addSpacing(4);
    add(camera_);
    row->addSpacing(12);
    add(send_);
    connect(attach_, &QAbstractButton::clicked, this, &WritingBar::attachRequested);
    connect(camera_, &QAbstractButton::clicked, this, &WritingBar::photoRequested);
    connect(send_, &QAbstractButton::clicked, this, &WritingBar::submit);
    connect(field_, &MessageField::submitted, this, &WritingBar::submit);
    connect(field_, &MessageField::focusChanged, this, qOverload<>(&QWidget::update));
    connect(field_, &QPlainTextEdit::textChanged, this,
            [this] { send_->setEnabled(field_->isEnabled() && !field_->document()->isEmpty()); });
    setWritable(true);
}

void WritingBar::setWritable(bool writable)
{
    for (QWidget* part : std::initializer_list<QWidget*>{attach_, field_, camera_})
        part->setEnabled(writable);
    send_->setEnabled(writable && !field_->document()->isEmpty());
    field_->setPlaceholderText(writable ? tr("Message") : tr("Blocked: nothing goes out"));
    update();
}

void WritingBar::submit()
{
    if (!field_->document()->isEmpty())
        Q_EMIT textSubmitted(field_->toPlainText());
}

QRect WritingBar::pill() const
{
    const QRect text = field_->geometry();
    return {text.left() - 13, text.top() - padding, camera_->geometry().right() + 5 - (text.left() - 13),
            text.height() + 2 * padding};
}

void WritingBar::paintEvent(QPaintEvent*)
{
    constexpr qreal roundest = 17;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = pill();
    const qreal radius = std::min(roundest, box.height() / 2);
    const bool focused = field_->hasFocus();
    const qreal inset = focused ? 1 : 0.5;
    painter.setBrush(theme_.colour(Colour::surface));
    painter.setPen(focused ? QPen(theme_.colour(Colour::ring), 2)
                           : QPen(theme_.colour(field_->isEnabled() ? Colour::field : Colour::line), 1));
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius);
}

void WritingBar::mousePressEvent(QMouseEvent*)
{
    field_->setFocus(Qt::MouseFocusReason); // the pill is larger than the text in it
}

} // namespace holdfast::phone
