// holdfast-bench-desk --folder F [--messages N]: fills a desk, for the benchmarks that open it.
#include "bench/support/bench_desk.h"
#include "models/base/random.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace holdfast;
using namespace holdfast::bench;

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const DeskOptions options = benchDesk();
    SystemRandom random;
    SampleLog source = sampleLogOf(options);
    const MadeDesk made = makeDesk(options, source, random);
    print({QStringLiteral("desk filled with %1 messages (%2 entries)")
               .arg(number(double(made.messages)), number(double(made.entries))),
           perSecond(double(made.entries), made.seconds),
           {},
           {},
           {}});
    const double bytes = double(QFileInfo(filesOf(options, source).history()).size());
    print({QStringLiteral("its database, per message"),
           number(bytes / double(made.messages)) + QStringLiteral(" bytes"),
           {},
           {},
           {}});
    return 0;
}
