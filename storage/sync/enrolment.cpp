#include "storage/sync/enrolment.h"

#include "storage/sql/secret_bytes.h"
#include "storage/sync/setting_names.h"

#include <QDateTime>
#include <QDir>
#include <QSysInfo>

namespace holdfast::sync {
namespace {

constexpr qsizetype shortestPassphrase = 8;
constexpr qsizetype keyBytes = 32;

Result<Tokens> signIn(Transport& transport, const Credentials& credentials)
{
    const Outcome<Tokens> tokens =
        readTokens(transport.send(signInRequest(credentials.login, credentials.password)).result());
    if (tokens)
        return *tokens;
    if (tokens.error().status == 401)
        return fail(ErrorCode::denied, QStringLiteral("The sign-in name or the password is not right. Check both."));
    return tl::unexpected(tokens.error().error);
}

Result<DeviceId> registerDevice(Transport& transport, const QByteArray& token, const log::SigningKey& key)
{
    const QString name = QSysInfo::machineHostName().left(100);
    const Outcome<DeviceId> device = readDevice(transport.send(enrolRequest(token, key, name)).result());
    if (!device)
        return tl::unexpected(device.error().error);
    if (*device != log::deviceOf(key.publicKey()))
        return fail(ErrorCode::invalidInput, QStringLiteral("Central registered another device than this one. "
                                                            "Ask your administrator."));
    return *device;
}

} // namespace

Outcome<Organisation> askOrganisation(Transport& transport)
{
    Outcome<Organisation> organisation = readOrganisation(transport.send(organisationRequest()).result());
    if (!organisation && organisation.error().status != 0)
        organisation.error().error = {ErrorCode::invalidInput,
                                      QStringLiteral("There is no Holdfast at this address. Check it with your "
                                                     "administrator.")};
    return organisation;
}

Enrolment::Enrolment(const local::DeskDirectory& directory, RandomSource& random,
                     std::optional<local::PassphraseCost> cost)
    : directory_(directory), random_(random), cost_(cost)
{}

Result<UnlockedDesk> Enrolment::enrol(Transport& transport, const Credentials& credentials,
                                      const QString& passphrase) const
{
    if (passphrase.size() < shortestPassphrase)
        return fail(ErrorCode::invalidInput, QStringLiteral("The passphrase needs at least eight characters."));
    const Outcome<Organisation> organisation = askOrganisation(transport);
    if (!organisation)
        return tl::unexpected(organisation.error().error);
    const Result<Tokens> tokens = signIn(transport, credentials);
    if (!tokens)
        return tl::unexpected(tokens.error());
    const local::DeskRecord record{organisation->org,    organisation->name,    tokens->account.id,
                                   tokens->account.name, tokens->account.login, transport.server()};
    const Result<local::DeskFiles> files = freeFiles(record);
    if (!files)
        return tl::unexpected(files.error());

    QByteArray seed = random_.bytes(keyBytes);
    const auto key = log::SigningKey::fromSeed(seed);
    if (!key)
        return tl::unexpected(key.error());
    const Result<DeviceId> device = registerDevice(transport, tokens->token, *key);
    if (!device)
        return tl::unexpected(device.error());

    sql::SecretBytes databaseKey(keyBytes);
    random_.fill({reinterpret_cast<uint8_t*>(databaseKey.data()), static_cast<size_t>(databaseKey.size())});
    auto database = local::Database::create(*files, databaseKey.clone());
    if (!database)
        return tl::unexpected(database.error());
    UnlockedDesk desk{std::move(*database),
                      {organisation->org, organisation->name, tokens->account.id, tokens->account.name,
                       tokens->account.login, *device, seed, organisation->logKey},
                      transport.server()};
    seed.fill('\0');
    local::DeskSettings settings(*desk.database);
    if (const Status saved = settings.setIdentity(desk.identity).result(); !saved)
        return tl::unexpected(saved.error());
    if (const Status saved = settings.setValue(refreshSetting(), tokens->refresh).result(); !saved)
        return tl::unexpected(saved.error());
    if (!tokens->acts.isNull()) {
        if (const Status saved = settings.setValue(actsSetting(), tokens->acts.toBytes()).result(); !saved)
            return tl::unexpected(saved.error());
    }
    // Last, because a desk with key slots counts as set up: what breaks off before is set aside by the next first run.
    if (const Status made = local::KeySlots(files->keys(), random_, cost_).create(databaseKey, passphrase); !made)
        return tl::unexpected(made.error());
    return desk;
}

// A first run that broke off leaves files without a complete desk; they are set aside, never deleted.
Result<local::DeskFiles> Enrolment::freeFiles(const local::DeskRecord& record) const
{
    const local::DeskFiles files = directory_.filesOf(record.org, record.user);
    const bool keys = QFile::exists(files.keys());
    const bool history = QFile::exists(files.history());
    if (keys && history)
        return fail(ErrorCode::conflict, QStringLiteral("This computer already has a desk for this person. Unlock it "
                                                        "with its passphrase."));
    if (keys || history) {
        const QString aside = files.folder + QStringLiteral(".incomplete-") +
                              QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMddHHmmsszzz"));
        if (!QDir().rename(files.folder, aside))
            return fail(ErrorCode::io, QStringLiteral("Files of a broken-off first run are in the way and could not "
                                                      "be moved. Check the rights of the data folder."));
    }
    return directory_.prepare(record);
}

Result<Tokens> signInDevice(Transport& transport, const Credentials& credentials, const UserId& user,
                            const log::SigningKey& key)
{
    const Result<Tokens> tokens = signIn(transport, credentials);
    if (!tokens)
        return tokens;
    if (tokens->account.id != user)
        return fail(ErrorCode::denied, QStringLiteral("This desk belongs to another person."));
    const Result<DeviceId> device = registerDevice(transport, tokens->token, key);
    if (!device)
        return tl::unexpected(device.error());
    return tokens;
}

} // namespace holdfast::sync
