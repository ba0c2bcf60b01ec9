#include "storage/local/desk_reader.h"

#include "storage/local/attachment_state.h"
#include "storage/local/kept_drafts.h"
#include "storage/local/list_reads.h"
#include "storage/local/log_reads.h"
#include "storage/local/message_reads.h"
#include "storage/local/search_reads.h"
#include "storage/sql/connection.h"

namespace holdfast::local {
namespace {

// What the log says about a blob: the bytes must be these.
struct Expected
{
    qint64 size = -1;
    Digest sha256;
};

Result<Expected> readExpected(sql::Connection& connection, const BlobId& id)
{
    sql::Statement select = connection.statement(
        QStringLiteral("SELECT state, size, sha256 FROM attachment WHERE blob = ? ORDER BY state DESC LIMIT 1"));
    const Result<bool> found = select.first(id);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found)
        return fail(ErrorCode::notFound, QStringLiteral("This file is not in a conversation of this desk."));
    const auto state = select.enumeration<StoredState>(0);
    if (state == StoredState::mismatch)
        return fail(ErrorCode::corrupt, QStringLiteral("This file is not what was announced. It is kept aside."));
    if (state != StoredState::good || select.isNull(2))
        return fail(ErrorCode::unavailable, QStringLiteral("This file has not arrived yet."));
    return Expected{select.int64(1), select.digest(2)};
}

QFuture<Result<QByteArray>> ready(Result<QByteArray> result)
{
    QPromise<Result<QByteArray>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

bool fits(const QByteArray& bytes, const Expected& expected)
{
    return sha256({bytes}) == expected.sha256;
}

// Central's bytes are kept only if they are the ones that the log names.
QFuture<Result<QByteArray>> fetchAndKeep(BlobFetcher& fetcher, MediaStore media, const BlobId& id,
                                         const Expected& expected)
{
    return fetcher.fetch(id, expected.size)
        .then(QtFuture::Launch::Sync,
              [media, id, expected](const Result<QByteArray>& fetched) mutable -> QFuture<Result<QByteArray>> {
                  if (!fetched)
                      return ready(fetched);
                  if (!fits(*fetched, expected))
                      return ready(
                          fail(ErrorCode::corrupt,
                               QStringLiteral("Central sent another file than the log names. It was not kept.")));
                  return media.keep(id, *fetched)
                      .then([bytes = *fetched](const Result<void>& kept) -> Result<QByteArray> {
                          // A full disk must not keep the person from seeing what is here already.
                          static_cast<void>(kept);
                          return bytes;
                      });
              })
        .unwrap();
}

} // namespace

LocalDeskReader::LocalDeskReader(Database& database, MediaStore& media, BlobFetcher& fetcher, const Clock& clock,
                                 const DeskIdentity& identity)
    : database_(database), media_(media), fetcher_(fetcher), clock_(clock), me_(identity.user),
      organisation_(identity.organisation)
{}

QFuture<Result<views::Navigation>> LocalDeskReader::navigation()
{
    const ReadContext context{me_, organisation_, clock_.now()};
    return database_.read<views::Navigation>(
        [context](sql::ReadConnection& connection) { return readNavigation(connection, context); });
}

QFuture<Result<views::ThreadPage>> LocalDeskReader::threads(const views::ThreadQuery& query)
{
    const ReadContext context{me_, organisation_, clock_.now()};
    return database_.read<views::ThreadPage>(
        [context, query](sql::ReadConnection& connection) { return readThreads(connection, context, query); });
}

QFuture<Result<views::ThreadHeader>> LocalDeskReader::thread(const ThreadId& id)
{
    const ReadContext context{me_, organisation_, clock_.now()};
    return database_.read<views::ThreadHeader>(
        [context, id](sql::ReadConnection& connection) { return readHeader(connection, context, id); });
}

QFuture<Result<views::MessagePage>> LocalDeskReader::newestMessages(const ThreadId& id, int limit)
{
    return database_.read<views::MessagePage>([id, limit](sql::ReadConnection& connection) {
        return readMessages(connection, id, Direction::before, newestKey(), limit);
    });
}

QFuture<Result<views::MessagePage>> LocalDeskReader::messagesBefore(const ThreadId& id, const views::MessageKey& key,
                                                                    int limit)
{
    return database_.read<views::MessagePage>([id, key, limit](sql::ReadConnection& connection) {
        return readMessages(connection, id, Direction::before, key, limit);
    });
}

QFuture<Result<views::MessagePage>> LocalDeskReader::messagesAfter(const ThreadId& id, const views::MessageKey& key,
                                                                   int limit)
{
    return database_.read<views::MessagePage>([id, key, limit](sql::ReadConnection& connection) {
        return readMessages(connection, id, Direction::after, key, limit);
    });
}

QFuture<Result<views::MessagePage>> LocalDeskReader::messagesAround(const ThreadId& id, const views::MessageKey& key,
                                                                    int limit)
{
    return database_.read<views::MessagePage>([id, key, limit](sql::ReadConnection& connection) {
        return readMessages(connection, id, Direction::around, key, limit);
    });
}

QFuture<Result<views::Message>> LocalDeskReader::message(const EntryId& id)
{
    return database_.read<views::Message>(
        [id](sql::ReadConnection& connection) { return readMessage(connection, id); });
}

QFuture<Result<QByteArray>> LocalDeskReader::attachment(const BlobId& id)
{
    const auto expect = [id](sql::ReadConnection& connection) { return readExpected(connection, id); };
    return database_.read<Expected>(expect)
        .then([media = media_, id,
               &fetcher = fetcher_](const Result<Expected>& expected) mutable -> QFuture<Result<QByteArray>> {
            if (!expected)
                return ready(tl::unexpected(expected.error()));
            return media.get(id)
                .then([media, id, &fetcher,
                       expected = *expected](const Result<QByteArray>& here) mutable -> QFuture<Result<QByteArray>> {
                    if (here && fits(*here, expected))
                        return ready(here);
                    const bool isMissing = !here && here.error().code == ErrorCode::notFound;
                    if (isMissing)
                        return fetchAndKeep(fetcher, media, id, expected);
                    if (!here && here.error().code != ErrorCode::corrupt)
                        return ready(here);
                    // Damaged or other bytes: they make room for the right ones.
                    return media.erase({id})
                        .then([media, id, &fetcher, expected](const Result<void>& gone) mutable {
                            return gone ? fetchAndKeep(fetcher, media, id, expected)
                                        : ready(tl::unexpected(gone.error()));
                        })
                        .unwrap();
                })
                .unwrap();
        })
        .unwrap();
}

QFuture<Result<QList<views::LogLine>>> LocalDeskReader::threadLog(const ThreadId& id, int limit)
{
    return database_.read<QList<views::LogLine>>(
        [id, limit](sql::ReadConnection& connection) { return readThreadLog(connection, id, limit); });
}

QFuture<Result<views::SearchPage>> LocalDeskReader::search(const views::SearchQuery& query)
{
    return database_.read<views::SearchPage>(
        [query](sql::ReadConnection& connection) { return readSearch(connection, query); });
}

QFuture<Result<QList<views::Staff>>> LocalDeskReader::staff()
{
    return database_.read<QList<views::Staff>>([](sql::ReadConnection& connection) { return readStaff(connection); });
}

QFuture<Result<QList<views::Team>>> LocalDeskReader::teams()
{
    return database_.read<QList<views::Team>>([](sql::ReadConnection& connection) { return readTeams(connection); });
}

QFuture<Result<QList<views::NotSent>>> LocalDeskReader::notSent()
{
    return database_.read<QList<views::NotSent>>(
        [](sql::ReadConnection& connection) { return readNotSent(connection); });
}

QFuture<Result<QString>> LocalDeskReader::draft(const ThreadId& id, bool note)
{
    return database_.read<QString>(
        [id, note](sql::ReadConnection& connection) { return readDraft(connection, id, note); });
}

QFuture<Result<QList<views::KeptDraft>>> LocalDeskReader::keptDrafts()
{
    return database_.read<QList<views::KeptDraft>>(
        [](sql::ReadConnection& connection) { return readKeptDrafts(connection); });
}

} // namespace holdfast::local
