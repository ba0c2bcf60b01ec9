#include "ui/lock/secret_field.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QSet>

namespace holdfast::ui {
namespace {

constexpr int shortest = 12;
constexpr int longest = 512;

} // namespace

SecretField::SecretField(const Theme& theme, const QString& accessibleName, QWidget* parent)
    : TextField(theme, accessibleName, parent)
{
    setEchoMode(QLineEdit::Password);
    setMaxLength(longest);
    setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    eye_ = new IconButton(theme, Icon::eye, tr("Show what is typed"), this);
    eye_->setCheckable(true);
    connect(eye_, &IconButton::toggled, this, &SecretField::showText);
}

void SecretField::forget()
{
    setText(QString(text().size(), u' '));
    clear();
    eye_->setChecked(false);
}

void SecretField::showText(bool shown)
{
    setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    eye_->setIconKind(shown ? Icon::eyeOff : Icon::eye, shown ? tr("Hide what is typed") : tr("Show what is typed"));
}

void SecretField::setCaps(bool on)
{
    if (on == caps_)
        return;
    caps_ = on;
    Q_EMIT capsLockChanged(on);
}

// Qt does not tell the state of Caps Lock; a letter whose case disagrees with Shift does.
void SecretField::keyPressEvent(QKeyEvent* event)
{
    const QString typed = event->text();
    if (event->key() == Qt::Key_CapsLock) {
        setCaps(!caps_);
    } else if (typed.size() == 1 && typed.front().isLetter() && typed.front().toUpper() != typed.front().toLower()) {
        setCaps(typed.front().isUpper() != bool(event->modifiers() & Qt::ShiftModifier));
    }
    TextField::keyPressEvent(event);
}

void SecretField::resizeEvent(QResizeEvent* event)
{
    TextField::resizeEvent(event);
    const QSize size = eye_->sizeHint();
    eye_->setGeometry(width() - size.width() - 5, (height() - size.height()) / 2, size.width(), size.height());
    setTextMargins(9, 0, size.width() + 9, 0);
}

Strength passphraseStrength(const QString& passphrase)
{
    const QSet<QChar> distinct(passphrase.cbegin(), passphrase.cend());
    const qsizetype words = passphrase.split(u' ', Qt::SkipEmptyParts).size();
    if (passphrase.size() < shortest)
        return Strength::tooShort;
    if (distinct.size() < 6)
        return Strength::weak;
    if (words >= 4 || (passphrase.size() >= 20 && distinct.size() >= 10))
        return Strength::strong;
    return distinct.size() >= 8 ? Strength::fair : Strength::weak;
}

QString strengthWords(Strength strength)
{
    switch (strength) {
    case Strength::tooShort:
        return SecretField::tr("At least 12 characters. Four unrelated words are strong.");
    case Strength::weak:
        return SecretField::tr("Weak: too few different characters.");
    case Strength::fair:
        return SecretField::tr("Fair. Another word makes it strong.");
    case Strength::strong:
        return SecretField::tr("Strong");
    }
    return {};
}

} // namespace holdfast::ui
