#include "ui/lock/cards.h"

#include "models/views/when_done.h"
#include "ui/lock/hint_line.h"
#include "ui/lock/secret_field.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QFuture>
#include <QPainter>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int padding = 20;
constexpr int fieldGap = 6;
constexpr int groupGap = 14;

// Who the desk belongs to: avatar, name, login.
class PersonLine : public QWidget
{
public:
    PersonLine(const Theme& theme, const views::KnownDesk& known, QWidget* parent)
        : QWidget(parent), theme_(theme), name_(plainLine(known.userName, 100)), login_(plainLine(known.login, 100))
    {
        setFixedHeight(theme.grown(36));
        setAccessibleName(name_ + QStringLiteral(", ") + login_);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        paintAvatar(painter, QRectF(0, (height() - 36) / 2.0, 36, 36), name_, AvatarShape::roundedSquare, theme_);
        const QRect words(46, 0, width() - 46, height() / 2);
        paintLine(painter, words, name_, Role::name, Colour::text, theme_);
        paintLine(painter, words.translated(0, words.height()), login_, Role::secondary, Colour::text2, theme_);
    }

private:
    const Theme& theme_;
    QString name_;
    QString login_;
};

// On a first run nothing is at work and nothing is tried again: what the exchange says of a desk would be untrue.
QString silenceWords(const Error& error)
{
    const bool silent = error.code == ErrorCode::network || error.code == ErrorCode::timeout;
    return silent
               ? Card::tr("No Holdfast server answers at this address. Check the address and the network connection, "
                          "then try again.")
               : error.text;
}

// Its end takes away its own words only, never an error's.
void sayCaps(HintLine& hint, bool on)
{
    const QString words = Card::tr("Caps Lock is on");
    if (on || hint.words() == words)
        hint.say(Icon::capsLock, Colour::warn, on ? words : QString());
}

} // namespace

Card::Card(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme), rows_(new QVBoxLayout(this))
{
    rows_->setContentsMargins(padding, padding, padding, padding);
    rows_->setSpacing(fieldGap);
}

TextLabel* Card::addLabel(const QString& text)
{
    auto* label = new TextLabel(theme_, Role::secondary, Colour::text2, this);
    label->setText(text);
    rows_->addWidget(label);
    return label;
}

void Card::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme_.colour(Colour::line));
    painter.setBrush(theme_.colour(Colour::surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10);
}

UnlockCard::UnlockCard(const Theme& theme, views::Session& session, const views::KnownDesk& known, QWidget* parent)
    : Card(theme, parent), session_(session)
{
    rows().addWidget(new PersonLine(theme, known, this));
    rows().addSpacing(groupGap);
    addLabel(tr("Passphrase"));
    passphrase_ = new SecretField(theme, tr("Passphrase"), this);
    rows().addWidget(passphrase_);
    hint_ = new HintLine(theme, this);
    rows().addWidget(hint_);
    rows().addSpacing(groupGap - fieldGap);
    button_ = new PushButton(theme, PushButton::Kind::primary, tr("Unlock"), this);
    button_->setKeyHint(tr("Enter"));
    button_->setMinimumTextHeight(36);
    rows().addWidget(button_);
    buildHelp();
    connect(button_, &PushButton::clicked, this, &UnlockCard::unlock);
    connect(passphrase_, &QLineEdit::returnPressed, this, &UnlockCard::unlock);
    connect(passphrase_, &SecretField::capsLockChanged, this, [this](bool on) { sayCaps(*hint_, on); });
    setFocusProxy(passphrase_);
}

void UnlockCard::buildHelp()
{
    auto* ask =
        new PushButton(theme(), PushButton::Kind::link, tr("Passphrase forgotten, or the desk does not open?"), this);
    rows().addWidget(ask, 0, Qt::AlignLeft);
    help_ = new TextLabel(theme(), Role::secondary, Colour::text2, this);
    help_->setWordWrap(true);
    help_->setText(
        tr("Nobody can read a passphrase back. Ask your administrator, who signs this computer out and moves the "
           "folder of this desk aside; it is not deleted. Then start Holdfast, sign in with your sign-in name and "
           "password, and choose a new passphrase: the conversations come back from the server. What was still "
           "waiting to be sent from this computer stays in the folder that was moved; write it again."));
    help_->hide();
    rows().addWidget(help_);
    connect(ask, &PushButton::clicked, this, [this] { help_->setVisible(help_->isHidden()); });
}

QString UnlockCard::words() const
{
    return hint_->words();
}

void UnlockCard::unlock()
{
    if (!passphrase_->isEnabled())
        return;
    if (passphrase_->text().isEmpty()) {
        hint_->say(Icon::alert, Colour::bad, tr("Type your passphrase first."));
        passphrase_->setFocus();
        return;
    }
    // Deriving the key takes about a second: say so, and take nothing meanwhile.
    passphrase_->setEnabled(false);
    button_->setEnabled(false);
    hint_->say(Icon::key, Colour::text2, tr("Opening the encrypted database"));
    views::whenDone(session_.unlock(passphrase_->text()), this, [this](const Result<void>& result) {
        passphrase_->setEnabled(true);
        button_->setEnabled(true);
        passphrase_->forget();
        hint_->say(Icon::alert, Colour::bad, result ? QString() : result.error().text);
        // Another passphrase will not help: the way out stands there unasked.
        if (!result && result.error().code != ErrorCode::wrongKey)
            help_->show();
        passphrase_->setFocus();
    });
}

FirstRunCard::FirstRunCard(const Theme& theme, views::Session& session, QWidget* parent)
    : Card(theme, parent), session_(session)
{
    buildServer();
    buildSignIn();
    hint_ = new HintLine(theme, this);
    rows().addWidget(hint_);
    rows().addSpacing(groupGap - fieldGap);
    button_ = new PushButton(theme, PushButton::Kind::primary, tr("Continue"), this);
    button_->setKeyHint(tr("Enter"));
    button_->setMinimumTextHeight(36);
    rows().addWidget(button_);
    connect(button_, &PushButton::clicked, this, &FirstRunCard::next);
    for (QLineEdit* field : std::initializer_list<QLineEdit*>{server_, login_, password_, passphrase_, again_})
        connect(field, &QLineEdit::returnPressed, this, &FirstRunCard::next);
    setFocusProxy(server_);
}

void FirstRunCard::buildServer()
{
    addLabel(tr("Server address"));
    server_ = new TextField(theme(), tr("Server address"), this);
    server_->setPlaceholderText(tr("For example desk.harbourline.example"));
    server_->setMaxLength(300);
    rows().addWidget(server_);
    found_ = new HintLine(theme(), this);
    rows().addWidget(found_);
    connect(server_, &QLineEdit::textChanged, this, [this] {
        ++generation_;
        probed_ = false;
        found_->say(Icon::check, Colour::ok, {});
        signIn_->hide();
        button_->setText(tr("Continue"));
        Q_EMIT serverLeft();
    });
}

void FirstRunCard::buildSignIn()
{
    signIn_ = new QWidget(this);
    auto* fields = new QVBoxLayout(signIn_);
    fields->setContentsMargins(0, groupGap - fieldGap, 0, 0);
    fields->setSpacing(fieldGap);
    const auto label = [&](const QString& text) {
        auto* made = new TextLabel(theme(), Role::secondary, Colour::text2, signIn_);
        made->setText(text);
        fields->addSpacing(fieldGap);
        fields->addWidget(made);
    };
    label(tr("Sign-in name"));
    login_ = new TextField(theme(), tr("Sign-in name"), signIn_);
    login_->setMaxLength(200);
    fields->addWidget(login_);
    label(tr("Password"));
    password_ = new SecretField(theme(), tr("Password"), signIn_);
    fields->addWidget(password_);
    label(tr("New passphrase for this computer"));
    passphrase_ = new SecretField(theme(), tr("New passphrase for this computer"), signIn_);
    fields->addWidget(passphrase_);
    strength_ = new HintLine(theme(), signIn_);
    fields->addWidget(strength_);
    label(tr("The same passphrase again"));
    again_ = new SecretField(theme(), tr("The same passphrase again"), signIn_);
    fields->addWidget(again_);
    rows().addWidget(signIn_);
    signIn_->hide();
    connect(passphrase_, &QLineEdit::textChanged, this, &FirstRunCard::showStrength);
    for (SecretField* field : {password_, passphrase_, again_})
        connect(field, &SecretField::capsLockChanged, this, [this](bool on) { sayCaps(*hint_, on); });
}

QString FirstRunCard::words() const
{
    return hint_->words();
}

void FirstRunCard::showStrength()
{
    if (passphrase_->text().isEmpty()) {
        strength_->say(Icon::key, Colour::text2, strengthWords(Strength::tooShort));
        return;
    }
    const Strength strength = passphraseStrength(passphrase_->text());
    const bool good = strength == Strength::strong;
    strength_->say(good ? Icon::check : Icon::key,
                   good                         ? Colour::ok
                   : strength == Strength::fair ? Colour::text2
                                                : Colour::warn,
                   strengthWords(strength));
}

void FirstRunCard::setBusy(bool busy)
{
    for (QWidget* widget : std::initializer_list<QWidget*>{server_, signIn_, button_})
        widget->setEnabled(!busy);
}

void FirstRunCard::next()
{
    if (!button_->isEnabled())
        return;
    if (probed_)
        enrol();
    else
        probe();
}

void FirstRunCard::probe()
{
    const QUrl url = serverUrl(server_->text());
    if (!url.isValid()) {
        hint_->say(Icon::alert, Colour::bad, tr("This is not an address. It looks like desk.company.example."));
        return;
    }
    const quint64 generation = ++generation_;
    setBusy(true);
    hint_->say(Icon::server, Colour::text2, tr("Asking the server"));
    views::whenDone(session_.probe(url), this, [this, generation](const Result<views::ServerFacts>& facts) {
        setBusy(false);
        if (generation != generation_)
            return;
        if (!facts) {
            hint_->say(Icon::alert, Colour::bad, silenceWords(facts.error()));
            Q_EMIT serverSilent();
            server_->setFocus();
            return;
        }
        hint_->say(Icon::alert, Colour::bad, {});
        probed_ = true;
        found_->say(Icon::check, Colour::ok, plainLine(facts->organisation, 100));
        signIn_->show();
        button_->setText(tr("Sign in and encrypt this desk"));
        button_->setAccessibleName(button_->text());
        showStrength();
        Q_EMIT organisationFound(plainLine(facts->organisation, 100), facts->secure);
        login_->setFocus();
    });
}

void FirstRunCard::enrol()
{
    const auto refuse = [this](QLineEdit& field, const QString& words) {
        hint_->say(Icon::alert, Colour::bad, words);
        field.setFocus();
    };
    if (login_->text().trimmed().isEmpty())
        return refuse(*login_, tr("Type your sign-in name."));
    if (password_->text().isEmpty())
        return refuse(*password_, tr("Type your password."));
    if (passphraseStrength(passphrase_->text()) < Strength::fair)
        return refuse(*passphrase_, tr("Choose a longer passphrase. It alone opens this desk."));
    if (passphrase_->text() != again_->text())
        return refuse(*again_, tr("The two passphrases are not the same."));
    setBusy(true);
    hint_->say(Icon::key, Colour::text2, tr("Signing in and making the encrypted database"));
    views::whenDone(
        session_.enrol(serverUrl(server_->text()), login_->text().trimmed(), password_->text(), passphrase_->text()),
        this, [this](const Result<void>& result) {
            setBusy(false);
            password_->forget();
            if (result) {
                passphrase_->forget();
                again_->forget();
                return;
            }
            hint_->say(Icon::alert, Colour::bad, result.error().text);
            password_->setFocus();
        });
}

QUrl serverUrl(const QString& typed)
{
    const QString text = typed.trimmed();
    if (text.isEmpty() || text.contains(u' '))
        return {};
    const bool scheme = text.contains(QLatin1StringView("://"));
    const QUrl url(scheme ? text : QStringLiteral("https://") + text, QUrl::StrictMode);
    const bool known = url.scheme() == u"https" || url.scheme() == u"http";
    return url.isValid() && known && !url.host().isEmpty() && url.userInfo().isEmpty() ? url : QUrl();
}

} // namespace holdfast::ui
