// Columns with a line of 1 px between them and 7 px to grab.
#pragma once

#include "ui/theme/theme.h"

#include <QSplitter>

namespace holdfast::ui {

class Splitter : public QSplitter
{
    Q_OBJECT
public:
    Splitter(const Theme& theme, QWidget* parent);

protected:
    QSplitterHandle* createHandle() override;

private:
    const Theme& theme_;
};

} // namespace holdfast::ui
