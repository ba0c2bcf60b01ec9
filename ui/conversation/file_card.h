// How a file looks wherever it stands: the tile with its type or its trouble, and the bar of what has come.
#pragma once

#include "models/views/values.h"
#include "ui/theme/theme.h"

class QPainter;
class QRect;

namespace holdfast::ui {

using OptionalTransfer = std::optional<views::Transfer>;

void paintFileTile(QPainter& painter, const QRect& tile, const views::AttachmentView& file,
                   const OptionalTransfer& transfer, const Theme& theme);
// A bar along `box`; nothing while nothing moves.
void paintTransfer(QPainter& painter, const QRect& box, const views::AttachmentView& file,
                   const OptionalTransfer& transfer, const Theme& theme);
// The colour of the words beneath the name.
[[nodiscard]] Colour fileInk(const views::AttachmentView& file, const OptionalTransfer& transfer);

} // namespace holdfast::ui
