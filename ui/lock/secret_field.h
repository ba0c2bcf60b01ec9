// A field for a passphrase or password: dots, an eye to look, and a word when Caps Lock is on.
#pragma once

#include "ui/widgets/controls.h"

namespace holdfast::ui {

class SecretField : public TextField
{
    Q_OBJECT
public:
    SecretField(const Theme& theme, const QString& accessibleName, QWidget* parent);

    void forget(); // overwrites the text and hides it again
    [[nodiscard]] bool capsLock() const { return caps_; }

Q_SIGNALS:
    void capsLockChanged(bool on);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void setCaps(bool on);
    void showText(bool shown);

    IconButton* eye_ = nullptr;
    bool caps_ = false;
};

// How good a new passphrase is, in words. Only length and variety are judged; nothing is looked up.
enum class Strength { tooShort, weak, fair, strong };
[[nodiscard]] Strength passphraseStrength(const QString& passphrase);
[[nodiscard]] QString strengthWords(Strength strength);

} // namespace holdfast::ui
