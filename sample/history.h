// The conversations of the sample data, as a stream in the order of time: memory grows with the open cases, not with
// the number of messages, so that ten million are made like twenty thousand.
#pragma once

#include "sample/media.h"
#include "sample/world.h"

#include <memory>
#include <optional>

namespace holdfast::sample {

struct Happening
{
    Timestamp at;
    ThreadId thread;
    ScopeId scope;
    EntryId entry;
    UserId author; // zero: central
    domain::Content content;
    std::optional<MediaFile> file; // of an attachment in `content`, whose id, size and digest are set
};

struct HistorySize
{
    qint64 messages = 20000;
    int days = 120;
    int photosPerThousand = 20; // of the messages; documents half as many
};

class History
{
public:
    History(const World& world, quint64 seed, Timestamp end, const HistorySize& size);
    ~History();
    // Nothing once the messages are used up and every case has ended.
    [[nodiscard]] std::optional<Happening> next();

private:
    class Private;
    std::unique_ptr<Private> d_;
};

} // namespace holdfast::sample
