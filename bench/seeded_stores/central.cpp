#include "bench/seeded_stores/central.h"

#include "bench/support/table.h"
#include "central/seed/seeder.h"

#include <future>

namespace holdfast::bench {
namespace {

constexpr quint64 seed = 101;
constexpr qint64 day = 24LL * 60 * 60 * 1'000'000;

template <typename T>
T wait(const std::function<void(store::Done<T>)>& call)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    call([promise](Result<T> result) { promise->set_value(std::move(result)); });
    return must(future.get());
}

KnownMessage addKnownMessage(store::Store& store, const sample::World& world, Clock& clock, RandomSource& random)
{
    const KnownMessage known{
        random.id<ThreadId>(),
        {},
        QStringLiteral("The kettle scorched the worktop, policy %1").arg(world.policies.first().facts.number)};
    domain::ThreadOpened opened;
    opened.type = domain::ThreadType::customerCase;
    opened.scope = world.teams.at(world.policies.first().team).scope;
    opened.person = world.people.first().id;
    opened.channel = QStringLiteral("main");
    domain::CustomerMessage message;
    message.person = opened.person;
    message.fromName = world.people.first().facts.name;
    message.fromAddress = world.people.first().facts.phones.value(0);
    message.channel = opened.channel;
    message.providerId = QStringLiteral("wamid.SEEDED-STORE");
    message.providerAt = clock.now();
    message.type = QStringLiteral("text");
    message.text = known.text;
    store::AppendBatch batch;
    batch.entries.push_back(
        store::centralEntry(clock, random, known.thread, domain::Kind::threadOpened, domain::toJson(opened)));
    batch.entries.push_back(
        store::centralEntry(clock, random, known.thread, domain::Kind::customerMessage, domain::toJson(message)));
    const EntryId entry = batch.entries.back().author.entryId;
    const auto results =
        wait<std::vector<store::AppendResult>>([&](auto done) { store.append(std::move(batch), std::move(done)); });
    for (const store::AppendResult& result : results) {
        if (result.outcome != store::AppendResult::Outcome::accepted)
            giveUp(result.refusal.text);
    }
    return {known.thread, entry, known.text};
}

} // namespace

SeededCentral seedCentral(const QString& folder, const sample::World& world, Clock& clock, RandomSource& random)
{
    store::StoreConfig config;
    config.url = QStringLiteral("sqlcipher:%1/central.db").arg(folder);
    config.keyDirectory = folder + QStringLiteral("/keys");
    config.checkpointInterval = std::chrono::hours(1);
    SeededCentral made;
    made.organisation = must(store::Store::initialise(config, world.organisation, clock, random));
    const std::unique_ptr<store::Store> store = must(store::Store::open(config, clock, random));
    seed::Seeder seeder(*store, world, QStringLiteral("no password opens this"), seed);
    const Timestamp end = clock.now();
    must(seeder.writeWorld(Timestamp{end.value - 40 * day}));
    const auto report = must(seeder.writeHistory(end, {16, 30, 0}, [](qint64) {}));
    made.known = addKnownMessage(*store, world, clock, random);
    static_cast<void>(wait<QByteArray>([&](auto done) { store->checkpointNow(std::move(done)); }));
    std::vector<ScopeId> scopes{made.organisation.everyone};
    for (const sample::Team& team : world.teams)
        scopes.push_back(team.scope);
    made.entries = wait<store::FeedPage>([&](auto done) {
                       store->read<store::FeedPage>(
                           [&](store::StoreReader& reader) {
                               return reader.feed().entriesAfter(scopes, 0, quint64(report.entries) + 100,
                                                                 int(report.entries) + 100, 64 * 1024 * 1024);
                           },
                           std::move(done));
                   }).entries;
    return made;
}

} // namespace holdfast::bench
