// holdfast-bench-apply [--entries N]: how fast a console takes a feed, projections and search included.
#include "bench/apply/bare_loop.h"
#include "bench/support/sample_log.h"
#include "bench/support/table.h"
#include "models/domain/project.h"
#include "storage/local/applier.h"
#include "storage/sql/secret_bytes.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryDir>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

constexpr int pieceEntries = 500; // a transaction of the applier
const QByteArray key(32, 'b');

struct Feed
{
    std::vector<local::FeedEntry> entries;
    std::vector<Written> written;
    qint64 messages = 0;
};

Feed makeFeed(SampleLog& source, qint64 entries)
{
    Feed feed;
    Sealer sealer;
    while (qint64(feed.entries.size()) < entries) {
        std::optional<Written> next = source.next();
        if (!next)
            break;
        feed.messages += next->isMessage ? 1 : 0;
        feed.entries.push_back(sealer.seal(*next));
        feed.written.push_back(std::move(*next));
    }
    return feed;
}

std::unique_ptr<local::Database> createDesk(const local::DeskFiles& files)
{
    return must(local::Database::create(files, sql::SecretBytes::copyOf(key)));
}

double applyAll(const local::DeskFiles& files, const Feed& feed, const SampleLog& source)
{
    const std::unique_ptr<local::Database> database = createDesk(files);
    local::Applier applier(*database, source.org(), source.me());
    const Stopwatch watch;
    for (size_t at = 0; at < feed.entries.size(); at += pieceEntries) {
        const size_t end = std::min(feed.entries.size(), at + pieceEntries);
        local::FeedBatch batch;
        batch.entries.assign(feed.entries.begin() + qsizetype(at), feed.entries.begin() + qsizetype(end));
        batch.cursor = QByteArray::number(quint64(end));
        const local::Applied applied = valueOf(applier.apply(std::move(batch)));
        if (applied.fault)
            giveUp(applied.fault->what);
    }
    return watch.seconds();
}

// What the log costs at any speed of the database: one core, nothing else.
void printChecks(const Feed& feed, const SampleLog& source)
{
    std::map<DeviceId, QByteArray> keys;
    for (const Written& entry : feed.written) {
        const domain::Content content = domain::parseContent(entry.part.kind, entry.content);
        if (const auto* device = std::get_if<domain::DeviceEnrolled>(&content))
            keys[device->device] = device->publicKey;
    }
    const Stopwatch signatures;
    qint64 count = 0;
    for (const Written& entry : feed.written) {
        if (entry.signature.isEmpty())
            continue;
        ++count;
        if (!log::verifySignature(keys[entry.part.device], log::entryMessage(source.org(), entry.authorPart),
                                  entry.signature))
            giveUp(QStringLiteral("A signature of the sample log does not verify."));
    }
    print({QStringLiteral("of that: author signatures checked, one core"),
           perSecond(double(count), signatures.seconds()),
           QStringLiteral("%1 of %2 entries are signed").arg(count).arg(feed.written.size()),
           {},
           {}});
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const qint64 entries = option("--entries", 20000);
    SampleLog source({entries, 0}, 7);
    const Feed feed = makeFeed(source, entries);
    QTemporaryDir folder;
    const local::DeskFiles applied{folder.filePath(QStringLiteral("applied"))};
    const local::DeskFiles bare{folder.filePath(QStringLiteral("bare"))};
    QDir().mkpath(applied.folder);
    QDir().mkpath(bare.folder);
    const double seconds = applyAll(applied, feed, source);
    createDesk(bare).reset();
    double bareSeconds = 0;
    size_t rows = 0;
    {
        BareDatabase from(applied.history(), key, "NORMAL");
        const BareLoop loop(from, pieceEntries);
        BareDatabase to(bare.history(), key, "NORMAL");
        bareSeconds = loop.fill(to);
        rows = loop.rows();
    }
    const double count = double(feed.entries.size());
    print({QStringLiteral("console applies a feed of %1 entries (%2 messages)")
               .arg(number(count), number(double(feed.messages))),
           perSecond(count, seconds),
           QStringLiteral("%1 (bare C loop, the same %2 rows and index terms)")
               .arg(perSecond(count, bareSeconds), number(double(rows))),
           ratioOf(bareSeconds, seconds), QStringLiteral(">= 0.5 x the bare loop")});
    printChecks(feed, source);
    return 0;
}
