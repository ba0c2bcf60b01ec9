#include "bench/reading/open_desk.h"

#include "storage/sql/secret_bytes.h"

namespace holdfast::bench {

QFuture<Result<QByteArray>> NoBlobs::fetch(const BlobId&, qint64)
{
    QPromise<Result<QByteArray>> promise;
    promise.start();
    promise.addResult(fail(ErrorCode::notFound, QStringLiteral("There is no such file.")));
    promise.finish();
    return promise.future();
}

OpenedDesk::OpenedDesk(const DeskOptions& options) : source_(sampleLogOf(options))
{
    const local::DeskFiles files = filesOf(options, source_);
    const Stopwatch deriving;
    sql::SecretBytes key = must(local::KeySlots(files.keys(), random_).open(options.passphrase));
    keySeconds_ = deriving.seconds();
    const QByteArray copy = key.view().toByteArray();
    const Stopwatch opening;
    database_ = must(local::Database::open(files, std::move(key)));
    openSeconds_ = opening.seconds();
    const local::DeskIdentity identity = valueOf(local::DeskSettings(*database_).identity());
    media_ = std::make_unique<local::MediaStore>(*database_, clock_);
    reader_ = std::make_unique<local::LocalDeskReader>(*database_, *media_, noBlobs_, clock_, identity);
    bare_ = std::make_unique<BareDatabase>(files.history(), copy, "FULL");
}

} // namespace holdfast::bench
