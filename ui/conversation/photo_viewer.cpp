#include "ui/conversation/photo_viewer.h"

#include "models/views/when_done.h"
#include "ui/conversation/message_words.h"
#include "ui/conversation/pictures.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>

namespace holdfast::ui {

namespace {

constexpr qreal mostZoom = 8;
constexpr qreal zoomStep = 1.25;
constexpr int margin = 48;

} // namespace

PhotoViewer::PhotoViewer(const Theme& theme, Pictures& pictures, QWidget* window)
    : QWidget(window), theme_(theme), pictures_(pictures)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Photo"));
    save_ = new IconButton(theme, Icon::download, tr("Save a copy (S)"), this);
    save_->setFocusPolicy(Qt::NoFocus); // the key does it; the keyboard stays with the photo
    connect(save_, &QAbstractButton::clicked, this, &PhotoViewer::askSave);
    window->installEventFilter(this);
    hide();
}

void PhotoViewer::openAt(const views::Message& message, int attachment)
{
    message_ = message;
    photos_.clear();
    current_ = 0;
    for (int i = 0; i < static_cast<int>(message.attachments.size()); ++i) {
        const views::AttachmentView& each = message.attachments.at(i);
        if (!isPicture(each) || each.state != views::AttachmentView::State::good)
            continue;
        if (i == attachment)
            current_ = static_cast<int>(photos_.size());
        photos_.append(i);
    }
    if (photos_.isEmpty())
        return;
    before_ = window()->focusWidget();
    place();
    show();
    raise();
    setFocus(Qt::PopupFocusReason);
    load();
}

void PhotoViewer::place()
{
    setGeometry(parentWidget()->rect());
    const QSize size = save_->sizeHint();
    save_->setGeometry(width() - size.width() - 10, (theme_.grown(40) - size.height()) / 2, size.width(),
                       size.height());
}

void PhotoViewer::askSave()
{
    Q_EMIT saveRequested(message_.id, photos_.at(current_));
}

void PhotoViewer::closeViewer()
{
    ++generation_;
    hide();
    image_ = {};
    if (before_)
        before_->setFocus(Qt::PopupFocusReason);
    Q_EMIT closed();
}

void PhotoViewer::load()
{
    const views::AttachmentView& photo = message_.attachments.at(photos_.at(current_));
    image_ = {};
    zoom_ = 1;
    shift_ = {};
    words_ = tr("Opening the photo");
    setAccessibleName(tr("Photo %1 of %2, %3").arg(current_ + 1).arg(photos_.size()).arg(attachmentName(photo)));
    const quint64 mine = ++generation_;
    views::whenDone(pictures_.original(photo.attachment.id), this, [this, mine](const Result<QImage>& image) {
        if (mine != generation_)
            return;
        if (image)
            image_ = *image;
        else
            words_ = image.error().text;
        update();
    });
    update();
}

void PhotoViewer::step(int by)
{
    const int next = std::clamp(current_ + by, 0, static_cast<int>(photos_.size()) - 1);
    if (next == current_)
        return;
    current_ = next;
    load();
}

void PhotoViewer::setZoom(qreal zoom)
{
    zoom_ = std::clamp(zoom, 1.0, mostZoom);
    if (zoom_ == 1)
        shift_ = {};
    update();
}

QRectF PhotoViewer::photoRect() const
{
    const QRectF frame = QRectF(rect()).adjusted(margin, margin, -margin, -margin);
    QSizeF size = image_.size();
    if (size.width() > frame.width() || size.height() > frame.height())
        size.scale(frame.size(), Qt::KeepAspectRatio);
    size *= zoom_;
    QRectF box(QPointF(), size);
    box.moveCenter(frame.center() + shift_);
    return box;
}

void PhotoViewer::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.isDark() ? QColor(0x0A, 0x0C, 0x0D) : QColor(0xD3, 0xDA, 0xDA));
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    if (image_.isNull())
        paintLine(painter, rect().adjusted(margin, 0, -margin, 0), words_, Role::base, Colour::text, theme_,
                  Qt::AlignHCenter);
    else
        painter.drawImage(photoRect(), image_);
    const QRect head(0, 0, width(), theme_.grown(40));
    painter.fillRect(head, theme_.colour(Colour::surface));
    paintHairline(painter, head, Qt::BottomEdge, theme_.colour(Colour::line));
    const views::AttachmentView& photo = message_.attachments.at(photos_.at(current_));
    const QString count = photos_.size() > 1 ? tr("%1 of %2 · ").arg(current_ + 1).arg(photos_.size()) : QString();
    const QString who = plainLine(message_.authorName, 80) + QStringLiteral(" · ") + dateAndTime(message_.at);
    paintLine(painter, head.adjusted(16, 0, -340, 0), count + attachmentName(photo) + QStringLiteral(" · ") + who,
              Role::base, Colour::text, theme_);
    int left = save_->x() - 10;
    const QList<std::pair<QString, QString>> keys = {
        {QStringLiteral("Esc"), tr("close")}, {QStringLiteral("0"), tr("fit")}, {QStringLiteral("+ -"), tr("zoom")}};
    for (const auto& [key, words] : keys) {
        left -= textWidth(words, Role::secondary, theme_);
        paintLine(painter, QRect(left, 0, width() - left, head.height()), words, Role::secondary, Colour::text2,
                  theme_);
        left -= keyCapWidth(key, theme_) + 6;
        paintKeyCap(painter, left, head.center().y(), key, theme_);
        left -= 14;
    }
}

void PhotoViewer::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        return closeViewer();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return setZoom(zoom_ * zoomStep);
    case Qt::Key_Minus:
        return setZoom(zoom_ / zoomStep);
    case Qt::Key_0:
        return setZoom(1);
    case Qt::Key_S:
        return askSave();
    case Qt::Key_Left:
        return step(-1);
    case Qt::Key_Right:
        return step(1);
    default:
        event->accept(); // nothing beneath the overlay hears a key
    }
}

void PhotoViewer::mousePressEvent(QMouseEvent* event)
{
    dragFrom_ = event->position() - shift_;
    if (event->position().y() > theme_.grown(40) && !photoRect().contains(event->position()))
        closeViewer();
}

void PhotoViewer::mouseMoveEvent(QMouseEvent* event)
{
    if (zoom_ <= 1)
        return;
    shift_ = event->position() - dragFrom_;
    update();
}

void PhotoViewer::wheelEvent(QWheelEvent* event)
{
    if (event->angleDelta().y() != 0)
        setZoom(event->angleDelta().y() > 0 ? zoom_ * zoomStep : zoom_ / zoomStep);
    event->accept();
}

bool PhotoViewer::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

} // namespace holdfast::ui
