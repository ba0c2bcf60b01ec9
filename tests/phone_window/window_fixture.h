// A phone with its window, a receiver of its webhooks and a client of its Cloud API.
#pragma once

#include "phone/window/simulator_window.h"
#include "tests/phone/phone_fixture.h"
#include "tests/support/warning_guard.h"
#include "ui/theme/style.h"

#include <QApplication>
#include <QTest>

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {

// Runs the event loop until `good` holds; false after twenty seconds.
template <typename Condition>
[[nodiscard]] bool soon(Condition good)
{
    return QTest::qWaitFor(good, 20'000);
}

struct WindowFixture : PhoneFixture
{
    explicit WindowFixture(ui::Scheme scheme = ui::Scheme::light, int textPercent = 100)
        : theme(scheme, textPercent),
          handset({phone.chats(), phone.customers(), phone.statuses(), phone.media(), phone.clock()},
                  QStringLiteral("Harbourline Insurance")),
          window(theme, handset)
    {
        ui::applyTheme(*qApp, theme);
        window.show();
        activate();
    }

    void activate()
    {
        QApplication::setActiveWindow(&window);
        QCoreApplication::processEvents();
    }
    void deactivate()
    {
        QApplication::setActiveWindow(nullptr);
        QCoreApplication::processEvents();
    }
    void type(const QString& text)
    {
        window.phoneScreen().writing().field().setFocus();
        QTest::keyClicks(&window.phoneScreen().writing().field(), text);
    }
    void enter() { QTest::keyClick(&window.phoneScreen().writing().field(), Qt::Key_Return); }
    [[nodiscard]] const phone::ChatModel& rows() const { return window.phoneScreen().chat().rows(); }
    [[nodiscard]] const phone::PhoneMessage& last() const { return rows().row(rows().rowCount() - 1).message; }
    [[nodiscard]] std::optional<phone::MessageStatus> statusOf(const QByteArray& id)
    {
        const auto message = phone.chats().find(id);
        return message ? std::optional(message->status) : std::nullopt;
    }
    template <typename Widget>
    [[nodiscard]] Widget& named(const QString& name)
    {
        for (Widget* widget : window.findChildren<Widget*>()) {
            if (widget->accessibleName() == name)
                return *widget;
        }
        FAIL("There is no widget named " << name.toStdString());
        std::abort();
    }

    ui::Theme theme;
    phone::Handset handset;
    phone::SimulatorWindow window;
};

} // namespace holdfast::test
