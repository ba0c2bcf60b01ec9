// A log of one thread with a heads entry and a checkpoint at its end, as central would prove it; and its other
// histories.
#pragma once

#include "models/domain/content.h"
#include "models/log/checkpoint.h"
#include "models/log/entry.h"
#include "storage/sync/witness.h"

#include <QJsonObject>

#include <memory>

namespace holdfast::test {

struct SmallLog
{
    OrgId org = *OrgId::fromBytes(QByteArray(16, 'o'));
    ThreadId thread = *ThreadId::fromBytes(QByteArray(16, 't'));
    std::shared_ptr<const log::SigningKey> key;
    Epoch epoch;
    std::vector<log::KeyHandover> handovers;
    std::vector<QByteArray> headers;
    std::vector<Digest> leaves;
    std::vector<Digest> threadLeaves; // of `thread`, by tseq - 1
    QByteArray heads;                 // content of the newest heads entry
    QByteArray salt = QByteArray(32, 's');

    // `count` entries, then the heads. Logs of the same marks share their beginning; another mark from entry `forkAt`
    // on makes another history.
    explicit SmallLog(quint64 count, char mark = 'e', quint64 forkAt = 0);
    void useKey(char seed);                                        // 'k' at first
    void grow(quint64 count, char mark = 'e', quint64 forkAt = 0); // more entries, and heads again
    [[nodiscard]] Digest root(size_t size) const { return log::treeRoot(std::span(leaves).first(size)); }
    [[nodiscard]] sync::Verified verified() const { return {leaves.size(), root(leaves.size()), epoch}; }
    [[nodiscard]] QByteArray note() const;
    [[nodiscard]] sync::Proofs proofs(quint64 from) const; // without consistency above its own size, as central does
    [[nodiscard]] QJsonObject proofsJson(quint64 from) const;
    [[nodiscard]] sync::CoreIdentity identity() const { return {org, key->publicKey()}; }
    [[nodiscard]] sync::OwnThreads own(quint64 held) const;

private:
    void append(const ThreadId& to, ThreadSeq seq, log::KindNumber kind, const QByteArray& content);

    quint64 headsCount_ = 0;
};

} // namespace holdfast::test
