// The cards of the lock screen: unlock a known desk, or set this computer up.
#pragma once

#include "models/views/session.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QVBoxLayout;

namespace holdfast::ui {

class PushButton;
class SecretField;
class TextField;
class TextLabel;
class HintLine;

// White, outlined, radius 10, padding 20.
class Card : public QWidget
{
    Q_OBJECT
public:
    Card(const Theme& theme, QWidget* parent);

protected:
    [[nodiscard]] QVBoxLayout& rows() { return *rows_; }
    [[nodiscard]] const Theme& theme() const { return theme_; }
    TextLabel* addLabel(const QString& text);
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    QVBoxLayout* rows_ = nullptr;
};

class UnlockCard : public Card
{
    Q_OBJECT
public:
    UnlockCard(const Theme& theme, views::Session& session, const views::KnownDesk& known, QWidget* parent);

    [[nodiscard]] SecretField& passphrase() { return *passphrase_; }
    [[nodiscard]] QString words() const; // what the hint line says
    void unlock();

private:
    void buildHelp();

    views::Session& session_;
    SecretField* passphrase_ = nullptr;
    HintLine* hint_ = nullptr;
    PushButton* button_ = nullptr;
    TextLabel* help_ = nullptr; // the way out where no passphrase opens the desk
};

class FirstRunCard : public Card
{
    Q_OBJECT
public:
    FirstRunCard(const Theme& theme, views::Session& session, QWidget* parent);

    [[nodiscard]] TextField& server() { return *server_; }
    [[nodiscard]] TextField& login() { return *login_; }
    [[nodiscard]] SecretField& password() { return *password_; }
    [[nodiscard]] SecretField& passphrase() { return *passphrase_; }
    [[nodiscard]] SecretField& again() { return *again_; }
    [[nodiscard]] QString words() const;
    void next(); // the button, or Enter

Q_SIGNALS:
    void organisationFound(const QString& name, bool secure);
    void serverSilent(); // no Holdfast answered at the address
    void serverLeft();   // the address was changed: nothing is known of it

private:
    void buildServer();
    void buildSignIn();
    void probe();
    void enrol();
    void showStrength();
    void setBusy(bool busy);

    views::Session& session_;
    TextField* server_ = nullptr;
    HintLine* found_ = nullptr; // whose server it is
    QWidget* signIn_ = nullptr; // shown once the server answered
    TextField* login_ = nullptr;
    SecretField* password_ = nullptr;
    SecretField* passphrase_ = nullptr;
    SecretField* again_ = nullptr;
    HintLine* strength_ = nullptr;
    HintLine* hint_ = nullptr;
    PushButton* button_ = nullptr;
    bool probed_ = false;
    quint64 generation_ = 0; // of the address; answers for an older one are dropped
};

// "desk.example" means https; plain http only where it is written out, for this computer.
[[nodiscard]] QUrl serverUrl(const QString& typed);

} // namespace holdfast::ui
