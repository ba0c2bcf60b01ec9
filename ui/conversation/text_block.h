// A paragraph block laid out by Qt in two passes: its optimum width once, then lines for a width.
#pragma once

#include <QColor>
#include <QFont>
#include <QPointF>
#include <QSize>
#include <QTextLayout>

#include <memory>
#include <optional>

class QPainter;

namespace holdfast::ui {

struct TextRange
{
    int start = 0;
    int end = 0;
    [[nodiscard]] bool isEmpty() const { return end <= start; }
};

// The layout object is heavy: drop() frees it, and the next use makes it again for the same width. Sizes stay known.
class TextBlock
{
public:
    TextBlock() = default;
    // `pitch`: least height of a line in px; taller scripts and emoji get what they need.
    void set(const QString& text, const QFont& font, int pitch, const QList<QTextLayout::FormatRange>& formats = {});
    void setCentred(bool centred) { centred_ = centred; }

    [[nodiscard]] bool isEmpty() const { return text_.isEmpty(); }
    [[nodiscard]] const QString& text() const { return text_; }
    [[nodiscard]] int optimumWidth() const { return optimum_; }
    [[nodiscard]] bool isRightToLeft() const { return rightToLeft_; }

    void layout(int width);
    [[nodiscard]] int width() const { return used_; } // widest line
    [[nodiscard]] int height() const { return height_; }
    [[nodiscard]] int lastLineWidth() const { return last_; }
    [[nodiscard]] int lastLineTop() const { return lastTop_; }

    void draw(QPainter& painter, const QPointF& at, const QColor& ink, const TextRange& selection,
              const QColor& selectionFill) const;
    [[nodiscard]] int offsetAt(const QPointF& point) const; // nearest; within 0..text().size()
    void drop() { layout_.reset(); }
    [[nodiscard]] bool isHeavy() const { return layout_ != nullptr; }

private:
    [[nodiscard]] QTextLayout& heavy() const;
    void measure(QTextLayout& layout, qreal lineWidth);
    [[nodiscard]] std::unique_ptr<QTextLayout> make() const;

    QString text_;
    QFont font_;
    QList<QTextLayout::FormatRange> formats_;
    int pitch_ = 19;
    int optimum_ = 0;
    int optimumHeight_ = 0;
    int optimumLast_ = 0;
    int optimumLastTop_ = 0;
    int lineWidth_ = -1; // of the current lines
    int used_ = 0;
    int height_ = 0;
    int last_ = 0;
    int lastTop_ = 0;
    bool rightToLeft_ = false;
    bool centred_ = false;
    mutable std::unique_ptr<QTextLayout> layout_;
};

} // namespace holdfast::ui
