// Small pictures of the photos in the chats, decoded beside the GUI thread within a budget of memory.
#pragma once

#include <QByteArray>
#include <QCache>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QThreadPool>

namespace holdfast::phone {

// GUI thread only; its workers are done when it is gone.
class Thumbnails : public QObject
{
    Q_OBJECT
public:
    Thumbnails();
    ~Thumbnails() override;

    // Begins to decode; nothing when that picture is known already.
    void offer(const QByteArray& key, const QByteArray& bytes);
    [[nodiscard]] bool isKnown(const QByteArray& key) const; // here, on its way, or not a picture
    [[nodiscard]] QImage find(const QByteArray& key) const;  // null: none yet
    [[nodiscard]] bool isBroken(const QByteArray& key) const { return broken_.contains(key); }

Q_SIGNALS:
    void ready();

private:
    void take(const QByteArray& key, const QImage& image);

    QThreadPool pool_;
    QCache<QByteArray, QImage> images_; // cost in KiB
    QSet<QByteArray> asked_;
    QSet<QByteArray> broken_;
};

} // namespace holdfast::phone
