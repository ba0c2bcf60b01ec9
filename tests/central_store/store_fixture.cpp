#include "tests/central_store/store_fixture.h"

#include <QFile>

namespace holdfast::test {

using namespace holdfast::store;

StoreFixture::StoreFixture(Dialect dialect, bool initialise)
{
    REQUIRE(directory_.isValid());
    if (dialect == Dialect::postgres) {
        postgres_ = std::make_unique<TemporaryPostgres>();
        config_.url = postgres_->urlText();
    } else {
        config_.url = QStringLiteral("sqlcipher:") + databaseFile();
    }
    config_.keyDirectory = directory_.filePath(QStringLiteral("keys"));
    config_.checkpointInterval = std::chrono::hours(1); // tests ask for theirs
    if (!initialise)
        return;
    const Result<Organisation> made = Store::initialise(config_, QStringLiteral("Harbour Life"), clock, random);
    REQUIRE(made);
    open();
}

StoreFixture::~StoreFixture() = default;

void StoreFixture::open()
{
    Result<std::unique_ptr<Store>> opened = Store::open(config_, clock, random);
    INFO((opened ? std::string() : opened.error().text.toStdString()));
    REQUIRE(opened);
    store_ = std::move(*opened);
}

void StoreFixture::backUp()
{
    if (postgres_)
        REQUIRE(postgres_->backUp());
    else
        REQUIRE(QFile::copy(databaseFile(), databaseFile() + QStringLiteral(".backup")));
}

void StoreFixture::restore()
{
    if (postgres_) {
        REQUIRE(postgres_->restore());
        return;
    }
    REQUIRE(QFile::remove(databaseFile()));
    REQUIRE(QFile::copy(databaseFile() + QStringLiteral(".backup"), databaseFile()));
}

Result<std::vector<AppendResult>> StoreFixture::tryAppend(AppendBatch batch)
{
    return await<std::vector<AppendResult>>([&](auto done) { store_->append(std::move(batch), std::move(done)); });
}

std::vector<AppendResult> StoreFixture::append(std::vector<EntryToAppend> entries)
{
    AppendBatch batch;
    batch.entries = std::move(entries);
    Result<std::vector<AppendResult>> results = tryAppend(std::move(batch));
    INFO((results ? std::string() : results.error().text.toStdString()));
    REQUIRE(results);
    return std::move(*results);
}

QByteArray StoreFixture::checkpoint()
{
    const Result<QByteArray> note = await<QByteArray>([&](auto done) { store_->checkpointNow(std::move(done)); });
    INFO((note ? std::string() : note.error().text.toStdString()));
    REQUIRE(note);
    return *note;
}

EntryToAppend StoreFixture::central(const ThreadId& thread, domain::Kind kind, const QByteArray& content)
{
    return centralEntry(clock, random, thread, kind, content);
}

StoreFixture::Room StoreFixture::openRoom(const QString& title)
{
    Room room{random.id<ThreadId>(), random.id<ScopeId>()};
    domain::ThreadOpened opened;
    opened.type = domain::ThreadType::room;
    opened.scope = room.scope;
    opened.title = title;
    const auto results = append({central(room.thread, domain::Kind::threadOpened, domain::toJson(opened))});
    REQUIRE(results.front().outcome == AppendResult::Outcome::accepted);
    return room;
}

Desk::Desk(StoreFixture& fixture)
    : fixture_(fixture), key_(*log::SigningKey::fromSeed(fixture.random.bytes(32))), user_(fixture.random.id<UserId>())
{}

void Desk::enrol()
{
    const domain::DeviceEnrolled enrolled{device(), user_, key_.publicKey(), QStringLiteral("Desk 1")};
    const auto results = fixture_.append({fixture_.central(fixture_.store().organisation().structure,
                                                           domain::Kind::deviceEnrolled, domain::toJson(enrolled))});
    REQUIRE(results.front().outcome == AppendResult::Outcome::accepted);
}

EntryToAppend Desk::write(const ThreadId& thread, domain::Kind kind, const QByteArray& content)
{
    log::AuthorPart part;
    const Timestamp now = fixture_.clock.now();
    const QByteArray salt = fixture_.random.bytes(32);
    part.entryId = fixture_.random.entryId(now);
    part.thread = thread;
    part.kind = domain::number(kind);
    part.author = user_;
    part.device = device();
    part.deviceSeq = DeviceSeq{++lastSeq_};
    part.claimedAt = now;
    part.commit = log::commitment(salt, part.kind, content);
    const QByteArray bytes = log::encode(part);
    const OrgId org = fixture_.store().organisation().id;
    auto prepared =
        prepareDeviceEntry(org, bytes, key_.sign(log::entryMessage(org, bytes)), salt, content, key_.publicKey());
    INFO((prepared ? std::string() : prepared.error().text.toStdString()));
    REQUIRE(prepared);
    return std::move(*prepared);
}

EntryToAppend Desk::say(const ThreadId& thread, const QString& text)
{
    domain::RoomMessage message;
    message.text = text;
    return write(thread, domain::Kind::roomMessage, domain::toJson(message));
}

} // namespace holdfast::test
