// holdfast-seeded-stores --folder F: a central store and a desk of this version, with keys that are for tests only.
#include "bench/seeded_stores/central.h"
#include "bench/support/desk_maker.h"
#include "bench/support/table.h"
#include "storage/local/applier.h"
#include "storage/local/desk_settings.h"
#include "storage/local/media_store.h"
#include "storage/local/outbox.h"
#include "storage/sql/secret_bytes.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

const QString passphrase = QStringLiteral("for tests only: harbour lights");
const QString pendingText = QStringLiteral("Thank you, an assessor will call about the kettle");
const QString draftText = QStringLiteral("Dear customer, about the kettle");

std::vector<local::FeedEntry> feedOf(const SeededCentral& central)
{
    std::vector<local::FeedEntry> feed;
    for (const store::FeedEntry& entry : central.entries)
        feed.push_back({entry.header, entry.salt, entry.content});
    return feed;
}

local::DeskIdentity identityOf(const SeededCentral& central, const domain::UserProfile& me, RandomSource& random)
{
    local::DeskIdentity identity;
    identity.org = central.organisation.id;
    identity.organisation = central.organisation.name;
    identity.user = me.user;
    identity.userName = me.name;
    identity.login = me.login;
    identity.deviceSeed = random.bytes(32);
    identity.device = log::deviceOf(must(log::SigningKey::fromSeed(identity.deviceSeed)).publicKey());
    identity.logPublicKey = central.organisation.logPublicKey;
    return identity;
}

// Everything that a desk keeps, at least once: feed, outbox, draft, media, settings. Answers the waiting reply's id.
EntryId fillDesk(local::Database& database, const SeededCentral& central, const local::DeskIdentity& identity,
                 const Clock& clock, RandomSource& random, const BlobId& blob)
{
    local::DeskSettings settings(database);
    done(settings.setIdentity(identity));
    local::Applier applier(database, identity.org, identity.user);
    const local::Applied applied = valueOf(applier.apply({feedOf(central), {}, QByteArrayLiteral("seeded-cursor")}));
    if (applied.fault)
        giveUp(applied.fault->what);
    local::MediaStore media(database, clock);
    const QByteArray photo(3000, 'm');
    done(media.put(blob, photo, sha256({photo})));
    done(settings.saveDraft(central.known.thread, false, draftText));
    const log::SigningKey key = must(log::SigningKey::fromSeed(identity.deviceSeed));
    local::Outbox outbox(database, {identity.org, identity.user, identity.device}, key, random, clock);
    domain::AgentReply reply;
    reply.text = pendingText;
    return valueOf(
        outbox.put({central.known.thread, domain::Kind::agentReply, domain::toJson(reply), {}, std::nullopt}));
}

void writeExpected(const QString& file, const SeededCentral& central, const EntryId& pending, const BlobId& blob,
                   const UserId& user, const sample::World& world)
{
    const QJsonObject expected{
        {QStringLiteral("passphrase"), passphrase},
        {QStringLiteral("organisation"), central.organisation.id.toHexString()},
        {QStringLiteral("user"), user.toHexString()},
        {QStringLiteral("deskEntries"), qint64(central.entries.size())},
        {QStringLiteral("thread"), central.known.thread.toHexString()},
        {QStringLiteral("message"), central.known.entry.toHexString()},
        {QStringLiteral("messageText"), central.known.text},
        {QStringLiteral("pending"), pending.toHexString()},
        {QStringLiteral("pendingText"), pendingText},
        {QStringLiteral("draft"), draftText},
        {QStringLiteral("blob"), blob.toHexString()},
        {QStringLiteral("holder"), world.people.at(world.policies.first().holder).id.toHexString()},
        {QStringLiteral("policy"), world.policies.first().id.toHexString()},
    };
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(QJsonDocument(expected).toJson()) < 0)
        giveUp(QStringLiteral("expected.json could not be written."));
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QString folder = QDir(option("--folder", QStringLiteral("."))).absolutePath();
    const local::DeskFiles files{folder + QStringLiteral("/desk")};
    if (!QDir().mkpath(folder + QStringLiteral("/central")) || !QDir().mkpath(files.folder))
        giveUp(QStringLiteral("The folder could not be made."));
    SystemClock clock;
    SystemRandom random;
    const sample::World world = sample::makeWorld(101, clock.now(), {5, 6});
    const SeededCentral central = seedCentral(folder + QStringLiteral("/central"), world, clock, random);
    const local::DeskIdentity identity = identityOf(central, world.staff.first(), random);
    const QByteArray key = random.bytes(32);
    const BlobId blob = random.id<BlobId>();
    must(local::KeySlots(files.keys(), random, floorCost).create(sql::SecretBytes::copyOf(key), passphrase));
    const auto database = must(local::Database::create(files, sql::SecretBytes::copyOf(key)));
    const EntryId pending = fillDesk(*database, central, identity, clock, random, blob);
    writeExpected(folder + QStringLiteral("/expected.json"), central, pending, blob, identity.user, world);
    return 0;
}
