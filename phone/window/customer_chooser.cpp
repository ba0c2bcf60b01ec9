#include "phone/window/customer_chooser.h"

#include "ui/theme/style.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QActionGroup>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

namespace holdfast::phone {
namespace {

using ui::Colour;
using ui::Role;

constexpr int high = 28;
constexpr int avatarSide = 20;
constexpr int longestNumber = 24; // characters, blanks included

// A menu reads '&' as the mark of a key.
QString forMenu(QString text)
{
    return text.replace(u'&', QStringLiteral("&&"));
}

} // namespace

PersonButton::PersonButton(const ui::Theme& theme, QWidget* parent) : QAbstractButton(parent), theme_(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &ui::Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PersonButton::setPerson(const Person& person)
{
    person_ = person;
    const QString name = shownName(person);
    setAccessibleName(tr("Writing as %1").arg(name));
    setToolTip(spacedNumber(person.number));
    update();
}

QSize PersonButton::sizeHint() const
{
    return {200, theme_.grown(high)};
}

void PersonButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(theme_.colour(underMouse() ? Colour::text3 : Colour::field));
    painter.setBrush(theme_.colour(isDown() ? Colour::press : Colour::surface));
    painter.drawRoundedRect(box, 6, 6);
    const int side = theme_.grown(avatarSide);
    const QRectF avatar(8, (height() - side) / 2.0, side, side);
    const QString name = shownName(person_);
    ui::paintAvatar(painter, avatar, ui::plainLine(person_.name), ui::AvatarShape::circle, theme_);
    const int icon = theme_.grown(16);
    const int left = 8 + side + 8;
    const int room = width() - left - icon - 12;
    const int used = ui::paintLine(painter, QRect(left, 0, room, height()), name, Role::base, Colour::text, theme_);
    if (!person_.name.isEmpty() && room - used > 100)
        ui::paintLine(painter, QRect(left + used + 8, 0, room - used - 8, height()), spacedNumber(person_.number),
                      Role::secondary, Colour::text3, theme_, Qt::AlignRight);
    theme_.icons().paint(painter, QPointF(width() - icon - 7, (height() - icon) / 2.0), ui::Icon::chevronDown, icon,
                         theme_.colour(Colour::text2));
    if (hasFocus())
        ui::paintFocusRing(painter, rect(), 6, theme_);
}

void PersonButton::keyPressEvent(QKeyEvent* event)
{
    const bool opens = event->key() == Qt::Key_Down || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (opens)
        Q_EMIT clicked();
    else
        QAbstractButton::keyPressEvent(event);
}

CustomerChooser::CustomerChooser(const ui::Theme& theme, Handset& handset, QWidget* parent)
    : QStackedWidget(parent), handset_(handset), button_(new PersonButton(theme, this)),
      number_(new ui::TextField(theme, tr("Number of the customer"), this)), menu_(new QMenu(this))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    menu_->setAccessibleName(tr("Customers"));
    number_->setFieldHeight(high);
    number_->setMaxLength(longestNumber);
    number_->setPlaceholderText(tr("+27 82 555 0100, then Enter"));
    number_->installEventFilter(this);
    addWidget(button_);
    addWidget(number_);
    connect(button_, &QAbstractButton::clicked, this, &CustomerChooser::openMenu);
    connect(number_, &QLineEdit::returnPressed, this, &CustomerChooser::takeNumber);
    button_->setPerson(handset_.person());
}

void CustomerChooser::openMenu()
{
    menu_->clear();
    auto* one = new QActionGroup(menu_);
    connect(menu_, &QMenu::aboutToHide, one, &QObject::deleteLater);
    for (const Person& person : handset_.people()) {
        const int unread = handset_.unread(person.number);
        const QString name = forMenu(shownName(person));
        const QString words = unread > 0 ? tr("%1, %n new", nullptr, unread).arg(name) : name;
        // What stands behind a tab is set in a column at the right; a name has no tab left in it.
        const QString number = person.name.isEmpty() ? QString() : u'\t' + spacedNumber(person.number);
        QAction* const action = menu_->addAction(words + number, this, [this, person] {
            handset_.writeAs(person);
            showPerson();
        });
        action->setCheckable(true);
        action->setChecked(person.number == handset_.person().number);
        one->addAction(action);
    }
    menu_->addSeparator();
    menu_->addAction(tr("Another number…"), this, &CustomerChooser::askNumber);
    menu_->setMinimumWidth(width());
    menu_->popup(mapToGlobal(QPoint(0, height() + 2)));
}

void CustomerChooser::askNumber()
{
    number_->clear();
    setCurrentWidget(number_);
    number_->setFocus();
}

void CustomerChooser::takeNumber()
{
    const QByteArray digits = phoneDigits(number_->text().toLatin1());
    if (digits.isEmpty()) {
        Q_EMIT troubled(tr("This is not a phone number. It has 7 to 15 digits, with the country's code first."));
        return;
    }
    Person chosen{digits, {}};
    for (const Person& person : handset_.people()) {
        if (person.number == digits)
            chosen = person;
    }
    handset_.writeAs(chosen);
    showPerson();
}

void CustomerChooser::showPerson()
{
    button_->setPerson(handset_.person());
    const bool typed = number_->hasFocus();
    setCurrentWidget(button_);
    if (typed)
        button_->setFocus();
}

bool CustomerChooser::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == number_ && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        showPerson();
        return true;
    }
    // Another window in front is no reason to lose a half-typed number.
    if (watched == number_ && event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason)
        showPerson();
    return QStackedWidget::eventFilter(watched, event);
}

} // namespace holdfast::phone
