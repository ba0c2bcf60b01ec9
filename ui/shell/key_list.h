// Ctrl+/: every key that works here, by area.
#pragma once

#include "ui/shell/overlay.h"

namespace holdfast::ui {

class IconButton;

class KeyList : public Overlay
{
    Q_OBJECT
public:
    KeyList(const Theme& theme, QWidget* window);

protected:
    QWidget* firstFocus() override;

private:
    IconButton* close_ = nullptr;
};

} // namespace holdfast::ui
