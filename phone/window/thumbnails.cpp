#include "phone/window/thumbnails.h"

#include "ui/conversation/pictures.h"

namespace holdfast::phone {
namespace {

constexpr int keptKib = 128 * 1024;
constexpr QSize fit(560, 560); // px: the largest place in a chat, on a screen of twice the density

} // namespace

Thumbnails::Thumbnails() : images_(keptKib)
{
    pool_.setMaxThreadCount(1);
}

Thumbnails::~Thumbnails()
{
    pool_.clear();
    pool_.waitForDone();
}

bool Thumbnails::isKnown(const QByteArray& key) const
{
    return images_.contains(key) || asked_.contains(key) || broken_.contains(key);
}

QImage Thumbnails::find(const QByteArray& key) const
{
    const QImage* image = images_.object(key);
    return image ? *image : QImage();
}

void Thumbnails::offer(const QByteArray& key, const QByteArray& bytes)
{
    if (isKnown(key))
        return;
    asked_.insert(key);
    pool_.start([this, key, bytes] {
        const auto decoded = ui::decodePicture(bytes, fit);
        const QImage image = decoded ? *decoded : QImage();
        // The pool is waited for before this goes, and a queued call goes with its receiver.
        QMetaObject::invokeMethod(
            this, [this, key, image] { take(key, image); }, Qt::QueuedConnection);
    });
}

void Thumbnails::take(const QByteArray& key, const QImage& image)
{
    asked_.remove(key);
    if (image.isNull())
        broken_.insert(key);
    else
        images_.insert(key, new QImage(image), std::max<qsizetype>(1, image.sizeInBytes() / 1024));
    Q_EMIT ready();
}

} // namespace holdfast::phone
