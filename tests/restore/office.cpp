#include "tests/restore/office.h"

#include "models/domain/content.h"

#include <QFile>

#include <catch2/catch_test_macros.hpp>

#include <future>

namespace holdfast::test {
namespace {

constexpr api::PasswordCost cheap{8 * 1024, 1, 1};

template <typename T, typename Call>
Result<T> wait(Call call)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    call([promise](Result<T> result) { promise->set_value(std::move(result)); });
    return future.get();
}

} // namespace

Office::Office(Dialect dialect)
{
    if (dialect == Dialect::postgres) {
        postgres_ = std::make_unique<TemporaryPostgres>();
        config_.url = postgres_->urlText();
    } else {
        config_.url = QStringLiteral("sqlcipher:") + folder_.filePath(QStringLiteral("central.db"));
    }
    config_.keyDirectory = folder_.filePath(QStringLiteral("keys"));
    config_.checkpointInterval = std::chrono::milliseconds(200);
    REQUIRE(store::Store::initialise(config_, QStringLiteral("Harbourline"), clock, random).has_value());
    hasher_ = std::make_unique<api::PasswordHasher>(cheap, random);
    throttle_ = std::make_unique<api::SignInThrottle>(clock);
    start();
    addPeople();
    openCase();
}

Office::~Office()
{
    stop();
}

void Office::start()
{
    auto opened = store::Store::open(config_, clock, random);
    INFO((opened ? std::string() : opened.error().text.toStdString()));
    REQUIRE(opened.has_value());
    store_ = std::move(*opened);
    api_ = std::make_unique<api::InternalApi>(*store_, *hasher_, *throttle_, *this);
    http::Router router;
    api_->addTo(router);
    http::ServerOptions options;
    options.port = port_; // after a restart the same, as desks know it
    server_ = std::make_unique<http::Server>(options, std::move(router));
    REQUIRE(server_->start().has_value());
    port_ = server_->port();
}

void Office::stop()
{
    if (!server_)
        return;
    server_->stop();
    store_.reset(); // before what listens to its tail
    server_.reset();
    api_.reset();
}

void Office::backUp()
{
    const QString file = folder_.filePath(QStringLiteral("central.db"));
    if (postgres_)
        REQUIRE(postgres_->backUp().has_value());
    else
        REQUIRE(QFile::copy(file, file + QStringLiteral(".backup")));
}

void Office::putBackupInPlace()
{
    const QString file = folder_.filePath(QStringLiteral("central.db"));
    if (postgres_) {
        REQUIRE(postgres_->restore().has_value());
        return;
    }
    REQUIRE(QFile::remove(file));
    REQUIRE(QFile::copy(file + QStringLiteral(".backup"), file));
}

void Office::loseAnchor()
{
    REQUIRE(QFile::remove(folder_.filePath(QStringLiteral("keys/anchor.note"))));
}

Result<void> Office::opens()
{
    const auto opened = store::Store::open(config_, clock, random);
    return opened ? Result<void>() : Result<void>(tl::unexpected(opened.error()));
}

store::BegunEpoch Office::beginEpoch()
{
    const auto begun = store::beginEpoch(config_, clock, random);
    INFO((begun ? std::string() : begun.error().text.toStdString()));
    REQUIRE(begun.has_value());
    return *begun;
}

void Office::append(std::vector<store::EntryToAppend> entries)
{
    store::AppendBatch batch;
    batch.entries = std::move(entries);
    const auto results =
        wait<std::vector<store::AppendResult>>([&](auto done) { store_->append(std::move(batch), done); });
    REQUIRE(results.has_value());
    for (const store::AppendResult& result : *results)
        REQUIRE(result.outcome == store::AppendResult::Outcome::accepted);
}

void Office::addPeople()
{
    const store::Organisation& organisation = store_->organisation();
    scope_ = random.id<ScopeId>();
    std::vector<store::EntryToAppend> entries{store::centralEntry(
        clock, random, organisation.structure, domain::Kind::scopeDefined,
        domain::toJson(domain::ScopeDefined{scope_, domain::ScopeType::team, QStringLiteral("Motor")}))};
    for (const char* login : {"lerato", "tshepo"}) {
        const QString name = QString::fromLatin1(login);
        const store::Account account{random.id<UserId>(),
                                     name,
                                     name,
                                     QStringLiteral("agent"),
                                     {},
                                     *hasher_->hashNow(QStringLiteral("correct horse battery")),
                                     true};
        REQUIRE(wait<bool>([&](auto done) {
                    store_->write<bool>(
                        [&account](store::StoreWriter& writer) -> Result<bool> {
                            const Status put = writer.accounts().put(account);
                            return put ? Result<bool>(true) : tl::unexpected(put.error());
                        },
                        done);
                }).has_value());
        entries.push_back(
            store::centralEntry(clock, random, organisation.structure, domain::Kind::userProfile,
                                domain::toJson(domain::UserProfile{account.id, name, name, account.role, {}, true})));
        entries.push_back(store::centralEntry(clock, random, organisation.structure, domain::Kind::grantGiven,
                                              domain::toJson(domain::Grant{account.id, scope_})));
    }
    append(std::move(entries));
}

void Office::openCase()
{
    thread_ = random.id<ThreadId>();
    domain::ThreadOpened opened;
    opened.type = domain::ThreadType::customerCase;
    opened.scope = scope_;
    opened.person = random.id<PersonId>();
    opened.channel = QStringLiteral("main");
    append({store::centralEntry(clock, random, thread_, domain::Kind::threadOpened, domain::toJson(opened))});
    (void)customerWrites(QStringLiteral("Good day"));
}

EntryId Office::customerWrites(const QString& text)
{
    domain::CustomerMessage message;
    message.person = random.id<PersonId>();
    message.channel = QStringLiteral("main");
    message.providerId = QStringLiteral("wamid.") + QString::fromLatin1(random.bytes(8).toHex());
    message.providerAt = clock.now();
    message.type = QStringLiteral("text");
    message.text = text;
    store::EntryToAppend entry =
        store::centralEntry(clock, random, thread_, domain::Kind::customerMessage, domain::toJson(message));
    const EntryId id = entry.author.entryId;
    append({std::move(entry)});
    return id;
}

QList<EntryId> Office::entriesOfThread()
{
    const auto found = wait<std::vector<store::FeedEntry>>([this](auto done) {
        store_->read<std::vector<store::FeedEntry>>(
            [this](store::StoreReader& reader) { return reader.feed().entriesOfThread(thread_, ThreadSeq{1}, 1000); },
            done);
    });
    REQUIRE(found.has_value());
    QList<EntryId> ids;
    for (const store::FeedEntry& entry : *found)
        ids.append(entry.entry);
    return ids;
}

int Office::incidents()
{
    const auto found = wait<std::vector<store::FeedEntry>>([this](auto done) {
        store_->read<std::vector<store::FeedEntry>>(
            [](store::StoreReader& reader) {
                return reader.feed().entriesOfThread(reader.organisation().auditThread, ThreadSeq{1}, 1000);
            },
            done);
    });
    REQUIRE(found.has_value());
    return static_cast<int>(std::count_if(found->begin(), found->end(), [](const store::FeedEntry& entry) {
        return entry.kind == domain::number(domain::Kind::incidentNoted);
    }));
}

void Office::release()
{
    const auto all = wait<bool>([this](auto done) {
        store_->write<bool>(
            [](store::StoreWriter& writer) -> Result<bool> {
                const auto devices = writer.access().devices();
                if (!devices)
                    return tl::unexpected(devices.error());
                for (const store::DeviceRow& device : *devices) {
                    const Status released = device.copied ? writer.deviceRuns().release(device.device) : Status();
                    if (!released)
                        return tl::unexpected(released.error());
                }
                return true;
            },
            done);
    });
    REQUIRE(all.has_value());
}

bool Office::hasFile(const EntryId& reply, const QByteArray& bytes)
{
    const auto held = wait<QByteArray>([this, reply](auto done) {
        store_->read<QByteArray>(
            [reply](store::StoreReader& reader) -> Result<QByteArray> {
                const auto entry = reader.feed().entry(reply);
                if (!entry)
                    return tl::unexpected(entry.error());
                const auto content = domain::parseContent(entry->kind, entry->content.value_or(QByteArray()));
                const auto* said = std::get_if<domain::AgentReply>(&content);
                if (!said || said->attachments.isEmpty())
                    return fail(ErrorCode::notFound, QStringLiteral("There is no file."));
                return reader.blobs().range(said->attachments.first().id, 0, 1024 * 1024);
            },
            done);
    });
    UNSCOPED_INFO((held ? std::string("it has the file") : held.error().text.toStdString()));
    return held && *held == bytes;
}

quint64 Office::logSize()
{
    const auto head = wait<store::LogHead>([this](auto done) {
        store_->read<store::LogHead>([](store::StoreReader& reader) { return reader.feed().head(); }, done);
    });
    REQUIRE(head.has_value());
    return head->size;
}

bool Office::verifies()
{
    const auto report = wait<store::VerifyReport>([this](auto done) { store_->verify(done); });
    REQUIRE(report.has_value());
    for (const auto& finding : report->findings)
        UNSCOPED_INFO(finding.what.toStdString());
    return report->findingCount == 0;
}

Status Office::accepted(store::StoreWriter&, const store::EntryToAppend& entry, const store::AppendResult&)
{
    repliesToSend += entry.author.kind == domain::number(domain::Kind::agentReply) ? 1 : 0;
    return {};
}

} // namespace holdfast::test
