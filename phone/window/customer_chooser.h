// "Writing as": who of the customers writes, or a number typed by hand.
#pragma once

#include "phone/window/handset.h"
#include "ui/widgets/controls.h"

#include <QStackedWidget>

class QMenu;

namespace holdfast::phone {

// Looks like a field, opens the list of customers.
class PersonButton : public QAbstractButton
{
    Q_OBJECT
public:
    PersonButton(const ui::Theme& theme, QWidget* parent);
    void setPerson(const Person& person);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override; // Down opens, as in a list

private:
    const ui::Theme& theme_;
    Person person_;
};

class CustomerChooser : public QStackedWidget
{
    Q_OBJECT
public:
    CustomerChooser(const ui::Theme& theme, Handset& handset, QWidget* parent);

Q_SIGNALS:
    void troubled(const QString& words);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; // Esc and leaving end the typing

private:
    void openMenu();
    void askNumber();
    void takeNumber();
    void showPerson();

    Handset& handset_;
    PersonButton* button_;
    ui::TextField* number_;
    QMenu* menu_;
};

} // namespace holdfast::phone
