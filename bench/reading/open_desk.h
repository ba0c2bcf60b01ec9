// The filled desk, opened as the console opens it, and beside it a bare connection to the same file.
#pragma once

#include "bench/support/bare_sqlite.h"
#include "bench/support/bench_desk.h"
#include "models/base/random.h"
#include "storage/local/desk_reader.h"

namespace holdfast::bench {

// Nothing is fetched here: the sample desk has no attachments.
class NoBlobs : public local::BlobFetcher
{
public:
    QFuture<Result<QByteArray>> fetch(const BlobId& id, qint64 size) override;
};

class OpenedDesk
{
public:
    explicit OpenedDesk(const DeskOptions& options);

    [[nodiscard]] local::LocalDeskReader& reader() { return *reader_; }
    [[nodiscard]] local::Database& database() { return *database_; }
    [[nodiscard]] BareDatabase& bare() { return *bare_; }
    [[nodiscard]] double keySeconds() const { return keySeconds_; }   // Argon2id
    [[nodiscard]] double openSeconds() const { return openSeconds_; } // from the key to an open database
    [[nodiscard]] ThreadId longThread() const { return source_.longThread(); }
    [[nodiscard]] const sample::World& world() const { return source_.world(); }

private:
    SampleLog source_;
    SystemClock clock_;
    SystemRandom random_;
    NoBlobs noBlobs_;
    double keySeconds_ = 0;
    double openSeconds_ = 0;
    std::unique_ptr<local::Database> database_;
    std::unique_ptr<local::MediaStore> media_;
    std::unique_ptr<local::LocalDeskReader> reader_;
    std::unique_ptr<BareDatabase> bare_;
};

} // namespace holdfast::bench
