// Central asks for the password again: a strip above the desk, which stays open meanwhile.
#pragma once

#include "models/views/session.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace holdfast::ui {

class PushButton;
class SecretField;
class TextLabel;

class SignInStrip : public QWidget
{
    Q_OBJECT
public:
    SignInStrip(const Theme& theme, views::Session& session, QWidget* parent);

    [[nodiscard]] SecretField& password() { return *password_; }
    void signIn();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    views::Session& session_;
    TextLabel* words_ = nullptr;
    SecretField* password_ = nullptr;
    PushButton* button_ = nullptr;
};

} // namespace holdfast::ui
