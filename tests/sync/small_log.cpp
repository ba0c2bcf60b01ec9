#include "tests/sync/small_log.h"

#include <QJsonArray>

namespace holdfast::test {
namespace {

QString base64(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

QString hex(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes.toHex());
}

QJsonArray hashes(const log::Proof& proof)
{
    QJsonArray out;
    for (const Digest& digest : proof)
        out.append(base64(digest.toBytes()));
    return out;
}

} // namespace

SmallLog::SmallLog(quint64 count, char mark, quint64 forkAt)
{
    useKey('k');
    grow(count, mark, forkAt);
}

void SmallLog::useKey(char seed)
{
    key = std::make_shared<const log::SigningKey>(std::move(*log::SigningKey::fromSeed(QByteArray(32, seed))));
}

void SmallLog::grow(quint64 count, char mark, quint64 forkAt)
{
    for (quint64 i = 0; i < count; ++i) {
        append(thread, ThreadSeq{threadLeaves.size() + 1}, 1, QByteArray(1, i < forkAt ? 'e' : mark));
        threadLeaves.push_back(leaves.back());
    }
    log::HeadsMap map;
    map.set({thread, ThreadSeq{threadLeaves.size()}, threadLeaves.back()});
    heads = domain::toJson(domain::LogHeads{map.root(), Position{leaves.size()}});
    append(*ThreadId::fromBytes(QByteArray(16, 'l')), ThreadSeq{++headsCount_}, domain::number(domain::Kind::logHeads),
           heads);
}

void SmallLog::append(const ThreadId& to, ThreadSeq seq, log::KindNumber kind, const QByteArray& content)
{
    log::AuthorPart part;
    part.thread = to;
    part.kind = kind;
    part.commit = log::commitment(salt, kind, content);
    log::Header header;
    header.authorPart = log::encode(part);
    header.pos = Position{leaves.size()};
    header.threadSeq = seq;
    headers.push_back(log::encode(header));
    leaves.push_back(log::leafHash(headers.back()));
}

QByteArray SmallLog::note() const
{
    return log::signCheckpoint({org, epoch, leaves.size(), root(leaves.size())}, *key);
}

sync::Proofs SmallLog::proofs(quint64 from) const
{
    sync::Proofs proofs;
    const size_t size = leaves.size();
    proofs.checkpoint = note();
    if (from > 0 && from <= size)
        proofs.consistency = *log::consistencyProof(from, leaves);
    proofs.headsPos = Position{size - 1};
    proofs.heads = {headers.back(), salt, heads};
    proofs.inclusion = *log::inclusionProof(size - 1, leaves);
    proofs.handovers = handovers;
    log::HeadsMap map;
    const log::ThreadHead head{thread, ThreadSeq{threadLeaves.size()}, threadLeaves.back()};
    map.set(head);
    proofs.threads.append({head, *map.prove(thread)});
    return proofs;
}

// What docs/api.md says of /v1/proofs, without threads.
QJsonObject SmallLog::proofsJson(quint64 from) const
{
    const sync::Proofs shown = proofs(from);
    QJsonArray changes;
    for (const log::KeyHandover& handover : handovers)
        changes.append(QJsonObject{{QStringLiteral("previous"), hex(handover.previous)},
                                   {QStringLiteral("public_key"), hex(handover.next)},
                                   {QStringLiteral("signature"), base64(handover.signature)}});
    return {{QStringLiteral("checkpoint"), QString::fromUtf8(shown.checkpoint)},
            {QStringLiteral("consistency"), hashes(shown.consistency)},
            {QStringLiteral("heads"), QJsonObject{{QStringLiteral("header"), base64(shown.heads.header)},
                                                  {QStringLiteral("salt"), base64(salt)},
                                                  {QStringLiteral("content"), base64(heads)},
                                                  {QStringLiteral("pos"), qint64(shown.headsPos.value)},
                                                  {QStringLiteral("inclusion"), hashes(shown.inclusion)}}},
            {QStringLiteral("handovers"), changes},
            {QStringLiteral("threads"), QJsonArray()}};
}

sync::OwnThreads SmallLog::own(quint64 held) const
{
    return [this, held](const ThreadId&, ThreadSeq seq) -> Result<sync::OwnThread> {
        sync::OwnThread own{ThreadSeq{held}, {}};
        if (seq.value > 0 && seq.value <= held && seq.value <= threadLeaves.size())
            own.leaf = threadLeaves[seq.value - 1];
        return own;
    };
}

} // namespace holdfast::test
