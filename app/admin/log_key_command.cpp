// log-key: shows the log's public key, and changes it.
#include "app/admin/api_client.h"
#include "app/admin/commands.h"
#include "app/admin/store_access.h"
#include "models/log/checkpoint.h"

#include <cstdio>

namespace holdfast::admin {
namespace {

Result<std::unique_ptr<store::Store>> openStore(const store::StoreConfig& config, Clock& clock, RandomSource& random)
{
    return store::Store::open(config, clock, random);
}

// Everything so far, signed by the key that the store was opened with.
Status signAll(store::Store& store)
{
    auto note = waitFor<QByteArray>([&store](auto done) { store.checkpointNow(std::move(done)); });
    if (!note)
        return tl::unexpected(note.error());
    return {};
}

void printKey(const store::Store& store)
{
    std::printf("Log key: %s\n", store.keys().logKey().publicKey().toHex().constData());
    std::printf("It was changed %zu times.\n", store.keys().handovers().size());
}

Status rotate(const store::StoreConfig& config)
{
    SystemClock clock;
    SystemRandom random;
    OrgId org;
    {
        auto store = openStore(config, clock, random);
        if (!store)
            return tl::unexpected(store.error());
        org = (*store)->organisation().id;
        if (const Status all = signAll(**store); !all)
            return all;
    }
    if (const Status changed = store::Keyring::changeLogKey(config.keyDirectory, config.signerFile, org, random);
        !changed)
        return changed;
    auto store = openStore(config, clock, random);
    if (!store)
        return tl::unexpected(store.error());
    if (const Status all = signAll(**store); !all)
        return all;
    printKey(**store);
    std::printf(
        "The old key's file is gone: nobody can sign with it any more. Desks follow by themselves. Give the new "
        "key to whoever verifies exports, back up the key directory, and start every central with it.\n");
    return {};
}

Status showOf(const QString& server, const QString& ca)
{
    ApiClient central(server, ca);
    const auto about = central.get(QStringLiteral("/v1/organisation"));
    if (!about)
        return tl::unexpected(about.error());
    std::printf("Log key: %s\n", qUtf8Printable(about->value(QStringLiteral("log_key")).toString()));
    return {};
}

Status show(const store::StoreConfig& config)
{
    SystemClock clock;
    SystemRandom random;
    auto store = openStore(config, clock, random);
    if (!store)
        return tl::unexpected(store.error());
    printKey(**store);
    return {};
}

} // namespace

Status logKeyCommand(const QStringList& words)
{
    auto arguments =
        Arguments::parse(words, {QStringLiteral("config"), QStringLiteral("server"), QStringLiteral("ca")});
    if (!arguments)
        return tl::unexpected(arguments.error());
    const QString server = arguments->option(QStringLiteral("server"));
    if (!server.isEmpty() && arguments->words() == QStringList{QStringLiteral("show")})
        return showOf(server, arguments->option(QStringLiteral("ca")));
    auto config = configOf(*arguments);
    if (!config)
        return tl::unexpected(config.error());
    const QStringList& act = arguments->words();
    if (act == QStringList{QStringLiteral("rotate")})
        return rotate(storeConfigOf(*config));
    if (act == QStringList{QStringLiteral("show")})
        return show(storeConfigOf(*config));
    return fail(ErrorCode::invalidInput, QStringLiteral("Say log-key show or log-key rotate."));
}

} // namespace holdfast::admin
