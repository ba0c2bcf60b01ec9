#include "central/store/offline.h"

#include "central/store/anchor.h"
#include "central/store/context.h"
#include "central/store/log_keys.h"
#include "central/store/open_database.h"
#include "central/store/organisation_rows.h"
#include "storage/sql/transaction.h"

namespace holdfast::store {

namespace {

template <typename T>
Result<T> inSnapshot(const StoreConfig& config, Clock& clock, RandomSource& random,
                     const std::function<Result<T>(Context&)>& job)
{
    const Result<Keyring> keys = Keyring::load(config.keyDirectory, config.signerFile);
    if (!keys)
        return tl::unexpected<Error>(keys.error());
    const Result<OpenDatabase> open = openDatabase(config, *keys, sql::OpenMode::mustExist);
    if (!open)
        return tl::unexpected<Error>(open.error());
    const Result<std::unique_ptr<sql::WriteConnection>> db = open->database->openWriter();
    if (!db)
        return tl::unexpected<Error>(db.error());
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(**db);
    if (!snapshot)
        return tl::unexpected<Error>(snapshot.error());
    const Result<Organisation> organisation = loadOrganisation(**db);
    if (!organisation)
        return tl::unexpected<Error>(organisation.error());
    ThreadKeys threadKeys(*keys, random);
    Context context{**db, nullptr, *keys, threadKeys, *organisation, clock, random};
    return job(context);
}

// The last signed note lies outside the database, so a log that was cut or written anew as a whole does not fit it.
Status compareWithAnchor(const StoreConfig& config, Context& context, VerifyReport& report)
{
    const Result<std::vector<QByteArray>> logKeys = knownLogKeys(context.db, context.keys);
    if (!logKeys)
        return tl::unexpected<Error>(logKeys.error());
    const Status anchored = Anchor(anchorPath(config)).check(context.db, context.organisation.id, *logKeys);
    if (anchored)
        return {};
    if (anchored.error().code != ErrorCode::fenced && anchored.error().code != ErrorCode::corrupt)
        return anchored;
    report.findings.push_back({std::nullopt, std::nullopt, anchored.error().text});
    ++report.findingCount;
    return {};
}

} // namespace

Result<VerifyReport> verifyOffline(const StoreConfig& config, Clock& clock, RandomSource& random,
                                   const QString& anchors)
{
    return inSnapshot<VerifyReport>(config, clock, random, [&](Context& context) -> Result<VerifyReport> {
        // Whoever can write the database can also write a key into it that fits what he made of the log.
        if (!context.keys.changesSince(context.organisation.id, context.organisation.logPublicKey)) {
            return fail(ErrorCode::wrongKey, QStringLiteral("The store names another signing key than the one in the "
                                                            "key directory. Check the [keys] section of the "
                                                            "configuration; if it is right, the store was replaced."));
        }
        Result<VerifyReport> report = verifyStore(context, anchors);
        if (!report)
            return report;
        if (const Status compared = compareWithAnchor(config, context, *report); !compared)
            return tl::unexpected<Error>(compared.error());
        return report;
    });
}

Result<quint64> exportOffline(const StoreConfig& config, Clock& clock, RandomSource& random, const LineWriter& write)
{
    return inSnapshot<quint64>(config, clock, random,
                               [&write](Context& context) { return exportJsonl(context, write); });
}

} // namespace holdfast::store
