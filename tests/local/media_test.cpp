#include "storage/sql/transaction.h"
#include "tests/local/desk_fixture.h"

using namespace holdfast;
using namespace holdfast::test;

TEST_CASE("A file comes back whole, whatever its size", "[media]")
{
    DeskFixture desk;
    for (const qint64 size : {qint64(1), local::mediaChunkBytes - 1, local::mediaChunkBytes, local::mediaChunkBytes + 1,
                              5 * local::mediaChunkBytes + 17}) {
        const BlobId id = desk.maker.random().id<BlobId>();
        const QByteArray bytes = desk.maker.random().bytes(size);
        CHECK(!valueOf(desk.media->has(id)));
        done(putMedia(*desk.media, id, bytes));
        done(putMedia(*desk.media, id, bytes));
        CHECK(valueOf(desk.media->get(id)) == bytes);
        CHECK(await(putMedia(*desk.media, id, bytes + "x")).error().code == ErrorCode::conflict);
        CHECK(valueOf(desk.media->missing({id, BlobId()})) == QList<BlobId>{BlobId()});
        done(desk.media->erase({id}));
        CHECK(await(desk.media->get(id)).error().code == ErrorCode::notFound);
    }
    CHECK(await(putMedia(*desk.media, BlobId(), {})).error().code == ErrorCode::tooLarge);
}

TEST_CASE("A damaged chunk is noticed on every opening", "[media]")
{
    DeskFixture desk;
    const BlobId id = desk.maker.random().id<BlobId>();
    done(putMedia(*desk.media, id, QByteArray(600'000, 'a')));
    done(desk.database->writeMedia<void>(local::Priority::normal, [](sql::WriteConnection& connection) -> Result<void> {
        return connection.execute(QStringLiteral("UPDATE chunk SET bytes = zeroblob(length(bytes)) WHERE n = 1"));
    }));
    CHECK(await(desk.media->get(id)).error().code == ErrorCode::corrupt);
}

TEST_CASE("What nothing needs is swept, if it is older than this start of the desk", "[media]")
{
    DeskFixture desk;
    const BlobId kept = desk.maker.random().id<BlobId>();
    const BlobId orphan = desk.maker.random().id<BlobId>();
    const BlobId forgotten = desk.maker.random().id<BlobId>();
    const ThreadId thread = desk.maker.random().id<ThreadId>();
    local::NewEntry entry = desk.reply(thread, QStringLiteral("With a file"));
    entry.blobs = {kept};
    for (const BlobId& id : {kept, orphan, forgotten})
        done(putMedia(*desk.media, id, QByteArray(10, 'k')));
    valueOf(desk.outbox->put(entry));
    done(
        desk.database->write<void>(local::Priority::normal, [orphan](sql::WriteConnection& connection) -> Result<void> {
            return connection.statement(QStringLiteral("DELETE FROM held WHERE blob = ?")).exec(orphan);
        }));
    CHECK(valueOf(desk.media->sweep(desk.maker.clock().now())) == 0);
    desk.maker.clock().advance(1);
    CHECK(valueOf(desk.media->sweep(desk.maker.clock().now())) == 2);
    CHECK(valueOf(desk.media->get(kept)) == QByteArray(10, 'k'));
    CHECK(await(desk.media->get(forgotten)).error().code == ErrorCode::notFound);
}
