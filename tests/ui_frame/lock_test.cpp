#include "tests/support/string_makers.h"
#include "tests/ui_frame/desk_fixture.h"
#include "ui/lock/cards.h"
#include "ui/lock/lock_screen.h"
#include "ui/lock/secret_field.h"
#include "ui/lock/sign_in_strip.h"

#include <QAbstractButton>
#include <QLabel>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using test::WindowOnDesk;
using State = views::Session::State;

TEST_CASE("A wrong passphrase says so, empties the field and opens nothing; the right one opens")
{
    WindowOnDesk locked(State::locked);
    ui::UnlockCard* card = locked.window.lockScreen()->unlockCard();
    REQUIRE(card);
    CHECK(QApplication::focusWidget() == &card->passphrase());
    QTest::keyClicks(&card->passphrase(), QStringLiteral("not this"));
    QTest::keyClick(&card->passphrase(), Qt::Key_Return);
    CHECK(card->words().contains(QStringLiteral("does not open")));
    CHECK(card->passphrase().text().isEmpty());
    CHECK(locked.session.unlockAttempts == 1);
    CHECK(locked.window.deskFrame() == nullptr);
    QTest::keyClicks(&card->passphrase(), locked.session.passphrase);
    QTest::keyClick(&card->passphrase(), Qt::Key_Return);
    QCoreApplication::processEvents();
    CHECK(locked.window.deskFrame() != nullptr);
    CHECK(locked.window.lockScreen() == nullptr);
}

TEST_CASE("An empty passphrase is not tried")
{
    WindowOnDesk locked(State::locked);
    locked.window.lockScreen()->unlockCard()->unlock();
    CHECK(locked.session.unlockAttempts == 0);
    CHECK_FALSE(locked.window.lockScreen()->unlockCard()->words().isEmpty());
}

TEST_CASE("Caps Lock is told")
{
    WindowOnDesk locked(State::locked);
    ui::UnlockCard* card = locked.window.lockScreen()->unlockCard();
    QTest::sendKeyEvent(QTest::Click, &card->passphrase(), Qt::Key_A, QStringLiteral("A"), Qt::NoModifier);
    CHECK(card->words() == QStringLiteral("Caps Lock is on"));
    QTest::sendKeyEvent(QTest::Click, &card->passphrase(), Qt::Key_A, QStringLiteral("a"), Qt::NoModifier);
    CHECK(card->words().isEmpty());
    QTest::sendKeyEvent(QTest::Click, &card->passphrase(), Qt::Key_A, QStringLiteral("A"), Qt::ShiftModifier);
    CHECK(card->words().isEmpty());
}

TEST_CASE("Ctrl Shift L locks, and nothing of the desk stays in the window")
{
    WindowOnDesk open;
    open.window.deskFrame()->openThread(test::sampleId<ThreadId>(103), false);
    open.key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    REQUIRE(open.window.lockScreen() != nullptr);
    CHECK(open.window.deskFrame() == nullptr);
    for (const QLabel* label : open.window.findChildren<QLabel*>())
        CHECK_FALSE(label->text().contains(QStringLiteral("Mokoena")));
}

TEST_CASE("First run asks for the server, then signs in and takes a strong passphrase twice")
{
    WindowOnDesk first(State::firstRun);
    ui::FirstRunCard* card = first.window.lockScreen()->firstRunCard();
    REQUIRE(card);
    card->server().setText(QStringLiteral("not an address"));
    card->next();
    CHECK(card->words().contains(QStringLiteral("not an address")));
    card->server().setText(QStringLiteral("desk.harbourline.example"));
    first.session.probeError = Error{ErrorCode::network, QStringLiteral("The server did not answer.")};
    card->next();
    CHECK(card->words().startsWith(QStringLiteral("No Holdfast server answers at this address")));
    CHECK_FALSE(card->words().contains(QStringLiteral("tried again"))); // true of a desk at work, not here
    const auto says = [&first](const QString& words) {
        const QList<QWidget*> all = first.window.lockScreen()->findChildren<QWidget*>();
        return std::any_of(all.begin(), all.end(), [&](const QWidget* w) { return w->accessibleName() == words; });
    };
    CHECK(says(QStringLiteral("Server: does not answer")));
    CHECK_FALSE(card->login().isVisible());
    first.session.probeError.reset();
    card->next();
    CHECK(card->login().isVisible());
    card->login().setText(QStringLiteral("lerato.khumalo"));
    card->password().setText(first.session.password);
    card->passphrase().setText(QStringLiteral("short"));
    card->again().setText(QStringLiteral("short"));
    card->next();
    CHECK(card->words().contains(QStringLiteral("longer")));
    card->passphrase().setText(QStringLiteral("four words are strong"));
    card->next();
    CHECK(card->words().contains(QStringLiteral("not the same")));
    card->again().setText(QStringLiteral("four words are strong"));
    card->next();
    QCoreApplication::processEvents();
    CHECK(first.session.passphrase == QStringLiteral("four words are strong"));
    CHECK(first.window.deskFrame() != nullptr);
}

TEST_CASE("The way out of a forgotten passphrase is asked for, that of a damaged desk stands there")
{
    WindowOnDesk locked(State::locked);
    ui::UnlockCard* card = locked.window.lockScreen()->unlockCard();
    const auto helpIsShown = [card] {
        const QList<QLabel*> labels = card->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text().contains(QStringLiteral("Ask your administrator"));
        });
    };
    card->passphrase().setText(QStringLiteral("wrong"));
    card->unlock();
    CHECK_FALSE(helpIsShown());
    for (QAbstractButton* button : card->findChildren<QAbstractButton*>()) {
        if (button->text().startsWith(QStringLiteral("Passphrase forgotten")))
            button->click();
    }
    CHECK(helpIsShown());
    WindowOnDesk damaged(State::locked);
    damaged.session.unlockError = Error{ErrorCode::corrupt, QStringLiteral("The desk is damaged.")};
    card = damaged.window.lockScreen()->unlockCard();
    card->passphrase().setText(QStringLiteral("any"));
    card->unlock();
    CHECK(card->words() == QStringLiteral("The desk is damaged."));
    CHECK(helpIsShown());
}

TEST_CASE("A wrong password at first run keeps the passphrase and says what to do")
{
    WindowOnDesk first(State::firstRun);
    ui::FirstRunCard* card = first.window.lockScreen()->firstRunCard();
    card->server().setText(QStringLiteral("desk.harbourline.example"));
    card->next();
    card->login().setText(QStringLiteral("lerato.khumalo"));
    card->password().setText(QStringLiteral("wrong"));
    card->passphrase().setText(QStringLiteral("four words are strong"));
    card->again().setText(QStringLiteral("four words are strong"));
    card->next();
    CHECK(card->words().contains(QStringLiteral("Try again")));
    CHECK(card->password().text().isEmpty());
    CHECK_FALSE(card->passphrase().text().isEmpty());
}

TEST_CASE("A changed address takes the sign-in back")
{
    WindowOnDesk first(State::firstRun);
    ui::FirstRunCard* card = first.window.lockScreen()->firstRunCard();
    card->server().setText(QStringLiteral("desk.harbourline.example"));
    card->next();
    REQUIRE(card->login().isVisible());
    card->server().setText(QStringLiteral("desk.other.example"));
    CHECK_FALSE(card->login().isVisible());
}

TEST_CASE("Addresses: https by default, nothing but http and https, no names inside")
{
    CHECK(ui::serverUrl(QStringLiteral("desk.example")).toString() == QStringLiteral("https://desk.example"));
    CHECK(ui::serverUrl(QStringLiteral("http://127.0.0.1:8080")).scheme() == QStringLiteral("http"));
    for (const char* bad :
         {"", "a b", "ftp://x", "file:///etc/passwd", "https://user:secret@host", "javascript:alert(1)"})
        CHECK_FALSE(ui::serverUrl(QString::fromLatin1(bad)).isValid());
}

TEST_CASE("Strength is judged by length and variety")
{
    CHECK(ui::passphraseStrength(QStringLiteral("aB3$")) == ui::Strength::tooShort);
    CHECK(ui::passphraseStrength(QString(40, u'a')) == ui::Strength::weak);
    CHECK(ui::passphraseStrength(QStringLiteral("harbour-line-42")) == ui::Strength::fair);
    CHECK(ui::passphraseStrength(QStringLiteral("river stone candle moth")) == ui::Strength::strong);
}

TEST_CASE("When the server asks for the password again, the desk stays and a strip asks")
{
    WindowOnDesk open;
    auto* strip = open.window.findChild<ui::SignInStrip*>();
    REQUIRE(strip);
    CHECK(strip->isHidden());
    Q_EMIT open.session.signInNeeded();
    CHECK(strip->isVisible());
    CHECK(open.window.deskFrame() != nullptr);
    strip->password().setText(QStringLiteral("wrong"));
    strip->signIn();
    CHECK(strip->isVisible());
    strip->password().setText(open.session.password);
    strip->signIn();
    CHECK(strip->isHidden());
}
