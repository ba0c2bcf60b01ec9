// A window on a desk in memory, and the few helpers that its tests share.
#pragma once

#include "tests/support/warning_guard.h"
#include "tests/ui_support/fake_session.h"
#include "ui/shell/desk_frame.h"
#include "ui/shell/main_window.h"
#include "ui/theme/style.h"

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

namespace holdfast::test {

struct WindowOnDesk
{
    explicit WindowOnDesk(views::Session::State state = views::Session::State::open, QSize size = QSize(1440, 900),
                          int textPercent = 100)
        : settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat), clock(sampleNow()),
          desk(makeSampleData(), clock), session(state, desk), theme(ui::Scheme::light, textPercent),
          window(theme, session, clock, settings)
    {
        window.resize(size);
        window.show();
        QApplication::setActiveWindow(&window);
        QCoreApplication::processEvents();
    }

    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget* focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : &window, key, modifiers);
        QCoreApplication::processEvents();
    }

    // First of all: the offscreen platform remarks on every window with a least size; a real one is silent.
    struct Remark
    {
        Remark() { expectWarning(QStringLiteral("This plugin does not support")); }
    } remark;
    QTemporaryDir folder;
    QSettings settings;
    HeldClock clock;
    FakeDesk desk;
    FakeSession session;
    ui::Theme theme;
    ui::MainWindow window;
};

} // namespace holdfast::test
