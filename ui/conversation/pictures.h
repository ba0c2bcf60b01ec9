// Photos of attachments: fetched from the desk, decoded beside the GUI thread, kept within a budget of memory.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/views/desk.h"

#include <QCache>
#include <QFuture>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QThreadPool>

class QPainter;
class QPainterPath;

namespace holdfast::ui {

class Theme;

// Reads only PNG, JPEG, WebP and the first frame of GIF, by their first bytes and never by a name; at most 16,384 px a
// side and 128 MB decoded. `fit`: the longest side that is needed; the answer is never larger than the picture. Any
// thread.
[[nodiscard]] Result<QImage> decodePicture(const QByteArray& bytes, const QSize& fit);

// GUI thread only; its workers are done when it is gone.
class Pictures : public QObject
{
    Q_OBJECT
public:
    explicit Pictures(views::DeskReader& reader, QObject* parent = nullptr);
    ~Pictures() override;

    // The picture if it is here; else asks for it and tells ready() later.
    [[nodiscard]] QImage find(const BlobId& id, int side);
    [[nodiscard]] std::optional<QString> failure(const BlobId& id) const;
    // Full size for the viewer, not kept.
    [[nodiscard]] QFuture<Result<QImage>> original(const BlobId& id);
    void forget(const BlobId& id); // arrived, or was found bad: ask again

    // Fills `shape` with the middle of the picture, or with a still place holder of the same size.
    void paintCropped(QPainter& painter, const QRect& box, const QPainterPath& shape, const BlobId& id,
                      const Theme& theme);
    // The whole picture in the middle of `shape`, never enlarged; or the same place holder.
    void paintWhole(QPainter& painter, const QRect& box, const QPainterPath& shape, const BlobId& id,
                    const Theme& theme);

Q_SIGNALS:
    void ready(const holdfast::BlobId& id);

private:
    void paintMissing(QPainter& painter, const QRect& box, const QPainterPath& shape, const BlobId& id,
                      const Theme& theme) const;
    void paintTile(QPainter& painter, const QRect& box, const QPainterPath& shape, const QImage& image,
                   const BlobId& id);
    void fetch(const BlobId& id, int side);
    void take(const BlobId& id, const Result<QImage>& image);

    [[nodiscard]] QImage tileOf(const QImage& image, const BlobId& id, const QSize& size, qreal ratio);

    views::DeskReader& reader_;
    QThreadPool pool_;
    QCache<BlobId, QImage> images_;                    // cost in KiB
    QCache<std::pair<BlobId, quint64>, QImage> tiles_; // cropped and scaled; by width and height in device pixels
    QSet<BlobId> asked_;
    QHash<BlobId, QString> failures_;
};

} // namespace holdfast::ui
