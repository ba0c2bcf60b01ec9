// Photos and documents of the sample data, drawn by code: every picture differs, the same seed gives the same bytes.
#pragma once

#include "sample/dice.h"

#include <QByteArray>
#include <QString>

namespace holdfast::sample {

struct MediaFile
{
    QString name;
    QString mime;
    QByteArray bytes;
};

enum class Scene { car, windscreen, ceiling };

// A JPEG of 960 x 720. Needs Qt's JPEG plugin, no application object.
[[nodiscard]] MediaFile makePhoto(Dice& dice, Scene scene);

// A PDF 1.4 of one to three pages with `title` and the given lines.
[[nodiscard]] MediaFile makePdf(Dice& dice, const QString& name, const QString& title, const QStringList& lines);

} // namespace holdfast::sample
