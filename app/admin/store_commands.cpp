// init, sample, verify, export: what works on the store itself.
#include "app/admin/api_client.h"
#include "app/admin/commands.h"
#include "app/admin/remote.h"
#include "app/admin/store_access.h"
#include "central/api/passwords.h"
#include "central/api/verify_report.h"
#include "central/seed/seeder.h"
#include "central/store/offline.h"

#include <QFile>
#include <QJsonArray>
#include <QSaveFile>

#include <cstdio>

namespace holdfast::admin {
namespace {

constexpr qsizetype shortestPassword = 10;

// All of what `compose` gives, or nothing.
Status appendAll(store::Store& store, decltype(store::AppendBatch::compose) compose)
{
    store::AppendBatch batch;
    batch.allOrNothing = true;
    batch.compose = std::move(compose);
    auto results = waitFor<std::vector<store::AppendResult>>(
        [&store, &batch](auto done) { store.append(std::move(batch), done); });
    if (!results)
        return tl::unexpected(results.error());
    return {};
}

store::EntryToAppend profileEntry(store::Store& store, const store::Account& account)
{
    const domain::UserProfile profile{account.id,   account.login, account.name,
                                      account.role, account.team,  account.active};
    return store::centralEntry(store.clock(), store.random(), store.organisation().structure, domain::Kind::userProfile,
                               domain::toJson(profile));
}

// The first administrator, as account and as entry.
Status addFirstAdministrator(store::Store& store, const store::Account& account)
{
    return appendAll(store, [&store, account](store::StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        if (const Status put = writer.accounts().put(account); !put)
            return tl::unexpected(put.error());
        return std::vector{profileEntry(store, account)};
    });
}

// Whoever holds the store and its keys may do this, and the audit says that it was done without an administrator.
Status recoverAdministrator(store::Store& store, const QString& login, const QString& hash)
{
    const auto compose = [&](store::StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        auto known = writer.accounts().byLogin(login);
        if (!known)
            return tl::unexpected(known.error());
        if (!*known || (*known)->role != QStringLiteral("administrator"))
            return fail(ErrorCode::notFound, QStringLiteral("There is no administrator with this login."));
        store::Account account = **known;
        account.active = true;
        account.passwordHash = hash;
        Status status = writer.accounts().put(account);
        if (status)
            status = writer.accounts().endSignInsOf(account.id);
        if (!status)
            return tl::unexpected(status.error());
        const QJsonObject act{{QStringLiteral("act"), QStringLiteral("administrator.recovered")},
                              {QStringLiteral("user"), account.id.toHexString()}};
        return std::vector{profileEntry(store, account),
                           store::centralEntry(store.clock(), store.random(), store.organisation().auditThread,
                                               domain::Kind::administered, domain::toJson(domain::RecordedAct{act}))};
    };
    return appendAll(store, compose);
}

// Those who can go through central are told so.
Error orThroughCentral(const Error& error)
{
    if (error.code != ErrorCode::busy)
        return error;
    return {error.code, QStringLiteral("Central is running on this store. Go through it with --login LOGIN, or stop it "
                                       "first.")};
}

Result<QString> hashed(const Arguments& arguments, RandomSource& random, const QString& prompt)
{
    auto password = readNewSecret(arguments, QStringLiteral("password"), prompt);
    if (!password)
        return password;
    if (password->size() < shortestPassword)
        return fail(ErrorCode::invalidInput, QStringLiteral("A password needs at least 10 characters."));
    const api::PasswordHasher hasher({}, random, 0);
    return hasher.hashNow(*password);
}

void printReport(const QJsonObject& report)
{
    const auto count = [&report](const char* name) {
        return static_cast<long long>(report.value(QLatin1StringView(name)).toDouble());
    };
    std::printf("entries %lld, contents %lld, erased %lld, signatures %lld, heads %lld, checkpoints %lld, blobs %lld, "
                "anchors %lld\n",
                count("entries"), count("contents"), count("erased"), count("signatures"), count("heads"),
                count("checkpoints"), count("blobs"), count("anchors"));
    for (const auto& value : report.value(QStringLiteral("findings")).toArray()) {
        const QJsonObject finding = value.toObject();
        const QString where = finding.contains(QStringLiteral("pos"))
                                  ? QStringLiteral("position %1, entry %2")
                                        .arg(finding.value(QStringLiteral("pos")).toDouble(), 0, 'f', 0)
                                        .arg(finding.value(QStringLiteral("entry")).toString())
                                  : QStringLiteral("store");
        std::printf("%s: %s\n", qUtf8Printable(where),
                    qUtf8Printable(finding.value(QStringLiteral("what")).toString()));
    }
}

Status conclude(const QJsonObject& report)
{
    printReport(report);
    if (report.value(QStringLiteral("good")).toBool()) {
        std::printf("All of it is as it was written.\n");
        return {};
    }
    return fail(ErrorCode::corrupt,
                QStringLiteral("Not as written: %1. Keep the store as it is and tell whoever is responsible for "
                               "it.")
                    .arg(report.value(QStringLiteral("finding_count")).toDouble(), 0, 'f', 0));
}

Status verifyOffline(const config::Config& config, const QString& anchors)
{
    SystemClock clock;
    SystemRandom random;
    auto report = store::verifyOffline(storeConfigOf(config), clock, random, anchors);
    if (!report)
        return tl::unexpected(orThroughCentral(report.error()));
    return conclude(api::reportObject(*report));
}

} // namespace

Result<config::Config> configOf(const Arguments& arguments)
{
    auto file = arguments.required(QStringLiteral("config"));
    if (!file)
        return tl::unexpected(file.error());
    return config::loadConfig(*file);
}

store::StoreConfig storeConfigOf(const config::Config& config)
{
    store::StoreConfig out;
    out.url = config.storeUrl;
    out.keyDirectory = config.keyDirectory;
    out.signerFile = config.signerFile;
    out.anchorDirectory = config.anchorDirectory;
    return out;
}

Status initCommand(const QStringList& words)
{
    auto arguments = Arguments::parse(words, {QStringLiteral("config"), QStringLiteral("name"), QStringLiteral("login"),
                                              QStringLiteral("admin"), QStringLiteral("password-file")});
    if (!arguments)
        return tl::unexpected(arguments.error());
    auto config = configOf(*arguments);
    auto name = arguments->required(QStringLiteral("name"));
    auto login = arguments->required(QStringLiteral("login"));
    for (const Error* error :
         {config ? nullptr : &config.error(), name ? nullptr : &name.error(), login ? nullptr : &login.error()}) {
        if (error)
            return tl::unexpected(*error);
    }
    SystemClock clock;
    SystemRandom random;
    auto hash = hashed(*arguments, random, QStringLiteral("Password of the first administrator"));
    if (!hash)
        return tl::unexpected(hash.error());
    const auto storeConfig = storeConfigOf(*config);
    auto organisation = store::Store::initialise(storeConfig, *name, clock, random);
    if (!organisation)
        return tl::unexpected(organisation.error());
    auto store = store::Store::open(storeConfig, clock, random);
    if (!store)
        return tl::unexpected(store.error());
    const store::Account account{random.id<UserId>(),
                                 login->toLower(),
                                 arguments->option(QStringLiteral("admin"), *login),
                                 QStringLiteral("administrator"),
                                 {},
                                 *hash,
                                 true};
    if (const Status added = addFirstAdministrator(**store, account); !added)
        return added;
    std::printf(
        "Made the organisation %s.\nLog key: %s\nBack up the key directory apart from the store; without it, nothing "
        "can be read:\n  %s\n",
        qUtf8Printable(organisation->id.toHexString()), organisation->logPublicKey.toHex().constData(),
        qUtf8Printable(config->keyDirectory));
    return {};
}

Status recoverCommand(const QStringList& words)
{
    auto arguments =
        Arguments::parse(words, {QStringLiteral("config"), QStringLiteral("login"), QStringLiteral("password-file")});
    if (!arguments)
        return tl::unexpected(arguments.error());
    auto config = configOf(*arguments);
    auto login = arguments->required(QStringLiteral("login"));
    if (!config || !login)
        return tl::unexpected(config ? login.error() : config.error());
    SystemClock clock;
    SystemRandom random;
    auto hash = hashed(*arguments, random, QStringLiteral("New password of the administrator"));
    if (!hash)
        return tl::unexpected(hash.error());
    auto store = store::Store::open(storeConfigOf(*config), clock, random);
    if (!store)
        return tl::unexpected(store.error());
    if (const Status recovered = recoverAdministrator(**store, login->toLower(), *hash); !recovered)
        return recovered;
    std::printf("%s can sign in with the new password. It is in the audit that this was done on the store.\n",
                qUtf8Printable(*login));
    return {};
}

Status sampleCommand(const QStringList& words)
{
    auto arguments = Arguments::parse(words, {QStringLiteral("config"), QStringLiteral("messages"),
                                              QStringLiteral("seed"), QStringLiteral("days"),
                                              QStringLiteral("password-file"), QStringLiteral("policies-out")});
    if (!arguments)
        return tl::unexpected(arguments.error());
    auto config = configOf(*arguments);
    if (!config)
        return tl::unexpected(config.error());
    auto messages = arguments->number(QStringLiteral("messages"), 20000, 0, 20'000'000);
    auto seed = arguments->number(QStringLiteral("seed"), 7, 0, std::numeric_limits<qint32>::max());
    auto days = arguments->number(QStringLiteral("days"), 120, 1, 3650);
    for (const auto* number : {&messages, &seed, &days}) {
        if (!*number)
            return tl::unexpected(number->error());
    }
    SystemClock clock;
    SystemRandom random;
    auto hash = hashed(*arguments, random, QStringLiteral("Password of the sample accounts"));
    if (!hash)
        return tl::unexpected(hash.error());
    auto store = store::Store::open(storeConfigOf(*config), clock, random);
    if (!store)
        return tl::unexpected(store.error());
    const Timestamp now = clock.now();
    const auto people = static_cast<int>(std::max<qint64>(300, *messages / 66));
    const sample::World world = sample::makeWorld(static_cast<quint64>(*seed), now, {people, people * 5 / 3});
    seed::Seeder seeder(**store, world, *hash, static_cast<quint64>(*seed));
    if (const Status written = seeder.writeWorld(Timestamp{now.value - *days * 24 * 3600 * 1000000LL}); !written)
        return written;
    auto report = seeder.writeHistory(now, {*messages, static_cast<int>(*days), 20}, [](qint64 count) {
        std::fprintf(stderr, "%lld messages\n", static_cast<long long>(count));
    });
    if (!report)
        return tl::unexpected(report.error());
    if (const QString file = arguments->option(QStringLiteral("policies-out")); !file.isEmpty()) {
        QSaveFile out(file);
        if (!out.open(QIODevice::WriteOnly) || out.write(sample::policyFile(world)) < 0 || !out.commit())
            return fail(ErrorCode::io, QStringLiteral("The policy file could not be written."));
    }
    std::printf("%lld entries, %lld messages, %lld photos and documents\n", static_cast<long long>(report->entries),
                static_cast<long long>(report->messages), static_cast<long long>(report->files));
    return {};
}

Status verifyCommand(const QStringList& words)
{
    const QString anchors = QStringLiteral("anchors");
    auto arguments = Arguments::parse(words, remoteOptions() + QStringList{anchors});
    if (!arguments)
        return tl::unexpected(arguments.error());
    if (arguments->has(QStringLiteral("login"))) {
        if (arguments->has(anchors))
            return fail(ErrorCode::invalidInput,
                        QStringLiteral("--anchors works on the store itself: leave --login out, "
                                       "or use holdfast-verify --anchors on an export."));
        auto client = connectTo(*arguments);
        if (!client)
            return tl::unexpected(client.error());
        auto report = (*client)->post(QStringLiteral("/v1/verify"), {});
        if (!report)
            return tl::unexpected(report.error());
        return conclude(*report);
    }
    auto config = configOf(*arguments);
    if (!config)
        return tl::unexpected(config.error());
    return verifyOffline(*config, arguments->option(anchors, config->anchorDirectory));
}

Status exportCommand(const QStringList& words)
{
    auto arguments =
        Arguments::parse(words, remoteOptions() + QStringList{QStringLiteral("format"), QStringLiteral("out")});
    if (!arguments)
        return tl::unexpected(arguments.error());
    auto file = arguments->required(QStringLiteral("out"));
    if (!file)
        return tl::unexpected(file.error());
    if (arguments->option(QStringLiteral("format"), QStringLiteral("jsonl")) != QStringLiteral("jsonl"))
        return fail(ErrorCode::invalidInput, QStringLiteral("The only format is jsonl."));
    // Written beside and renamed at the end: a file with the asked name is always a whole export.
    QSaveFile out(*file);
    if (!out.open(QIODevice::WriteOnly))
        return fail(ErrorCode::io, QStringLiteral("The file of --out cannot be written."));
    const Error unwritten{ErrorCode::io, QStringLiteral("The export could not be written: is the disk full?")};
    if (arguments->has(QStringLiteral("login"))) {
        auto client = connectTo(*arguments);
        if (!client)
            return tl::unexpected(client.error());
        bool written = true;
        const Status whole = (*client)->download(QStringLiteral("/v1/export"), [&](QByteArrayView lines) {
            written = out.write(lines.data(), lines.size()) == lines.size();
            return written;
        });
        if (!written)
            return tl::unexpected(unwritten);
        if (!whole)
            return whole;
    } else {
        auto config = configOf(*arguments);
        if (!config)
            return tl::unexpected(config.error());
        SystemClock clock;
        SystemRandom random;
        const auto write = [&](QByteArrayView line) -> Status {
            if (out.write(line.data(), line.size()) == line.size())
                return {};
            return tl::unexpected(unwritten);
        };
        auto count = store::exportOffline(storeConfigOf(*config), clock, random, write);
        if (!count)
            return tl::unexpected(orThroughCentral(count.error()));
    }
    if (!out.commit())
        return tl::unexpected(unwritten);
    std::printf("The whole log is in %s. holdfast-verify checks it, with the log's key: holdfast-admin log-key show.\n",
                qUtf8Printable(*file));
    return {};
}

} // namespace holdfast::admin
