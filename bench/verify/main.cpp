// holdfast-bench-verify [--headers N]: what checking a log costs on one core, without any database.
#include "bench/support/sample_log.h"
#include "bench/support/table.h"
#include "models/log/tree.h"

#include <QCoreApplication>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

struct Header
{
    QByteArray bytes;
    QByteArray publicKey; // of a signed one
};

// Real headers of the sample insurer, chained; the same authors' parts again and again, so that signing is not what
// takes the time here.
std::vector<Header> makeHeaders(qint64 count)
{
    SampleLog source({std::min<qint64>(count, 20000), 0}, 3);
    std::vector<Written> parts;
    while (std::optional<Written> next = source.next())
        parts.push_back(std::move(*next));
    std::map<DeviceId, QByteArray> keys;
    for (const Written& part : parts) {
        const domain::Content content = domain::parseContent(part.part.kind, part.content);
        if (const auto* device = std::get_if<domain::DeviceEnrolled>(&content))
            keys[device->device] = device->publicKey;
    }
    Sealer sealer;
    std::vector<Header> headers;
    headers.reserve(size_t(count));
    for (qint64 i = 0; i < count; ++i) {
        const Written& part = parts[size_t(i) % parts.size()];
        headers.push_back({sealer.seal(part).header, part.signature.isEmpty() ? QByteArray() : keys[part.part.device]});
    }
    return headers;
}

Digest verifyChainsAndTree(const std::vector<Header>& headers)
{
    struct Head
    {
        ThreadSeq seq;
        Digest leaf;
    };
    std::unordered_map<ThreadId, Head> heads;
    log::CompactTree tree;
    for (const Header& stored : headers) {
        const log::Header header = must(log::decodeHeader(stored.bytes));
        const log::AuthorPart part = must(log::decodeAuthorPart(header.authorPart));
        const Digest leaf = log::leafHash(stored.bytes);
        Head& head = heads[part.thread];
        if (header.pos.value != tree.size() || header.threadSeq.value != head.seq.value + 1 || header.prev != head.leaf)
            giveUp(QStringLiteral("The made log does not verify."));
        head = {header.threadSeq, leaf};
        tree.append(leaf);
    }
    return tree.root();
}

// The bare limit: the bytes hashed once for the leaves and once per node, nothing decoded or compared.
double hashAlone(const std::vector<Header>& headers)
{
    const Stopwatch watch;
    Digest last;
    for (const Header& header : headers) {
        last = log::leafHash(header.bytes);
        last = log::nodeHash(last, last);
    }
    if (last == Digest())
        giveUp(QStringLiteral("A hash of nothing."));
    return watch.seconds();
}

double signaturesPerSecond(const std::vector<Header>& headers, const OrgId& org, int count)
{
    const Stopwatch watch;
    int checked = 0;
    for (const Header& stored : headers) {
        if (stored.publicKey.isEmpty())
            continue;
        const log::Header header = must(log::decodeHeader(stored.bytes));
        if (!log::verifySignature(stored.publicKey, log::entryMessage(org, header.authorPart), header.signature))
            giveUp(QStringLiteral("A signature of the sample log does not verify."));
        if (++checked == count)
            break;
    }
    return checked / watch.seconds();
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const qint64 count = option("--headers", 1'000'000);
    const std::vector<Header> headers = makeHeaders(count);
    const Stopwatch watch;
    const Digest root = verifyChainsAndTree(headers);
    const double seconds = watch.seconds();
    const double limit = hashAlone(headers);
    if (root == log::emptyRoot())
        giveUp(QStringLiteral("The tree is empty."));
    print({QStringLiteral("verify %1 headers: leaves, chains, tree; one core").arg(number(double(count))),
           number(seconds, 2) + QStringLiteral(" s"), number(limit, 2) + QStringLiteral(" s (the same hashes alone)"),
           ratioOf(limit, seconds), QStringLiteral("< 1 s for 1,000,000")});
    const OrgId org = SampleLog({1, 0}, 3).org();
    print({QStringLiteral("author signatures, one core"),
           perSecond(signaturesPerSecond(headers, org, 5000), 1),
           {},
           {},
           {}});
    return 0;
}
