#include "storage/sync/copy_saver.h"

#include "models/domain/content.h"
#include "storage/sync/ready_future.h"
#include "storage/sync/setting_names.h"

#include <QFileInfo>
#include <QSaveFile>

namespace holdfast::sync {
namespace {

tl::unexpected<Error> notWritten(const QSaveFile& file)
{
    return fail(
        ErrorCode::io,
        QStringLiteral("The copy could not be written there: %1. Choose another place.").arg(file.errorString()));
}

// Whole or not at all, and readable by its owner alone.
Result<void> write(const QString& path, const QByteArray& bytes)
{
    const QFileInfo place(path);
    if (!place.isAbsolute() || (place.exists() && !place.isFile()))
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("A copy can be saved as a file only. Choose another name."));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return notWritten(file);
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    if (file.write(bytes) != bytes.size() || !file.commit())
        return notWritten(file);
    return {};
}

} // namespace

CopySaver::CopySaver(local::Outbox& outbox, local::DeskSettings& settings, views::DeskReader& reader)
    : outbox_(outbox), settings_(settings), reader_(reader)
{
    files_.setMaxThreadCount(1);
}

CopySaver::~CopySaver()
{
    files_.waitForDone();
}

QFuture<Result<EntryId>> CopySaver::record(const ThreadId& acts, const views::CopyOrder& order)
{
    local::NewEntry entry;
    entry.thread = acts;
    entry.kind = domain::Kind::fileSaved;
    entry.content = domain::toJson(domain::FileSaved{order.thread, order.message, order.attachment});
    return outbox_.put(std::move(entry));
}

QFuture<Result<void>> CopySaver::save(const views::CopyOrder& order)
{
    using Bytes = Result<QByteArray>;
    return reader_.attachment(order.attachment)
        .then(QtFuture::Launch::Sync,
              [this, order](const Bytes& bytes) -> QFuture<Result<void>> {
                  if (!bytes)
                      return readyFuture<void>(tl::unexpected(bytes.error()));
                  return settings_.value(actsSetting())
                      .then(QtFuture::Launch::Sync,
                            [this, order](const Bytes& acts) -> QFuture<Result<EntryId>> {
                                const auto thread = ThreadId::fromBytes(acts.value_or(QByteArray()));
                                if (!thread)
                                    return readyFuture<EntryId>(
                                        fail(ErrorCode::unavailable,
                                             QStringLiteral("Saving a copy must be recorded, and this desk does not "
                                                            "know where yet. Connect it to central once, then try "
                                                            "again.")));
                                return record(*thread, order);
                            })
                      .unwrap()
                      .then(&files_, [path = order.path, bytes = *bytes](const Result<EntryId>& recorded) {
                          return recorded ? write(path, bytes) : Result<void>(tl::unexpected(recorded.error()));
                      });
              })
        .unwrap();
}

} // namespace holdfast::sync
