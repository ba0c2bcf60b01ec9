// The sample insurer as a log in memory: same seed, same bytes. Every check of a desk accepts it.
#pragma once

#include "models/domain/kinds.h"
#include "models/log/signing.h"
#include "sample/history.h"
#include "storage/local/feed.h"

#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

namespace holdfast::bench {

// An entry as its author made it.
struct Written
{
    log::AuthorPart part;
    QByteArray authorPart;
    QByteArray signature; // empty: central's
    QByteArray salt;
    QByteArray content;
    ScopeId scope;
    bool isMessage = false;
};

struct LogSize
{
    qint64 messages = 20000;
    qint64 longThread = 0; // further messages, all in one room, after the others
};

class SampleLog
{
public:
    SampleLog(const LogSize& size, quint64 seed);

    [[nodiscard]] std::optional<Written> next();

    [[nodiscard]] OrgId org() const { return org_; }
    [[nodiscard]] UserId me() const { return world_.staff.first().user; }
    [[nodiscard]] ThreadId longThread() const { return longThread_; }
    [[nodiscard]] const sample::World& world() const { return world_; }
    [[nodiscard]] Timestamp end() const { return end_; }

private:
    struct Device
    {
        log::SigningKey key;
        DeviceId id;
        DeviceSeq last;
    };

    void writeStructure();
    void writeRecords();
    [[nodiscard]] Written write(const sample::Happening& happening);
    [[nodiscard]] Written write(const EntryId& id, const ThreadId& thread, const ScopeId& scope, Timestamp at,
                                const UserId& author, domain::Kind kind, const QByteArray& content);
    [[nodiscard]] std::optional<Written> nextOfLongThread();

    sample::Dice dice_;
    Timestamp end_;
    sample::World world_;
    sample::History history_;
    OrgId org_;
    ScopeId everyone_;
    ThreadId structure_;
    ThreadId longThread_;
    qint64 longLeft_;
    bool longOpened_ = false;
    std::map<UserId, Device> devices_;
    std::deque<Written> first_;
};

// Gives entries their places: what central adds.
class Sealer
{
public:
    [[nodiscard]] local::FeedEntry seal(const Written& entry);
    [[nodiscard]] quint64 size() const { return pos_; }

private:
    struct Head
    {
        quint64 seq = 0;
        Digest leaf;
    };
    quint64 pos_ = 0;
    std::unordered_map<ThreadId, Head> heads_;
};

} // namespace holdfast::bench
