#include "ui/lock/sign_in_strip.h"

#include "models/views/when_done.h"
#include "ui/lock/secret_field.h"
#include "ui/widgets/painting.h"

#include <QFuture>
#include <QHBoxLayout>
#include <QPainter>

namespace holdfast::ui {

SignInStrip::SignInStrip(const Theme& theme, views::Session& session, QWidget* parent)
    : QWidget(parent), theme_(theme), session_(session)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 12, 7);
    row->setSpacing(8);
    words_ = new TextLabel(theme, Role::base, Colour::warn, this);
    words_->setText(tr("The server asks for your password again. Work on: what you write is kept here until then."));
    words_->setElided(true);
    password_ = new SecretField(theme, tr("Password"), this);
    password_->setPlaceholderText(tr("Password"));
    password_->setFieldHeight(30);
    password_->setFixedWidth(220);
    button_ = new PushButton(theme, PushButton::Kind::outlined, tr("Sign in"), this);
    row->addWidget(words_, 1);
    row->addWidget(password_);
    row->addWidget(button_);
    hide();
    connect(button_, &PushButton::clicked, this, &SignInStrip::signIn);
    connect(password_, &QLineEdit::returnPressed, this, &SignInStrip::signIn);
    connect(&session, &views::Session::signInNeeded, this, [this] { show(); });
}

void SignInStrip::signIn()
{
    if (password_->text().isEmpty() || !button_->isEnabled())
        return;
    button_->setEnabled(false);
    views::whenDone(session_.signInAgain(password_->text()), this, [this](const Result<void>& result) {
        button_->setEnabled(true);
        password_->forget();
        if (result) {
            hide();
            return;
        }
        words_->setText(result.error().text);
        password_->setFocus();
    });
}

void SignInStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::warnTint));
    paintHairline(painter, rect(), Qt::BottomEdge, theme_.colour(Colour::line));
}

} // namespace holdfast::ui
