// The typed rows beside the log: inbox, jobs, accounts, access, people, messages, blobs.
#include "central/store/housekeeper.h"
#include "tests/central_store/store_fixture.h"
#include "tests/support/store_tables.h"

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;
using Outcome = AppendResult::Outcome;

TEST_CASE("a raw body is kept as it came until it is done")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const QByteArray body("{\"object\":\"x\",\0\xff not json", 27);
    const Result<qint64> first =
        await<qint64>([&](auto done) { fixture.store().putRaw(QStringLiteral("main"), body, std::move(done)); });
    const Result<qint64> second =
        await<qint64>([&](auto done) { fixture.store().putRaw(QStringLiteral("main"), "second", std::move(done)); });
    REQUIRE(first);
    REQUIRE(second);
    CHECK(*second > *first);
    fixture.close();
    fixture.open();
    const auto waiting = [&] {
        const auto items =
            fixture.read<std::vector<InboxItem>>([](StoreReader& reader) { return reader.inbox().waiting(10); });
        REQUIRE(items);
        return *items;
    };
    REQUIRE(waiting().size() == 2);
    CHECK(waiting()[0].bytes == body);
    CHECK(waiting()[0].channel == QStringLiteral("main"));
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) { return writer.inbox().done(*first); }));
    REQUIRE(fixture.write<void>(
        [&](StoreWriter& writer) { return writer.inbox().failed(*second, QStringLiteral("The body is not JSON.")); }));
    CHECK(waiting().empty());
    const auto failed =
        fixture.read<qint64>([](StoreReader& reader) { return reader.inbox().count(InboxState::failed); });
    CHECK(*failed == 1);
    // Its day's key stays while one item of the day is not done.
    const Timestamp later{fixture.clock.now().value + 20LL * 86'400 * 1'000'000};
    CHECK(*fixture.write<int>([&](StoreWriter& writer) { return writer.inbox().destroyOldDays(later); }) == 0);
    CHECK(*fixture.write<int>([&](StoreWriter& w) { return w.inbox().waitAgain(InboxState::unplaced); }) == 0);
    CHECK(*fixture.write<int>([&](StoreWriter& w) { return w.inbox().waitAgain(InboxState::failed); }) == 1);
    REQUIRE(waiting().size() == 1);
    CHECK(waiting()[0].bytes == "second");
    const qint64 left[] = {*second};
    CHECK(fixture.read<std::vector<InboxItem>>([&](StoreReader& r) { return r.inbox().waiting(10, left); })->empty());
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) { return writer.inbox().done(*second); }));
    CHECK(*fixture.write<int>([&](StoreWriter& writer) { return writer.inbox().destroyOldDays(later); }) == 1);
    CHECK_FALSE(fixture.read<InboxItem>([&](StoreReader& reader) { return reader.inbox().item(*first); }));
}

TEST_CASE("a day's raw bodies stay for 14 days after the last of them was done, whenever that was")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const Result<qint64> id =
        await<qint64>([&](auto done) { fixture.store().putRaw(QStringLiteral("main"), "late", std::move(done)); });
    REQUIRE(id);
    // As if it had come 20 days ago, and is done only now.
    fixture.close();
    {
        StoreTables tables(fixture.config());
        REQUIRE(tables.db().execute(QStringLiteral("UPDATE inbox_day SET day = day - 20")));
        REQUIRE(tables.db().execute(QStringLiteral("UPDATE raw_inbox SET day = day - 20")));
    }
    fixture.open();
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) { return writer.inbox().done(*id); }));
    const auto destroyed = [&](qint64 days) {
        const Timestamp then{fixture.clock.now().value + days * 86'400 * 1'000'000};
        return *fixture.write<int>([&](StoreWriter& writer) { return writer.inbox().destroyOldDays(then); });
    };
    CHECK(destroyed(0) == 0);
    CHECK(destroyed(14) == 0);
    CHECK(destroyed(15) == 1);
}

TEST_CASE("a job's row changes only for who saw it last")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    Job job;
    job.entry = fixture.random.id<EntryId>();
    job.thread = room.thread;
    job.state = QStringLiteral("waiting");
    REQUIRE(fixture.write<void>([&](StoreWriter& w) { return w.sends().put(job); }));
    Job next = job;
    next.state = QStringLiteral("calling");
    next.attempts = 1;
    const auto update = [&] {
        return fixture.write<void>([&](StoreWriter& w) { return w.sends().update(next, job); });
    };
    CHECK(update());
    CHECK(update().error().code == ErrorCode::conflict);
}

TEST_CASE("the house is kept: dead tokens, old raw bodies and abandoned uploads go by themselves")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    const SignIn signIn{fixture.random.bytes(16), fixture.random.id<UserId>(), {}, false};
    const Token dead{fixture.random.bytes(32), Token::Kind::refresh, signIn.family, Timestamp{5}};
    BlobFacts abandoned;
    abandoned.id = fixture.random.id<BlobId>();
    abandoned.thread = room.thread;
    abandoned.size = 10;
    abandoned.mime = QStringLiteral("image/png");
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) -> Status {
        Status status = writer.accounts().begin(signIn);
        if (status)
            status = writer.accounts().issue(dead);
        if (status)
            status = writer.blobs().begin(abandoned).map([](const BlobFacts&) {});
        return status;
    }));
    const Result<qint64> raw =
        await<qint64>([&](auto done) { fixture.store().putRaw(QStringLiteral("main"), "old", std::move(done)); });
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) { return writer.inbox().done(*raw); }));
    fixture.close();
    {
        StoreTables tables(fixture.config());
        for (const char* back : {"UPDATE inbox_day SET day = day - 20, settled_day = 0",
                                 "UPDATE raw_inbox SET day = day - 20", "UPDATE blob SET begun_at = 1"})
            REQUIRE(tables.db().execute(QString::fromLatin1(back)));
    }
    fixture.open();
    const auto isKept = [&] {
        return fixture.read<InboxItem>([&](StoreReader& reader) { return reader.inbox().item(*raw); }).has_value() ||
               fixture.read<BlobFacts>([&](StoreReader& r) { return r.blobs().facts(abandoned.id); }).has_value() ||
               fixture
                   .read<std::optional<AccountReads::Presented>>(
                       [&](StoreReader& r) { return r.accounts().token(dead.hash, Token::Kind::refresh); })
                   ->has_value();
    };
    CHECK(isKept());
    Housekeeper housekeeper(fixture.store());
    housekeeper.start();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (isKept() && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    CHECK_FALSE(isKept());
}

TEST_CASE("a job is taken once, and its payload comes back")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    Job job;
    job.entry = fixture.random.id<EntryId>();
    job.thread = room.thread;
    job.channel = QStringLiteral("main");
    job.state = QStringLiteral("waiting");
    job.callback = QStringLiteral("0011");
    job.dueAt = Timestamp{1000};
    job.payload = "{\"to\":\"+27825550143\"}";
    const auto put = [&] { return fixture.write<void>([&](StoreWriter& w) { return w.sends().put(job); }); };
    REQUIRE(put());
    CHECK(put().error().code == ErrorCode::conflict);
    const auto due =
        fixture.read<std::vector<Job>>([](StoreReader& reader) { return reader.sends().due(Timestamp{1000}, 10); });
    REQUIRE(due);
    REQUIRE(due->size() == 1);
    CHECK(due->front().payload == job.payload);
    CHECK(fixture.read<std::vector<Job>>([](StoreReader& r) { return r.sends().due(Timestamp{999}, 10); })->empty());
    CHECK(fixture.read<std::vector<Job>>([](StoreReader& r) { return r.media().due(Timestamp{1000}, 10); })->empty());
    const auto claim = [&] {
        return fixture.write<void>([&](StoreWriter& writer) {
            return writer.sends().claim(job.entry, {}, QStringLiteral("waiting"), QStringLiteral("calling"),
                                        Timestamp{2000});
        });
    };
    CHECK(claim());
    CHECK(claim().error().code == ErrorCode::conflict);
    const auto found = fixture.read<std::optional<Job>>(
        [](StoreReader& reader) { return reader.sends().byCallback(QStringLiteral("0011")); });
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->state == QStringLiteral("calling"));
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) { return writer.sends().remove(job.entry); }));
    CHECK(*fixture.read<qint64>([](StoreReader& reader) { return reader.sends().count(); }) == 0);
}

TEST_CASE("a refresh token is spent once, and a family ends")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    Account account{fixture.random.id<UserId>(), QStringLiteral("thandi"), QStringLiteral("Thandi N."),
                    QStringLiteral("agent"),     QStringLiteral("Claims"), QStringLiteral("$argon2id$x")};
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) { return writer.accounts().put(account); }));
    Account taken = account;
    taken.id = fixture.random.id<UserId>();
    CHECK(fixture.write<void>([&](StoreWriter& w) { return w.accounts().put(taken); }).error().code ==
          ErrorCode::conflict);
    const SignIn signIn{fixture.random.bytes(16), account.id, {}, false};
    const Token token{fixture.random.bytes(32), Token::Kind::refresh, signIn.family, Timestamp{5}};
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) -> Status {
        if (const Status begun = writer.accounts().begin(signIn); !begun)
            return begun;
        return writer.accounts().issue(token);
    }));
    const auto present = [&] {
        return fixture.read<std::optional<AccountReads::Presented>>(
            [&](StoreReader& reader) { return reader.accounts().token(token.hash, Token::Kind::refresh); });
    };
    REQUIRE(present()->has_value());
    CHECK(present()->value().account.login == account.login);
    const auto spend = [&] {
        return *fixture.write<bool>([&](StoreWriter& writer) { return writer.accounts().spend(token.hash); });
    };
    CHECK(spend());
    CHECK_FALSE(spend());
    const DeviceId device = fixture.random.id<DeviceId>();
    CHECK(fixture.write<void>([&](StoreWriter& w) { return w.accounts().bindDevice(signIn.family, device); }));
    CHECK_FALSE(fixture.write<void>(
        [&](StoreWriter& w) { return w.accounts().bindDevice(signIn.family, fixture.random.id<DeviceId>()); }));
    REQUIRE(fixture.write<void>([&](StoreWriter& w) { return w.accounts().endSignInsOfDevice(device); }));
    CHECK(present()->value().signIn.ended);
    REQUIRE(fixture.write<void>([&](StoreWriter& w) { return w.accounts().sweepExpired(Timestamp{6}); }));
    CHECK_FALSE(present()->has_value());
}

TEST_CASE("grants, devices and scopes follow the log")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    Desk desk(fixture);
    desk.enrol();
    const ThreadId structure = fixture.store().organisation().structure;
    const ScopeId scope = fixture.random.id<ScopeId>();
    const auto act = [&](domain::Kind kind, const QByteArray& content) {
        REQUIRE(fixture.append({fixture.central(structure, kind, content)}).front().outcome == Outcome::accepted);
    };
    act(domain::Kind::scopeDefined,
        domain::toJson(domain::ScopeDefined{scope, domain::ScopeType::team, QStringLiteral("Claims")}));
    act(domain::Kind::grantGiven, domain::toJson(domain::Grant{desk.user(), scope}));
    const auto granted = [&] {
        return *fixture.read<bool>([&](StoreReader& r) { return r.access().hasGrant(desk.user(), scope); });
    };
    CHECK(granted());
    act(domain::Kind::grantEnded, domain::toJson(domain::Grant{desk.user(), scope}));
    CHECK_FALSE(granted());
    const auto named = fixture.read<std::optional<ScopeRow>>(
        [](StoreReader& reader) { return reader.access().scopeNamed(QStringLiteral("Claims")); });
    CHECK(named->value().scope.scope == scope);
    const auto device = [&] {
        return fixture.read<std::optional<DeviceRow>>([&](StoreReader& r) { return r.access().device(desk.device()); })
            ->value();
    };
    CHECK_FALSE(device().revoked);
    CHECK(device().publicKey == desk.key().publicKey());
    act(domain::Kind::deviceRevoked, domain::toJson(domain::DeviceRevoked{desk.device()}));
    CHECK(device().revoked);
}

TEST_CASE("a customer's message is found by phone, case and provider id")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const PersonId person = fixture.random.id<PersonId>();
    const ThreadId thread = fixture.random.id<ThreadId>();
    const ScopeId scope = fixture.random.id<ScopeId>();
    domain::PersonFacts facts;
    facts.name = QStringLiteral("Maria Jacobs");
    facts.phones = {QStringLiteral("+27825550143")};
    facts.asOf = Timestamp{100};
    EntryToAppend personEntry = fixture.central(person, domain::Kind::personFacts, domain::toJson(facts));
    personEntry.newThreadScope = scope;
    domain::ThreadOpened opened;
    opened.scope = scope;
    opened.person = person;
    opened.channel = QStringLiteral("main");
    domain::CustomerMessage message;
    message.person = person;
    message.channel = QStringLiteral("main");
    message.providerId = QStringLiteral("wamid.ABC");
    message.providerAt = Timestamp{777};
    message.type = QStringLiteral("text");
    message.text = QStringLiteral("My geyser burst");
    EntryToAppend said = fixture.central(thread, domain::Kind::customerMessage, domain::toJson(message));
    const auto results = fixture.append(
        {personEntry, fixture.central(thread, domain::Kind::threadOpened, domain::toJson(opened)), said});
    for (const AppendResult& result : results)
        REQUIRE(result.outcome == Outcome::accepted);

    const auto byPhone = fixture.read<std::optional<PersonId>>(
        [](StoreReader& reader) { return reader.people().personByPhone(QStringLiteral("+27825550143")); });
    CHECK(*byPhone == person);
    CHECK(fixture.read<domain::PersonFacts>([&](StoreReader& r) { return r.people().person(person); })->name ==
          facts.name);
    CHECK(*fixture.read<std::optional<ThreadId>>(
              [&](StoreReader& r) { return r.threads().openCase(person, QStringLiteral("main")); }) == thread);
    const auto ref = fixture.read<std::optional<MessageRef>>(
        [](StoreReader& reader) { return reader.messages().byProviderId(QStringLiteral("wamid.ABC")); });
    REQUIRE(ref->has_value());
    CHECK(ref->value().entry == said.author.entryId);
    const auto threadFacts =
        fixture.read<ThreadFacts>([&](StoreReader& reader) { return reader.threads().facts(thread); });
    CHECK(threadFacts->lastCustomerAt == Timestamp{777});
    CHECK(threadFacts->newestCustomer == ThreadSeq{2});
    CHECK(threadFacts->type == domain::ThreadType::customerCase);

    // Older facts that arrive late do not replace newer ones; statuses never go back.
    domain::PersonFacts older = facts;
    older.name = QStringLiteral("Old name");
    older.asOf = Timestamp{50};
    domain::DeliveryUpdate read{said.author.entryId, domain::DeliveryStatus::read, Timestamp{9}, 0, {}, false};
    domain::DeliveryUpdate sent{said.author.entryId, domain::DeliveryStatus::sent, Timestamp{8}, 0, {}, false};
    (void)fixture.append({fixture.central(person, domain::Kind::personFacts, domain::toJson(older)),
                          fixture.central(thread, domain::Kind::deliveryStatus, domain::toJson(read)),
                          fixture.central(thread, domain::Kind::deliveryStatus, domain::toJson(sent))});
    CHECK(fixture.read<domain::PersonFacts>([&](StoreReader& r) { return r.people().person(person); })->name ==
          facts.name);
    const auto delivery = fixture.read<std::optional<domain::DeliveryStatus>>(
        [&](StoreReader& reader) { return reader.messages().delivery(said.author.entryId); });
    CHECK(delivery->value() == domain::DeliveryStatus::read);
    CHECK(*fixture.read<bool>(
        [&](StoreReader& r) { return r.messages().statusLogged(said.author.entryId, domain::DeliveryStatus::sent); }));
    CHECK_FALSE(*fixture.read<bool>([&](StoreReader& r) {
        return r.messages().statusLogged(said.author.entryId, domain::DeliveryStatus::failed);
    }));
}

TEST_CASE("the feed gives each scope its entries, in order and within limits")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    Desk desk(fixture);
    const auto mine = fixture.openRoom();
    const auto other = fixture.openRoom();
    std::vector<EntryToAppend> entries;
    for (int i = 0; i < 40; ++i)
        entries.push_back(desk.say(i % 2 ? mine.thread : other.thread, QStringLiteral("entry %1").arg(i)));
    (void)fixture.append(std::move(entries));
    const quint64 size = fixture.read<LogHead>([](StoreReader& r) { return r.feed().head(); })->size;
    quint64 from = 0;
    std::vector<quint64> seen;
    for (bool more = true; more;) {
        const auto page = fixture.read<FeedPage>([&](StoreReader& reader) {
            const ScopeId scopes[] = {mine.scope};
            return reader.feed().entriesAfter(scopes, from, size, 7, 1 << 20);
        });
        REQUIRE(page);
        CHECK(page->entries.size() <= 7);
        for (const FeedEntry& entry : page->entries) {
            CHECK(entry.scope == mine.scope);
            CHECK(entry.content.has_value());
            seen.push_back(entry.pos.value);
        }
        REQUIRE(page->scannedTo > from);
        from = page->scannedTo;
        more = page->more;
    }
    CHECK(seen.size() == 21); // thread.opened and 20 messages
    CHECK(std::is_sorted(seen.begin(), seen.end()));
    CHECK(from == size);
    const auto one = fixture.read<FeedPage>(
        [&](StoreReader& reader) { return reader.feed().entriesOfScope(other.scope, 0, size, 100, 1); });
    CHECK(one->entries.size() == 1);
    CHECK(one->more);
    const auto none = fixture.read<FeedPage>(
        [&](StoreReader& reader) { return reader.feed().entriesAfter({}, 0, size, 100, 1 << 20); });
    CHECK(none->entries.empty());
}

TEST_CASE("a blob goes in by chunks, resumes, and comes out by ranges; a wrong hash keeps nothing")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    const QByteArray bytes = fixture.random.bytes(blobChunkBytes * 2 + 12345);
    BlobFacts facts;
    facts.id = fixture.random.id<BlobId>();
    facts.thread = room.thread;
    facts.size = bytes.size();
    facts.mime = QStringLiteral("image/jpeg");
    facts.sha256 = sha256({bytes});
    const auto begin = [&](const BlobFacts& of) {
        return fixture.write<BlobFacts>([&](StoreWriter& writer) { return writer.blobs().begin(of); });
    };
    const auto put = [&](const BlobId& id, qint64 index) {
        return await<BlobFacts>([&](auto done) {
            fixture.store().putBlobChunk(id, index, bytes.mid(index * blobChunkBytes, blobChunkBytes), std::move(done));
        });
    };
    REQUIRE(begin(facts));
    CHECK(put(facts.id, 1).error().code == ErrorCode::conflict);
    CHECK(put(facts.id, 0)->nextChunk == 1);
    CHECK(begin(facts)->nextChunk == 1);
    CHECK(put(facts.id, 0)->nextChunk == 1);
    CHECK(put(facts.id, 1)->nextChunk == 2);
    const auto range = [&](qint64 offset, qint64 length) {
        return fixture.read<QByteArray>([&](StoreReader& r) { return r.blobs().range(facts.id, offset, length); });
    };
    CHECK(range(0, 10).error().code == ErrorCode::notFound); // not complete yet
    const auto last = put(facts.id, 2);
    REQUIRE(last);
    CHECK(last->complete);
    CHECK(*range(0, bytes.size()) == bytes);
    CHECK(*range(blobChunkBytes - 3, 7) == bytes.mid(blobChunkBytes - 3, 7));
    CHECK(range(bytes.size(), 5)->isEmpty());
    CHECK_FALSE(range(bytes.size() + 1, 5));

    BlobFacts wrong = facts;
    wrong.id = fixture.random.id<BlobId>();
    wrong.sha256 = sha256({"something else"});
    REQUIRE(begin(wrong));
    REQUIRE(put(wrong.id, 0));
    REQUIRE(put(wrong.id, 1));
    CHECK(put(wrong.id, 2).error().code == ErrorCode::invalidInput);
    CHECK_FALSE(fixture.read<BlobFacts>([&](StoreReader& r) { return r.blobs().facts(wrong.id); }));

    // A message that names it keeps it from the sweep.
    BlobFacts orphan = facts;
    orphan.id = fixture.random.id<BlobId>();
    REQUIRE(begin(orphan));
    domain::RoomMessage message;
    message.attachments = {{facts.id, facts.size, facts.mime, QStringLiteral("a.jpg"), facts.sha256}};
    Desk desk(fixture);
    (void)fixture.append({desk.write(room.thread, domain::Kind::roomMessage, domain::toJson(message))});
    const Timestamp later{fixture.clock.now().value + 1};
    CHECK(*fixture.write<int>([&](StoreWriter& writer) { return writer.blobs().sweep(later); }) == 1);
    CHECK(*range(0, 4) == bytes.first(4));
}
