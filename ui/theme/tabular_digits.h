// Makes a font's default digits its tabular ones, because Qt before 6.7 cannot ask for the OpenType feature.
#pragma once

#include <QByteArray>

namespace holdfast::ui {

// A copy of the OpenType font in which 0 to 9 show the glyphs of its `tnum` feature; the bytes unchanged where the
// font has no such feature or is not understood. Tables are read as in the OpenType specification 1.9 (cmap, GSUB).
[[nodiscard]] QByteArray withTabularDigits(const QByteArray& font);

} // namespace holdfast::ui
