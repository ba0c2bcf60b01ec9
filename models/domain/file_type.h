// What a file is, told from its bytes: the name and the claimed type are the sender's word.
#pragma once

#include <QByteArrayView>
#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace holdfast::domain {

// fits: the bytes begin as the claimed type must. differs: they do not, or they are a program. untold: a type whose
// bytes say nothing about it.
enum class TypeCheck { fits, differs, untold };
[[nodiscard]] TypeCheck checkType(QStringView claimedMime, QByteArrayView bytes);

// "image/png", "image/jpeg", "image/webp", "image/gif", or empty: the pictures that a window may show.
[[nodiscard]] QString pictureTypeOf(QByteArrayView bytes);

// Width and height as a person sees the picture (turned as its EXIF says), from the header alone. Nothing: not a
// picture of these types, cut off, or without a size.
[[nodiscard]] std::optional<QSize> pictureSize(QByteArrayView bytes);

// Endings that belong to a type, the usual one first; none for a type that is not known here.
[[nodiscard]] QStringList endingsOf(QStringView mime);
[[nodiscard]] bool isKnownEnding(QStringView ending); // lower case, of a document, picture or recording

} // namespace holdfast::domain
