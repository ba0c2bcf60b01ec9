// holdfast-bench-reading --folder F [--messages N]: reads of the desk that holdfast-bench-desk made there.
#include "bench/reading/pages.h"
#include "bench/reading/searches.h"

#include <QCoreApplication>

using namespace holdfast;
using namespace holdfast::bench;

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    OpenedDesk desk(benchDesk());
    print({QStringLiteral("Argon2id of the passphrase, at the least cost allowed (64 MiB, 3 passes)"),
           milliseconds(desk.keySeconds()),
           {},
           {},
           {}});
    print({QStringLiteral("from the key to an open database"), milliseconds(desk.openSeconds()), {}, {}, {}});
    measurePages(desk);
    measureJump(desk);
    measureSearch(desk);
    return 0;
}
