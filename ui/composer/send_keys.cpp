#include "ui/composer/send_keys.h"

#include "ui/widgets/painting.h"

namespace holdfast::ui {

namespace {

constexpr int gap = 4;
constexpr int after = 8;

} // namespace

SendKeys::SendKeys(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setKeys({tr("Ctrl"), tr("Enter")});
}

void SendKeys::setKeys(const QStringList& keys)
{
    keys_ = keys;
    setToolTip(tr("%1 sends").arg(keys.join(u'+')));
    updateGeometry();
    update();
}

QSize SendKeys::sizeHint() const
{
    int wide = after;
    for (const QString& key : keys_)
        wide += keyCapWidth(key, theme_) + gap;
    return {wide, theme_.grown(28)};
}

void SendKeys::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    int left = 0;
    for (const QString& key : keys_)
        left += paintKeyCap(painter, left, height() / 2, key, theme_) + gap;
}

} // namespace holdfast::ui
