// What was erased, kept outside the store and its backups: a store restored from an older backup is cleaned by it
// before anything is served.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QString>

#include <mutex>
#include <unordered_set>
#include <vector>

namespace holdfast::store {

// One erasure in one thread. Ids only: the journal holds nothing personal.
struct ErasureRecord
{
    ThreadId thread;
    std::vector<EntryId> entries;
    bool person = false; // `thread` is a person's: who leads to it by phone or user id is forgotten too
};

// A file of one JSON object a line, beside the keys. Thread-safe.
class ErasureJournal
{
public:
    // The file need not exist. corrupt: a line that is whole but not of the form; nothing may be served then.
    [[nodiscard]] static Result<std::unique_ptr<ErasureJournal>> open(const QString& file);

    // Survives a power cut when it returns well; called before the erasure commits, so that no erasure is forgotten.
    [[nodiscard]] Status add(const ErasureRecord& record);
    [[nodiscard]] const std::vector<ErasureRecord>& atOpening() const { return records_; }
    // True if the entry was ever erased here: it may not come back from a desk.
    [[nodiscard]] bool holds(const EntryId& entry) const;

private:
    explicit ErasureJournal(QString file) : file_(std::move(file)) {}
    [[nodiscard]] Status load();

    const QString file_;
    std::vector<ErasureRecord> records_;
    mutable std::mutex mutex_;
    std::unordered_set<EntryId> entries_;
};

} // namespace holdfast::store
