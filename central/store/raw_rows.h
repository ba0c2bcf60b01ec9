// Raw webhook bodies on their way into the inbox, each under the key of the day it came.
#pragma once

#include "central/store/bulk.h"
#include "central/store/context.h"

#include <map>

namespace holdfast::store {

// Inbox and job rows are ordered by ids that grow with time: microseconds, shifted to leave room within one.
[[nodiscard]] qint64 nextRowId(Timestamp now, qint64 last);

// Thread of its connection only.
class DayKeys
{
public:
    explicit DayKeys(Context& context) : context_(context) {}
    // notFound: the day's key was destroyed.
    [[nodiscard]] Result<QByteArray> key(qint64 day);
    [[nodiscard]] Result<QByteArray> keyOrNew(qint64 day);

private:
    Context& context_;
};

[[nodiscard]] qint64 dayOf(Timestamp time);
[[nodiscard]] QByteArray rawBinding(qint64 id, qint64 day);

// Appender's thread: stage() any number, flush() once.
class RawRows
{
public:
    explicit RawRows(Context& context) : context_(context) {}
    [[nodiscard]] Result<qint64> stage(const QString& channel, const QByteArray& bytes); // its id
    [[nodiscard]] Status flush();
    void clear();

private:
    Context& context_;
    BulkRows rows_;
    qint64 lastId_ = 0;
    std::map<qint64, QByteArray> keys_; // of this transaction's days
};

} // namespace holdfast::store
