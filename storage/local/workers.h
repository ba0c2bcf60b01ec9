// The threads and connections behind Database. Owned by it; every connection lives and dies on its own thread.
#pragma once

#include "models/base/error.h"
#include "storage/local/database.h"
#include "storage/sql/connection.h"
#include "storage/sql/database_files.h"

#include <array>
#include <mutex>
#include <shared_mutex>

namespace holdfast::local {

class Database::Workers
{
public:
    static constexpr int readers = 2;

    Workers(DeskFiles files, sql::SecretBytes key, sql::DatabaseLock lock);
    ~Workers(); // readers close first, the writer last
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    [[nodiscard]] Status start(sql::OpenMode mode);
    void finish(); // runs what is queued, then closes
    void postWrite(Priority priority, bool media, std::function<void(sql::WriteConnection&)> job);
    void postRead(bool media, std::function<void(sql::ReadConnection&)> job);
    [[nodiscard]] QFuture<Result<void>> truncateLog();
    [[nodiscard]] bool writerIsWanted(Priority than) const { return writer_->hasUrgent(than); }

private:
    struct Reader
    {
        std::unique_ptr<sql::ReadConnection> history;
        std::unique_ptr<sql::ReadConnection> media;
    };
    [[nodiscard]] Status openWriter(sql::OpenMode mode);
    [[nodiscard]] Status openReader(Reader& reader);
    [[nodiscard]] sql::DatabaseFile fileOf(const QString& path, int cacheKiB, bool media, sql::OpenMode mode) const;
    void checkpointIfLarge();
    void closeWriter();
    [[nodiscard]] Status runNow(JobQueue& queue, const std::function<Status(int)>& job);

    DeskFiles files_;
    sql::SecretBytes key_;
    sql::DatabaseLock lock_;
    std::unique_ptr<sql::WriteConnection> history_; // writer thread
    std::unique_ptr<sql::WriteConnection> media_;   // writer thread
    std::array<Reader, readers> readers_;           // each by its own reader thread
    std::shared_mutex readersRun_;                  // shared while a read job runs; exclusive to truncate the log
    std::unique_ptr<JobQueue> writer_;
    std::unique_ptr<JobQueue> reader_;
};

} // namespace holdfast::local
