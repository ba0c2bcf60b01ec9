#include "verify/summary.h"

#include <ostream>

namespace verify {

void printSummary(const Report& report, std::ostream& output)
{
    output << report.entries << " entries, " << report.covered << " of them under a good checkpoint, "
           << report.checkpoints << " checkpoints, " << report.anchors << " anchors, " << report.failures
           << " failures\n";
    if (report.failures > 0) {
        output << "Proven: nothing from the first failure on. Keep the export as it is, and ask for another one and "
                  "for checkpoints that were kept elsewhere.\n";
        return;
    }
    output << "Proven:\n"
              "- The first "
           << report.covered
           << " entries are those that the log's key signed, in this order; none was changed, removed or inserted.\n"
              "- Each entry that names a desk was signed by that desk, which was enrolled for the author named.\n"
              "- At each checkpoint, every conversation is there up to its newest entry.\n";
    if (report.keyChanges > 0)
        output << "- The log's key was changed " << report.keyChanges
               << " times, each time signed by the key before.\n";
    if (report.anchors > 0)
        output << "- The log continues all " << report.anchors << " checkpoints that were kept elsewhere.\n";
    output << "Not proven:\n"
              "- That a time is true, who sat at a desk, or that the desk was still trusted when it signed.\n"
              "- What "
           << report.erased << " erased entries said, and that the attachments' bytes are still there.\n";
    if (report.entries > report.covered)
        output << "- Anything about the last " << report.entries - report.covered
               << " entries: no checkpoint covers them yet.\n";
    output << "- That nothing came after entry " << report.covered
           << ", and that nobody who had the log's key wrote this log anew: compare with checkpoints that were kept "
              "elsewhere (--anchors, the desks).\n"
              "Newest checkpoint: size "
           << report.covered << ", root " << hex(report.coveredRoot) << ".\n";
}

} // namespace verify
