// Measures searches, and counts what they miss.
#pragma once

#include "bench/reading/open_desk.h"

namespace holdfast::bench {

void measureSearch(OpenedDesk& desk);

} // namespace holdfast::bench
