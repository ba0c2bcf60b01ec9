// Makes every unexpected warning of Qt a failure of the test run, named with its test case.
#pragma once

#include <QString>

namespace holdfast::test {

// Installs the message handler. Called once by our main, before the session runs.
void installWarningGuard();

// Within the current test case, warnings that contain `part` are expected. Thread-safe.
void expectWarning(const QString& part);

// Prints what arrived unexpectedly and returns `result`, or 1 if it was 0 and there was any.
int finishWarningGuard(int result);

} // namespace holdfast::test
