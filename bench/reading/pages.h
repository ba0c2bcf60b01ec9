// Measures pages of messages.
#pragma once

#include "bench/reading/open_desk.h"

namespace holdfast::bench {

void measurePages(OpenedDesk& desk);
void measureJump(OpenedDesk& desk);

} // namespace holdfast::bench
