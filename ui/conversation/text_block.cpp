#include "ui/conversation/text_block.h"

#include <QPainter>
#include <QTextOption>

#include <cmath>

namespace holdfast::ui {

namespace {

constexpr qreal unbounded = 1e6; // px; lines then break at paragraph ends only

// Places the lines one under the other, each at least `pitch` high, and answers the whole height.
qreal placeLines(QTextLayout& layout, qreal lineWidth, int pitch)
{
    qreal y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(lineWidth);
        const qreal high = std::max<qreal>(pitch, std::ceil(line.height()));
        line.setPosition(QPointF(0, y + std::floor((high - line.height()) / 2)));
        y += high;
    }
    layout.endLayout();
    return y;
}

} // namespace

void TextBlock::set(const QString& text, const QFont& font, int pitch, const QList<QTextLayout::FormatRange>& formats)
{
    text_ = text;
    font_ = font;
    pitch_ = pitch;
    formats_ = formats;
    rightToLeft_ = text.isRightToLeft();
    layout_.reset();
    lineWidth_ = -1;
    optimum_ = optimumHeight_ = optimumLast_ = optimumLastTop_ = used_ = height_ = last_ = lastTop_ = 0;
    if (text.isEmpty())
        return;
    const auto layout = make();
    measure(*layout, unbounded);
    optimum_ = used_;
    optimumHeight_ = height_;
    optimumLast_ = last_;
    optimumLastTop_ = lastTop_;
}

std::unique_ptr<QTextLayout> TextBlock::make() const
{
    auto layout = std::make_unique<QTextLayout>(text_, font_);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(rightToLeft_ ? Qt::RightToLeft : Qt::LeftToRight);
    option.setAlignment(centred_ ? Qt::AlignHCenter : rightToLeft_ ? Qt::AlignRight : Qt::AlignLeft);
    layout->setTextOption(option);
    layout->setFormats(formats_);
    layout->setCacheEnabled(true);
    return layout;
}

void TextBlock::measure(QTextLayout& layout, qreal lineWidth)
{
    height_ = static_cast<int>(placeLines(layout, lineWidth, pitch_));
    qreal widest = 0;
    for (int i = 0; i < layout.lineCount(); ++i)
        widest = std::max(widest, layout.lineAt(i).naturalTextWidth());
    used_ = static_cast<int>(std::ceil(widest));
    if (layout.lineCount() == 0)
        return;
    const QTextLine last = layout.lineAt(layout.lineCount() - 1);
    last_ = static_cast<int>(std::ceil(last.naturalTextWidth()));
    lastTop_ = height_ - std::max(pitch_, static_cast<int>(std::ceil(last.height())));
}

void TextBlock::layout(int width)
{
    const int wanted = std::max(1, width);
    if (text_.isEmpty() || wanted == lineWidth_)
        return;
    lineWidth_ = wanted;
    layout_.reset();
    if (wanted > optimum_) { // nothing wraps: the first pass knows it all
        used_ = optimum_;
        height_ = optimumHeight_;
        last_ = optimumLast_;
        lastTop_ = optimumLastTop_;
        return;
    }
    layout_ = make();
    measure(*layout_, wanted);
}

QTextLayout& TextBlock::heavy() const
{
    if (!layout_) {
        layout_ = make();
        placeLines(*layout_, lineWidth_ < 0 ? unbounded : lineWidth_, pitch_);
    }
    return *layout_;
}

void TextBlock::draw(QPainter& painter, const QPointF& at, const QColor& ink, const TextRange& selection,
                     const QColor& selectionFill) const
{
    if (text_.isEmpty())
        return;
    QList<QTextLayout::FormatRange> marked;
    if (!selection.isEmpty()) {
        QTextLayout::FormatRange range;
        range.start = selection.start;
        range.length = selection.end - selection.start;
        range.format.setBackground(selectionFill);
        marked.append(range);
    }
    painter.setPen(ink);
    heavy().draw(&painter, at, marked);
}

int TextBlock::offsetAt(const QPointF& point) const
{
    if (text_.isEmpty())
        return 0;
    const QTextLayout& layout = heavy();
    if (point.y() < 0)
        return 0;
    for (int i = 0; i < layout.lineCount(); ++i) {
        const QTextLine line = layout.lineAt(i);
        const bool isLast = i + 1 == layout.lineCount();
        if (isLast && point.y() > line.y() + std::max<qreal>(line.height(), pitch_))
            break;
        if (isLast || point.y() < layout.lineAt(i + 1).y())
            return line.xToCursor(point.x());
    }
    return static_cast<int>(text_.size());
}

} // namespace holdfast::ui
