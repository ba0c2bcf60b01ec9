// holdfast-bench-catch-up [--messages N]: a new desk beside the sample insurer's central, on both stores.
#include "bench/central/central_process.h"
#include "bench/central/console.h"
#include "bench/central/load.h"
#include "bench/support/table.h"
#include "central/api/passwords.h"
#include "central/seed/seeder.h"
#include "models/log/signing.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <future>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

const QString password = QStringLiteral("correct horse battery");

// So that one desk misses nearly all of the log.
void grantEveryTeam(TemporaryStore& store, const UserId& user)
{
    std::promise<Result<std::vector<store::ScopeRow>>> read;
    store.store().read<std::vector<store::ScopeRow>>(
        [](store::StoreReader& reader) { return reader.access().scopes(); },
        [&read](Result<std::vector<store::ScopeRow>> rows) { read.set_value(std::move(rows)); });
    store::AppendBatch batch;
    for (const store::ScopeRow& row : must(read.get_future().get())) {
        if (row.scope.type == domain::ScopeType::team)
            batch.entries.push_back(
                store::centralEntry(store.clock(), store.random(), store.store().organisation().structure,
                                    domain::Kind::grantGiven, domain::toJson(domain::Grant{user, row.scope.scope})));
    }
    std::promise<Status> appended;
    store.store().append(std::move(batch), [&appended](const Result<std::vector<store::AppendResult>>& results) {
        appended.set_value(results ? Status() : tl::unexpected(results.error()));
    });
    must(appended.get_future().get());
}

QString fill(TemporaryStore& store, qint64 messages)
{
    const Timestamp now = store.clock().now();
    const auto people = static_cast<int>(std::max<qint64>(300, messages / 66));
    const sample::World world = sample::makeWorld(7, now, {people, people * 5 / 3});
    const api::PasswordHasher hasher({8 * 1024, 1, 1}, store.random(), 1);
    seed::Seeder seeder(store.store(), world, must(hasher.hashNow(password)), 7);
    constexpr int days = 120;
    must(seeder.writeWorld(Timestamp{now.value - days * 24 * 3600 * 1'000'000LL}));
    static_cast<void>(must(seeder.writeHistory(now, {messages, days, 0}, [](qint64) {})));
    grantEveryTeam(store, world.staff.first().user);
    return world.staff.first().login;
}

struct Fed
{
    qint64 entries = 0;
    double seconds = 0;
};

// The same feed, taken by nobody in particular: what central and the wire alone need.
Fed takeFeed(quint16 port, const QString& login)
{
    QByteArray token;
    Fed fed;
    bool bound = false; // the token to a device, without which nothing is fed
    bool ended = false;
    const log::SigningKey key = must(log::SigningKey::fromSeed(SystemRandom().bytes(32)));
    std::unique_ptr<Load> load;
    std::optional<Stopwatch> watch;
    const auto ask = [&](const QByteArray& cursor) {
        load->send(0, postRequest("/v1/changes", token,
                                  cursor.isEmpty() ? QByteArray("{}") : "{\"cursor\":\"" + cursor + "\"}"));
    };
    load = std::make_unique<Load>(port, [&](size_t, const LoadAnswer& answer) {
        if (answer.status != 200)
            giveUp(QStringLiteral("Central answered %1.").arg(answer.status));
        if (token.isEmpty()) {
            token = QJsonDocument::fromJson(answer.body).object().value(QStringLiteral("token")).toString().toLatin1();
            return load->send(0, postRequest("/v1/devices", token,
                                             "{\"public_key\":\"" + key.publicKey().toHex() +
                                                 "\",\"name\":\"bench\",\"proof\":\"" +
                                                 key.sign(log::deviceMessage(token)).toBase64() + "\"}"));
        }
        if (!std::exchange(bound, true)) {
            watch.emplace();
            return ask({});
        }
        fed.entries += answer.body.count("{\"header\":");
        static constexpr QByteArrayView name = "\"cursor\":\"";
        const qsizetype at = answer.body.lastIndexOf(name) + name.size();
        ended = answer.body.lastIndexOf("\"more\":true") < 0;
        fed.seconds = watch->seconds();
        if (!ended)
            ask(answer.body.mid(at, answer.body.indexOf('"', at) - at));
    });
    static_cast<void>(load->connect());
    load->send(0, postRequest("/v1/sign-in", {},
                              QJsonDocument(
                                  QJsonObject{{QStringLiteral("login"), login}, {QStringLiteral("password"), password}})
                                  .toJson(QJsonDocument::Compact)));
    load->run([&] { return ended; });
    return fed;
}

void measure(const QString& name, const QString& cluster, qint64 messages)
{
    TemporaryStore store(cluster);
    const QString login = fill(store, messages);
    const CentralProcess central(store);
    const Fed fed = takeFeed(central.internalPort(), login);
    Console console(central.internalPort(), login, password);
    const Stopwatch watch;
    bool caughtUp = false;
    bool began = false;
    QObject context;
    QObject::connect(&console.desk().news, &views::DeskNews::syncStateChanged, &context,
                     [&](const views::SyncState& state) {
                         began = began || state.catchingUp;
                         caughtUp = began && state.link == views::SyncState::Link::online && !state.catchingUp;
                     });
    processUntil([&] { return caughtUp; }, 600);
    const double seconds = watch.seconds();
    // Searchable: the newest message there is is found.
    views::SearchQuery query;
    query.text = QStringLiteral("claim");
    const auto found = console.desk().reader.search(query);
    processUntil([&] { return found.isFinished(); }, 60);
    if (must(found.result()).hits.isEmpty())
        giveUp(QStringLiteral("What was caught up is not found by search."));
    print({name,
           QStringLiteral("%1 s for %2 entries, %3")
               .arg(number(seconds, 1), number(double(fed.entries)), perSecond(double(fed.entries), seconds)),
           QStringLiteral("%1 (the same feed taken and thrown away)").arg(perSecond(double(fed.entries), fed.seconds)),
           ratioOf(fed.seconds, seconds), QStringLiteral("< 10 s for 100,000")});
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const qint64 messages = option("--messages", 60000);
    const QString cluster = qEnvironmentVariable("HOLDFAST_TEST_PG");
    if (!cluster.isEmpty())
        measure(QStringLiteral("catch up from central to searchable, PostgreSQL"), cluster, messages);
    measure(QStringLiteral("catch up from central to searchable, embedded store"), QString(), messages);
    return 0;
}
