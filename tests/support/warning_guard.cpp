#include "tests/support/warning_guard.h"

#include <QMutex>
#include <QStringList>

#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>

#include <cstdio>

namespace holdfast::test {
namespace {

QMutex guard;
QString testCase;
QStringList expected;
QStringList unexpected;
QtMessageHandler previous = nullptr;

void onMessage(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    if (type != QtDebugMsg && type != QtInfoMsg) {
        const QMutexLocker lock(&guard);
        for (const QString& part : std::as_const(expected)) {
            if (text.contains(part))
                return;
        }
        unexpected.append(testCase + QStringLiteral(": ") + text);
    }
    if (previous)
        previous(type, context, text);
}

class WarningListener : public Catch::EventListenerBase
{
public:
    using EventListenerBase::EventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo& info) override
    {
        const QMutexLocker lock(&guard);
        testCase = QString::fromStdString(info.name);
        expected.clear();
    }
};

CATCH_REGISTER_LISTENER(WarningListener)

} // namespace

void installWarningGuard()
{
    previous = qInstallMessageHandler(onMessage);
}

void expectWarning(const QString& part)
{
    const QMutexLocker lock(&guard);
    expected.append(part);
}

int finishWarningGuard(int result)
{
    const QMutexLocker lock(&guard);
    for (const QString& text : std::as_const(unexpected))
        std::fprintf(stderr, "Unexpected warning in %s\n", qPrintable(text));
    return result == 0 && !unexpected.isEmpty() ? 1 : result;
}

} // namespace holdfast::test
