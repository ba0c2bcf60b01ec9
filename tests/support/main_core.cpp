#include "tests/support/warning_guard.h"

#include <QCoreApplication>

#include <catch2/catch_session.hpp>

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    holdfast::test::installWarningGuard();
    return holdfast::test::finishWarningGuard(Catch::Session().run(argc, argv));
}
