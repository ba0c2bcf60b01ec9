// A model of central for simulations: one log in memory, tokens that turn, results as docs/api.md says.
#pragma once

#include "models/log/signing.h"
#include "storage/sync/wire.h"
#include "tests/sync/seeded_random.h"

#include <QHash>
#include <QSet>

#include <vector>

namespace holdfast::test {

class FakeCentral
{
public:
    explicit FakeCentral(bool dropsDuplicates = true);

    struct Stored
    {
        EntryId entry;
        DeviceSeq deviceSeq; // 0: another's
        QByteArray header;
        QByteArray content;
    };

    [[nodiscard]] sync::Outcome<sync::Tokens> renew(const QByteArray& refresh, Timestamp now);
    [[nodiscard]] sync::Tokens signIn(Timestamp now);
    [[nodiscard]] sync::Outcome<sync::PushAnswer> push(const QByteArray& token, const QList<sync::PushEntry>& entries,
                                                       Timestamp now, bool later);
    // Nothing: wait.
    [[nodiscard]] std::optional<sync::Outcome<sync::Changes>> changes(const QByteArray& token, const QByteArray& cursor,
                                                                      Timestamp now, bool mayWait);
    void appendForeign(RandomSource& random);

    [[nodiscard]] const std::vector<Stored>& log() const { return log_; }
    [[nodiscard]] OrgId org() const { return org_; }
    [[nodiscard]] QByteArray publicKey() const { return key_.publicKey(); }

private:
    [[nodiscard]] bool admits(const QByteArray& token, Timestamp now) const;
    [[nodiscard]] sync::PushResult take(const sync::PushEntry& entry);
    [[nodiscard]] sync::PushResult receiptFor(const EntryId& entry, const Digest& commit, quint64 pos,
                                              sync::PushResult::Verdict verdict) const;

    bool dropsDuplicates_;
    OrgId org_;
    holdfast::log::SigningKey key_;
    std::vector<Stored> log_;
    QHash<EntryId, quint64> positions_;
    QHash<QByteArray, Timestamp> tokens_; // -> end of life
    QByteArray refresh_;                  // the one that is not spent; empty: the family ended
    int serial_ = 0;
};

} // namespace holdfast::test
