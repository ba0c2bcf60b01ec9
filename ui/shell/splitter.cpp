#include "ui/shell/splitter.h"

#include <QPainter>
#include <QSplitterHandle>

namespace holdfast::ui {
namespace {

constexpr int grabMargin = 3;

class Handle : public QSplitterHandle
{
public:
    Handle(const Theme& theme, QSplitter* splitter) : QSplitterHandle(Qt::Horizontal, splitter), theme_(theme)
    {
        setAttribute(Qt::WA_MouseNoMask);
    }

protected:
    // Wider than the line for the mouse, but masked to the line for painting.
    void resizeEvent(QResizeEvent* event) override
    {
        setContentsMargins(grabMargin, 0, grabMargin, 0);
        setMask(QRegion(contentsRect()));
        QWidget::resizeEvent(event);
    }
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.fillRect(contentsRect(), theme_.colour(Colour::line));
    }

private:
    const Theme& theme_;
};

} // namespace

Splitter::Splitter(const Theme& theme, QWidget* parent) : QSplitter(Qt::Horizontal, parent), theme_(theme)
{
    setHandleWidth(1);
    setChildrenCollapsible(false);
    connect(&theme, &Theme::changed, this, [this] {
        for (int i = 0; i < count(); ++i)
            handle(i)->update();
    });
}

QSplitterHandle* Splitter::createHandle()
{
    return new Handle(theme_, this);
}

} // namespace holdfast::ui
