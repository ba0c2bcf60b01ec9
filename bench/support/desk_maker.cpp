#include "bench/support/desk_maker.h"

#include "bench/support/table.h"
#include "storage/local/applier.h"
#include "storage/local/desk_settings.h"
#include "storage/sql/secret_bytes.h"

#include <QDir>

namespace holdfast::bench {
namespace {

constexpr size_t feedEntries = 2000; // of one answer of the feed

local::DeskIdentity identityOf(const SampleLog& source, RandomSource& random)
{
    const domain::UserProfile& me = source.world().staff.first();
    local::DeskIdentity identity;
    identity.org = source.org();
    identity.organisation = source.world().organisation;
    identity.user = me.user;
    identity.userName = me.name;
    identity.login = me.login;
    identity.deviceSeed = random.bytes(32);
    identity.device = log::deviceOf(must(log::SigningKey::fromSeed(identity.deviceSeed)).publicKey());
    identity.logPublicKey = must(log::SigningKey::fromSeed(random.bytes(32))).publicKey();
    return identity;
}

} // namespace

SampleLog sampleLogOf(const DeskOptions& options)
{
    return {options.size, options.seed};
}

local::DeskFiles filesOf(const DeskOptions& options, const SampleLog& source)
{
    return local::DeskDirectory(options.folder).filesOf(source.org(), source.me());
}

MadeDesk makeDesk(const DeskOptions& options, SampleLog& source, RandomSource& random)
{
    QDir().mkpath(options.folder);
    const local::DeskIdentity identity = identityOf(source, random);
    const local::DeskFiles files =
        must(local::DeskDirectory(options.folder)
                 .prepare({identity.org, identity.organisation, identity.user, identity.userName, identity.login,
                           QUrl(QStringLiteral("http://127.0.0.1:9"))}));
    const QByteArray key = random.bytes(32);
    must(local::KeySlots(files.keys(), random, floorCost).create(sql::SecretBytes::copyOf(key), options.passphrase));
    const auto database = must(local::Database::create(files, sql::SecretBytes::copyOf(key)));
    done(local::DeskSettings(*database).setIdentity(identity));
    local::Applier applier(*database, identity.org, identity.user);
    Sealer sealer;
    MadeDesk made;
    for (bool more = true; more;) {
        local::FeedBatch batch;
        while (batch.entries.size() < feedEntries) {
            const std::optional<Written> entry = source.next();
            more = entry.has_value();
            if (!more)
                break;
            made.messages += entry->isMessage ? 1 : 0;
            batch.entries.push_back(sealer.seal(*entry));
        }
        made.entries += qint64(batch.entries.size());
        const Stopwatch watch;
        const local::Applied applied = valueOf(applier.apply(std::move(batch)));
        made.seconds += watch.seconds();
        if (applied.fault)
            giveUp(applied.fault->what);
    }
    return made;
}

} // namespace holdfast::bench
