#include "central/store/context.h"
#include "central/store/daily_anchor.h"
#include "central/store/log_writer.h"
#include "central/store/open_database.h"
#include "central/store/organisation_rows.h"
#include "central/store/schema.h"
#include "central/store/store.h"
#include "storage/sql/transaction.h"

#include <QFile>
#include <QFileInfo>

namespace holdfast::store {

namespace {

Organisation makeOrganisation(const QString& name, const Keyring& keys, RandomSource& random)
{
    Organisation made;
    made.id = random.id<OrgId>();
    made.name = name;
    made.everyone = random.id<ScopeId>();
    made.audit = random.id<ScopeId>();
    made.structure = random.id<ThreadId>();
    made.auditThread = random.id<ThreadId>();
    made.logThread = random.id<ThreadId>();
    made.logPublicKey = keys.logKey().publicKey();
    made.epoch = Epoch{1};
    return made;
}

std::vector<EntryToAppend> firstEntries(const Organisation& organisation, Clock& clock, RandomSource& random)
{
    const auto open = [&](const ThreadId& thread, domain::ThreadType type, const ScopeId& scope) {
        domain::ThreadOpened opened;
        opened.type = type;
        opened.scope = scope;
        return centralEntry(clock, random, thread, domain::Kind::threadOpened, domain::toJson(opened));
    };
    const auto define = [&](const ScopeId& scope, domain::ScopeType type, const QString& name) {
        return centralEntry(clock, random, organisation.structure, domain::Kind::scopeDefined,
                            domain::toJson(domain::ScopeDefined{scope, type, name}));
    };
    return {open(organisation.structure, domain::ThreadType::organisation, organisation.everyone),
            define(organisation.everyone, domain::ScopeType::organisation, organisation.name),
            define(organisation.audit, domain::ScopeType::audit, QStringLiteral("Audit")),
            open(organisation.auditThread, domain::ThreadType::audit, organisation.audit),
            open(organisation.logThread, domain::ThreadType::organisation, organisation.everyone)};
}

Status appendFirst(Context& context)
{
    LogWriter writer(context);
    if (const Status locked = writer.lockHead(); !locked)
        return locked;
    const std::vector<EntryToAppend> entries = firstEntries(context.organisation, context.clock, context.random);
    std::vector<const EntryToAppend*> pointers;
    for (const EntryToAppend& entry : entries)
        pointers.push_back(&entry);
    const Result<std::vector<AppendResult>> results = writer.stage(pointers);
    if (!results)
        return tl::unexpected<Error>(results.error());
    for (const AppendResult& result : *results) {
        if (result.outcome != AppendResult::Outcome::accepted)
            return fail(ErrorCode::internal, QStringLiteral("The organisation's first entries were not taken."));
    }
    if (const Status flushed = writer.flush(); !flushed)
        return flushed;
    return writer.finish();
}

Status fill(sql::WriteConnection& db, const Keyring& keys, const Organisation& organisation, Clock& clock,
            RandomSource& random)
{
    Result<sql::Transaction> transaction = sql::Transaction::begin(db);
    if (!transaction)
        return tl::unexpected<Error>(transaction.error());
    const Status head = db.statement(QStringLiteral("INSERT INTO log_head (id, epoch, size, edge) VALUES (1, ?, 0, ?)"))
                            .exec(organisation.epoch, QByteArray());
    if (!head)
        return head;
    if (const Status saved = saveOrganisation(db, organisation); !saved)
        return saved;
    ThreadKeys threadKeys(keys, random);
    Context context{db, &db, keys, threadKeys, organisation, clock, random};
    if (const Status appended = appendFirst(context); !appended)
        return appended;
    return transaction->commit();
}

// Everything behind the keys.
Result<Organisation> makeStore(const StoreConfig& config, const QString& organisationName, Clock& clock,
                               RandomSource& random)
{
    const Result<Keyring> keys = Keyring::load(config.keyDirectory, config.signerFile);
    if (!keys)
        return tl::unexpected<Error>(keys.error());
    const Result<OpenDatabase> open = openDatabase(config, *keys, sql::OpenMode::createIfMissing);
    if (!open)
        return tl::unexpected<Error>(open.error());
    const Result<std::unique_ptr<sql::WriteConnection>> db = open->database->openWriter();
    if (!db)
        return tl::unexpected<Error>(db.error());
    const Result<int> version = sql::schemaVersion(**db);
    if (!version)
        return tl::unexpected<Error>(version.error());
    if (*version != 0)
        return fail(ErrorCode::conflict, QStringLiteral("There is a store in that database already."));
    const std::vector<sql::Migration> steps = migrations(open->database->dialect());
    if (const Status migrated = sql::migrate(**db, steps); !migrated)
        return tl::unexpected<Error>(migrated.error());
    const Organisation organisation = makeOrganisation(organisationName, *keys, random);
    if (const Status filled = fill(**db, *keys, organisation, clock, random); !filled)
        return tl::unexpected<Error>(filled.error());
    return organisation;
}

} // namespace

Result<Organisation> Store::initialise(const StoreConfig& config, const QString& organisationName, Clock& clock,
                                       RandomSource& random)
{
    const Result<std::optional<QString>> path = embeddedPath(config);
    if (!path)
        return tl::unexpected<Error>(path.error());
    if (const Status anchors = DailyAnchor(config.anchorDirectory).check(); !anchors)
        return tl::unexpected<Error>(anchors.error());
    if (*path && QFileInfo::exists(**path))
        return fail(ErrorCode::conflict, QStringLiteral("There is a store already: %1.").arg(**path));
    if (const Status made = Keyring::create(config.keyDirectory, config.signerFile, random); !made)
        return tl::unexpected<Error>(made.error());
    Result<Organisation> made = makeStore(config, organisationName, clock, random);
    if (made)
        return made;
    // The keys were for this store only, which is not there: they would keep the next try from making its own.
    Keyring::discard(config.keyDirectory, config.signerFile);
    if (*path) {
        for (const QString& suffix : {QString(), QStringLiteral("-wal"), QStringLiteral("-shm")})
            QFile::remove(**path + suffix);
    }
    return made;
}

} // namespace holdfast::store
