#include "ui/conversation/pictures.h"

#include "models/domain/file_type.h"
#include "models/views/when_done.h"
#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QBuffer>
#include <QImageReader>
#include <QPainter>
#include <QPainterPath>
#include <QPromise>

namespace holdfast::ui {

namespace {

constexpr int mostSide = 16 * 1024; // px
constexpr int mostMegabytes = 128;  // of one decoded picture
constexpr int keptKib = 64 * 1024;
constexpr int listSide = 960; // 320 px at three device pixels each
constexpr qsizetype mostBytes = 32 * 1024 * 1024;

tl::unexpected<Error> unreadable()
{
    return fail(ErrorCode::invalidInput,
                Pictures::tr("This picture cannot be shown: its data is damaged. The file is kept as it came."));
}

} // namespace

Result<QImage> decodePicture(const QByteArray& bytes, const QSize& fit)
{
    const QByteArray format = domain::pictureTypeOf(bytes).section(u'/', 1, 1).toLatin1(); // "jpeg"
    if (format.isEmpty() || !QImageReader::supportedImageFormats().contains(format))
        return fail(ErrorCode::invalidInput, Pictures::tr("This kind of picture cannot be shown here."));
    if (bytes.size() > mostBytes)
        return fail(ErrorCode::tooLarge, Pictures::tr("This picture is too large to be shown."));
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false);
    reader.setDecideFormatFromContent(false);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (!size.isValid() || size.isEmpty())
        return unreadable();
    const qint64 megabytes = qint64(size.width()) * size.height() * 4 / (1024 * 1024);
    if (size.width() > mostSide || size.height() > mostSide || megabytes > mostMegabytes)
        return fail(ErrorCode::tooLarge, Pictures::tr("This picture is too large to be shown."));
    if (fit.isValid() && (size.width() > fit.width() || size.height() > fit.height()))
        reader.setScaledSize(size.scaled(fit, Qt::KeepAspectRatio).expandedTo(QSize(1, 1)));
    QImage image = reader.read();
    if (image.isNull())
        return unreadable();
    return std::move(image).convertToFormat(QImage::Format_ARGB32_Premultiplied);
}

Pictures::Pictures(views::DeskReader& reader, QObject* parent)
    : QObject(parent), reader_(reader), images_(keptKib), tiles_(keptKib / 4)
{
    QImageReader::setAllocationLimit(mostMegabytes);
    pool_.setMaxThreadCount(2);
    pool_.setThreadPriority(QThread::LowPriority);
}

Pictures::~Pictures()
{
    pool_.clear();
    pool_.waitForDone();
}

QImage Pictures::find(const BlobId& id, int side)
{
    if (const QImage* image = images_.object(id))
        return *image;
    fetch(id, std::max(side, listSide));
    return {};
}

std::optional<QString> Pictures::failure(const BlobId& id) const
{
    const auto found = failures_.constFind(id);
    return found == failures_.constEnd() ? std::nullopt : std::optional(*found);
}

void Pictures::forget(const BlobId& id)
{
    images_.remove(id);
    tiles_.clear();
    failures_.remove(id);
    asked_.remove(id);
    Q_EMIT ready(id);
}

void Pictures::fetch(const BlobId& id, int side)
{
    if (asked_.contains(id) || failures_.contains(id))
        return;
    asked_.insert(id);
    views::whenDone(reader_.attachment(id), this, [this, id, side](const Result<QByteArray>& bytes) {
        if (!bytes)
            return take(id, tl::unexpected<Error>(bytes.error()));
        auto promise = std::make_shared<QPromise<Result<QImage>>>();
        views::whenDone(promise->future(), this, [this, id](const Result<QImage>& image) { take(id, image); });
        pool_.start([promise, data = *bytes, side] {
            promise->start();
            promise->addResult(decodePicture(data, QSize(side, side)));
            promise->finish();
        });
    });
}

QFuture<Result<QImage>> Pictures::original(const BlobId& id)
{
    auto promise = std::make_shared<QPromise<Result<QImage>>>();
    promise->start();
    views::whenDone(reader_.attachment(id), this, [this, promise](const Result<QByteArray>& bytes) {
        if (!bytes) {
            promise->addResult(Result<QImage>(tl::unexpected<Error>(bytes.error())));
            promise->finish();
            return;
        }
        pool_.start([promise, data = *bytes] {
            promise->addResult(decodePicture(data, QSize(4096, 4096)));
            promise->finish();
        });
    });
    return promise->future();
}

void Pictures::take(const BlobId& id, const Result<QImage>& image)
{
    asked_.remove(id);
    if (image)
        images_.insert(id, new QImage(*image), std::max<qsizetype>(1, image->sizeInBytes() / 1024));
    else
        failures_.insert(id, image.error().text);
    Q_EMIT ready(id);
}

void Pictures::paintCropped(QPainter& painter, const QRect& box, const QPainterPath& shape, const BlobId& id,
                            const Theme& theme)
{
    const QImage image = find(id, std::max(box.width(), box.height()) * 2);
    if (image.isNull())
        return paintMissing(painter, box, shape, id, theme);
    paintTile(painter, box, shape, image, id);
}

void Pictures::paintWhole(QPainter& painter, const QRect& box, const QPainterPath& shape, const BlobId& id,
                          const Theme& theme)
{
    const QImage image = find(id, std::max(box.width(), box.height()) * 2);
    if (image.isNull())
        return paintMissing(painter, box, shape, id, theme);
    QSize size = image.size().boundedTo(box.size()) == image.size()
                     ? image.size()
                     : image.size().scaled(box.size(), Qt::KeepAspectRatio);
    // A pixel of rounding leaves no line beside the picture.
    if (box.width() - size.width() <= 2)
        size.setWidth(box.width());
    if (box.height() - size.height() <= 2)
        size.setHeight(box.height());
    const QRect part(box.left() + (box.width() - size.width()) / 2, box.top() + (box.height() - size.height()) / 2,
                     size.width(), size.height());
    QPainterPath inside;
    inside.addRect(part);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(shape, theme.colour(Colour::hover));
    paintTile(painter, part, inside.intersected(shape), image, id);
}

void Pictures::paintMissing(QPainter& painter, const QRect& box, const QPainterPath& shape, const BlobId& id,
                            const Theme& theme) const
{
    const bool failed = failures_.contains(id);
    painter.fillPath(shape, theme.colour(Colour::hover));
    theme.icons().paintIn(painter, box, failed ? Icon::warning : Icon::image, box.width() < 48 ? 14 : 20,
                          theme.colour(failed ? Colour::warn : Colour::text3));
}

void Pictures::paintTile(QPainter& painter, const QRect& box, const QPainterPath& shape, const QImage& image,
                         const BlobId& id)
{
    QBrush brush(tileOf(image, id, box.size(), painter.device()->devicePixelRatioF()));
    const qreal scale = 1 / painter.device()->devicePixelRatioF();
    brush.setTransform(QTransform::fromTranslate(box.left(), box.top()).scale(scale, scale));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(shape, brush);
}

// Scaled once per size: a smooth reduction at every paint would cost milliseconds a frame.
QImage Pictures::tileOf(const QImage& image, const BlobId& id, const QSize& size, qreal ratio)
{
    const QSize pixels = (QSizeF(size) * ratio).toSize();
    const std::pair key(id, quint64(pixels.width()) << 32 | quint64(pixels.height()));
    if (const QImage* tile = tiles_.object(key))
        return *tile;
    const QSize crop = pixels.scaled(image.size(), Qt::KeepAspectRatio).expandedTo(QSize(1, 1));
    const QRect source(QPoint((image.width() - crop.width()) / 2, (image.height() - crop.height()) / 2), crop);
    const QImage tile = image.copy(source).scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    tiles_.insert(key, new QImage(tile), std::max<qsizetype>(1, tile.sizeInBytes() / 1024));
    return tile;
}

} // namespace holdfast::ui
