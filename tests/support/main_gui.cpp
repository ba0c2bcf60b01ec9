#include "tests/support/warning_guard.h"

#include <QApplication>
#include <QStyleFactory>

#include <catch2/catch_session.hpp>

int main(int argc, char** argv)
{
    // `./dev test` runs under Xvfb and sets xcb; by hand, no display is needed.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    holdfast::test::installWarningGuard();
    return holdfast::test::finishWarningGuard(Catch::Session().run(argc, argv));
}
