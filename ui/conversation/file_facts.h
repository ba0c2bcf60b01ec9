// The head of a file's sheet: type, name, size, and how much of it has come.
#pragma once

#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace holdfast::ui {

class FileFacts : public QWidget
{
    Q_OBJECT
public:
    FileFacts(const Theme& theme, QWidget* parent);

    void show(const views::AttachmentView& file, const QString& from);
    void setTransfer(const std::optional<views::Transfer>& transfer);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QString meta() const;

    const Theme& theme_;
    views::AttachmentView file_;
    QString from_;
    std::optional<views::Transfer> transfer_;
};

} // namespace holdfast::ui
