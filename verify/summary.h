// What a check has shown and what it cannot show, in words for whoever must rely on it.
#pragma once

#include "verify/checker.h"

namespace verify {

void printSummary(const Report& report, std::ostream& output);

} // namespace verify
