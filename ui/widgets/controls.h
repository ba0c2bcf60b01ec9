// Small controls in the design's look. Every one takes its accessible name in the constructor.
#pragma once

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>

#include <optional>

class QTextLayout;

namespace holdfast::ui {

// 28x28, an icon without words; the tooltip is the accessible name, with the key behind it.
class IconButton : public QAbstractButton
{
    Q_OBJECT
public:
    IconButton(const Theme& theme, Icon icon, const QString& name, QWidget* parent);

    void setIconKind(Icon icon, const QString& name);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    Icon icon_;
};

// A labelled button: primary (accent), outlined, or plain link.
class PushButton : public QAbstractButton
{
    Q_OBJECT
public:
    enum class Kind { primary, outlined, link };
    PushButton(const Theme& theme, Kind kind, const QString& text, QWidget* parent);

    void setText(const QString& text);
    void setLeadingIcon(Icon icon);
    void setKeyHint(const QString& key); // drawn as a key cap after the text: "Enter"
    void setMinimumTextHeight(int px);   // 28 by default; 36 on the lock screen
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    Kind kind_;
    std::optional<Icon> icon_;
    QString key_;
    int height_ = 28;
};

// A QLabel whose text is always plain, in a role and colour of the theme; elides instead of growing when told to. With
// setWordWrap() no word, however long, makes it wider than its place.
class TextLabel : public QLabel
{
    Q_OBJECT
public:
    TextLabel(const Theme& theme, Role role, Colour colour, QWidget* parent);

    void setElided(bool elided);
    void setLook(Role role, Colour colour);
    void setText(const QString& text);
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void restyle();
    // Lines of at most `width`, broken within a word where it has to be; answers their height.
    [[nodiscard]] int placeLines(QTextLayout& layout, int width) const;

    const Theme& theme_;
    Role role_;
    Colour colour_;
    bool elided_ = false;
};

// One line of input: outline `field`, 2 px ring when focused. `icon` stands inside at the left.
class TextField : public QLineEdit
{
    Q_OBJECT
public:
    TextField(const Theme& theme, const QString& accessibleName, QWidget* parent);

    void setFieldHeight(int px); // 36 by default
    void setLeadingIcon(Icon icon);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void restyle();

    const Theme& theme_;
    std::optional<Icon> icon_;
    int height_ = 36;
};

// Two or more choices in one track, one of them taken: "Reply | Note". Left and Right move.
class SegmentedControl : public QWidget
{
    Q_OBJECT
public:
    SegmentedControl(const Theme& theme, const QString& accessibleName, QWidget* parent);

    void addSegment(const QString& text, std::optional<Icon> icon = std::nullopt);
    [[nodiscard]] int current() const { return current_; }
    void setCurrent(int index);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Segment
    {
        QString text;
        std::optional<Icon> icon;
    };
    [[nodiscard]] int widthOf(const Segment& segment) const;

    const Theme& theme_;
    QList<Segment> segments_;
    QString name_;
    int current_ = 0;
};

} // namespace holdfast::ui
