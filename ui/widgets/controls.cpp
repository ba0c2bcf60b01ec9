#include "ui/widgets/controls.h"

#include "ui/theme/style.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>

#include <cmath>

namespace holdfast::ui {
namespace {

constexpr int iconButtonSize = 28;
constexpr int gap = 8;

int glyphOf(const Theme& theme)
{
    return theme.grown(16);
}

Colour fillOf(const QAbstractButton& button, Colour idle)
{
    if (!button.isEnabled())
        return idle;
    if (button.isDown())
        return Colour::press;
    return button.underMouse() ? Colour::hover : idle;
}

void prepareButton(QAbstractButton& button)
{
    button.setFocusPolicy(Qt::StrongFocus);
    button.setAttribute(Qt::WA_Hover);
    button.setCursor(Qt::PointingHandCursor);
}

} // namespace

IconButton::IconButton(const Theme& theme, Icon icon, const QString& name, QWidget* parent)
    : QAbstractButton(parent), theme_(theme), icon_(icon)
{
    prepareButton(*this);
    setIconKind(icon, name);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void IconButton::setIconKind(Icon icon, const QString& name)
{
    icon_ = icon;
    setAccessibleName(name);
    setToolTip(plainToolTip(name));
    update();
}

QSize IconButton::sizeHint() const
{
    const int side = theme_.grown(iconButtonSize);
    return {side, side};
}

void IconButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = rect();
    const bool active = isEnabled() && (underMouse() || isChecked());
    if (isChecked() || (isEnabled() && (isDown() || underMouse()))) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme_.colour(isChecked() ? Colour::accentTint : fillOf(*this, Colour::hover)));
        painter.drawRoundedRect(box, 6, 6);
    }
    Colour ink = active ? Colour::text : Colour::text2;
    if (isChecked())
        ink = Colour::accentText;
    if (!isEnabled())
        ink = Colour::disabled;
    theme_.icons().paintIn(painter, box, icon_, glyphOf(theme_), theme_.colour(ink));
    if (hasFocus())
        paintFocusRing(painter, box, 6, theme_);
}

PushButton::PushButton(const Theme& theme, Kind kind, const QString& text, QWidget* parent)
    : QAbstractButton(parent), theme_(theme), kind_(kind)
{
    prepareButton(*this);
    setText(text);
    setAccessibleName(text);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

// An ampersand of a file's or a person's name is no key.
void PushButton::setText(const QString& text)
{
    QAbstractButton::setText(text);
    setShortcut({});
    updateGeometry();
}

void PushButton::setLeadingIcon(Icon icon)
{
    icon_ = icon;
    updateGeometry();
}

void PushButton::setKeyHint(const QString& key)
{
    key_ = key;
    updateGeometry();
}

void PushButton::setMinimumTextHeight(int px)
{
    height_ = px;
    updateGeometry();
}

QSize PushButton::sizeHint() const
{
    int width = textWidth(text(), Role::name, theme_) + (kind_ == Kind::link ? 8 : 24);
    if (icon_)
        width += glyphOf(theme_) + gap;
    if (!key_.isEmpty())
        width += keyCapWidth(key_, theme_) + gap;
    return {width, theme_.grown(height_)};
}

void PushButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool primary = kind_ == Kind::primary && isEnabled();
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (primary) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme_.colour(underMouse() || isDown() ? Colour::accentHover : Colour::accent));
        painter.drawRoundedRect(rect(), 6, 6);
    } else if (kind_ != Kind::link) {
        QPen outline(theme_.colour(isEnabled() ? Colour::line2 : Colour::line));
        // There all lines are one colour: dashes say that it cannot be pressed.
        if (!isEnabled() && theme_.isHighContrast())
            outline = QPen(theme_.colour(Colour::disabled), 1, Qt::DashLine);
        painter.setPen(outline);
        painter.setBrush(isEnabled() ? QBrush(theme_.colour(fillOf(*this, Colour::surface))) : QBrush(Qt::NoBrush));
        painter.drawRoundedRect(box, 6, 6);
    }
    Colour ink = primary ? Colour::onAccent : kind_ == Kind::link ? Colour::accentText : Colour::text;
    if (!isEnabled())
        ink = Colour::disabled;
    const int textPart = textWidth(text(), Role::name, theme_);
    int content = textPart + (icon_ ? glyphOf(theme_) + gap : 0);
    if (!key_.isEmpty())
        content += keyCapWidth(key_, theme_) + gap + 2;
    int x = std::max(4, (width() - content) / 2);
    if (icon_) {
        theme_.icons().paint(painter, QPointF(x, (height() - glyphOf(theme_)) / 2.0), *icon_, glyphOf(theme_),
                             theme_.colour(ink));
        x += glyphOf(theme_) + gap;
    }
    paintLine(painter, QRect(x, 0, width() - x, height()), text(), Role::name, ink, theme_);
    if (kind_ == Kind::link && underMouse() && isEnabled())
        painter.fillRect(QRectF(x, height() / 2.0 + 8, textPart, 1), theme_.colour(ink));
    if (!key_.isEmpty())
        paintKeyCap(painter, x + textPart + gap + 2, height() / 2, key_, theme_, primary);
    if (!hasFocus())
        return;
    if (primary) {
        // The ring must show on the accent too: a gap of 1 px, in the colour of the text, inside.
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme_.colour(Colour::onAccent), 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5), 4, 4);
        return;
    }
    paintFocusRing(painter, rect(), 6, theme_);
}

TextLabel::TextLabel(const Theme& theme, Role role, Colour colour, QWidget* parent)
    : QLabel(parent), theme_(theme), role_(role), colour_(colour)
{
    setTextFormat(Qt::PlainText);
    restyle();
    connect(&theme, &Theme::changed, this, &TextLabel::restyle);
}

void TextLabel::setText(const QString& text)
{
    QLabel::setText(text);
    setAccessibleName(text);
    if (elided_)
        setToolTip(QString());
}

void TextLabel::setElided(bool elided)
{
    elided_ = elided;
    updateGeometry();
}

void TextLabel::setLook(Role role, Colour colour)
{
    if (role == role_ && colour == colour_)
        return;
    role_ = role;
    colour_ = colour;
    restyle();
}

QSize TextLabel::minimumSizeHint() const
{
    return elided_ || wordWrap() ? QSize(20, theme_.lineHeight(role_)) : QLabel::minimumSizeHint();
}

int TextLabel::placeLines(QTextLayout& layout, int width) const
{
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setAlignment(alignment() & Qt::AlignHorizontal_Mask);
    layout.setTextOption(option);
    qreal y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(1, width));
        line.setPosition(QPointF(0, y));
        y += std::max<qreal>(theme_.lineHeight(role_), line.height());
    }
    layout.endLayout();
    return std::max(theme_.lineHeight(role_), static_cast<int>(std::ceil(y)));
}

int TextLabel::heightForWidth(int width) const
{
    if (!wordWrap())
        return QLabel::heightForWidth(width);
    const QMargins around = contentsMargins();
    QTextLayout layout(text(), font());
    return placeLines(layout, width - around.left() - around.right()) + around.top() + around.bottom();
}

void TextLabel::restyle()
{
    setFont(theme_.font(role_));
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, theme_.colour(colour_));
    setPalette(colours);
    setMinimumHeight(theme_.lineHeight(role_));
}

void TextLabel::paintEvent(QPaintEvent* event)
{
    if (!elided_ && !wordWrap()) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    if (!elided_) {
        QTextLayout layout(text(), font());
        const int high = placeLines(layout, contentsRect().width());
        const int spare = alignment() & Qt::AlignTop ? 0 : std::max(0, contentsRect().height() - high) / 2;
        painter.setPen(theme_.colour(colour_));
        layout.draw(&painter, contentsRect().topLeft() + QPoint(0, spare));
        return;
    }
    paintLine(painter, contentsRect(), text(), role_, colour_, theme_, alignment() & Qt::AlignHorizontal_Mask);
}

TextField::TextField(const Theme& theme, const QString& accessibleName, QWidget* parent)
    : QLineEdit(parent), theme_(theme)
{
    setAccessibleName(accessibleName);
    setFrame(false);
    restyle();
    connect(&theme, &Theme::changed, this, &TextField::restyle);
}

void TextField::setFieldHeight(int px)
{
    height_ = px;
    restyle();
}

void TextField::setLeadingIcon(Icon icon)
{
    icon_ = icon;
    restyle();
}

QSize TextField::sizeHint() const
{
    return {QLineEdit::sizeHint().width(), theme_.grown(height_)};
}

void TextField::restyle()
{
    setFont(theme_.font(Role::base));
    setFixedHeight(theme_.grown(height_));
    setTextMargins(icon_ ? 8 + glyphOf(theme_) + 6 : 9, 0, 9, 0);
    QPalette colours = palette();
    colours.setColor(QPalette::Base, Qt::transparent);
    colours.setColor(QPalette::Text, theme_.colour(Colour::text));
    colours.setColor(QPalette::PlaceholderText, theme_.colour(Colour::text3));
    setPalette(colours);
    update();
}

void TextField::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(theme_.colour(Colour::surface));
    if (hasFocus()) {
        painter.setPen(QPen(theme_.colour(Colour::ring), 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
    } else {
        painter.setPen(theme_.colour(!isEnabled() ? Colour::line : underMouse() ? Colour::text3 : Colour::field));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    if (icon_)
        theme_.icons().paint(painter, QPointF(8, (height() - glyphOf(theme_)) / 2.0), *icon_, glyphOf(theme_),
                             theme_.colour(Colour::text2));
    painter.end();
    QLineEdit::paintEvent(event);
}

SegmentedControl::SegmentedControl(const Theme& theme, const QString& accessibleName, QWidget* parent)
    : QWidget(parent), theme_(theme), name_(accessibleName)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(accessibleName);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void SegmentedControl::addSegment(const QString& text, std::optional<Icon> icon)
{
    segments_.append({text, icon});
    updateGeometry();
    if (segments_.size() == 1)
        setAccessibleDescription(text);
}

void SegmentedControl::setCurrent(int index)
{
    if (index == current_ || index < 0 || index >= segments_.size())
        return;
    current_ = index;
    setAccessibleDescription(segments_[index].text);
    update();
    Q_EMIT currentChanged(index);
}

int SegmentedControl::widthOf(const Segment& segment) const
{
    return textWidth(segment.text, Role::name, theme_) + 24 + (segment.icon ? glyphOf(theme_) + 6 : 0);
}

QSize SegmentedControl::sizeHint() const
{
    int width = 0;
    for (const Segment& segment : segments_)
        width += widthOf(segment);
    return {width, theme_.grown(iconButtonSize)};
}

void SegmentedControl::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme_.colour(Colour::hover));
    painter.drawRoundedRect(rect(), 6, 6);
    int x = 0;
    for (int i = 0; i < segments_.size(); ++i) {
        const Segment& segment = segments_[i];
        const QRect box(x, 0, widthOf(segment), height());
        const bool taken = i == current_;
        if (taken) {
            painter.setPen(theme_.colour(Colour::line2));
            painter.setBrush(theme_.colour(theme_.isDark() ? Colour::press : Colour::surface));
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        }
        int left = x + 12;
        if (segment.icon) {
            theme_.icons().paint(painter, QPointF(left, (height() - glyphOf(theme_)) / 2.0), *segment.icon,
                                 glyphOf(theme_), theme_.colour(taken ? Colour::text : Colour::text2));
            left += glyphOf(theme_) + 6;
        }
        paintLine(painter, QRect(left, 0, box.right() - left, height()), segment.text, taken ? Role::name : Role::base,
                  taken ? Colour::text : Colour::text2, theme_);
        x += box.width();
    }
    if (hasFocus())
        paintFocusRing(painter, rect(), 6, theme_);
}

void SegmentedControl::mousePressEvent(QMouseEvent* event)
{
    int x = 0;
    for (int i = 0; i < segments_.size(); ++i) {
        x += widthOf(segments_[i]);
        if (event->position().x() < x) {
            setCurrent(i);
            return;
        }
    }
}

void SegmentedControl::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) {
        setCurrent(current_ + (event->key() == Qt::Key_Right ? 1 : -1));
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace holdfast::ui
