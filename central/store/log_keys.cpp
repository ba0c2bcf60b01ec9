#include "central/store/log_keys.h"

#include "central/store/keyring.h"

namespace holdfast::store {

namespace {

const QString keyName = QStringLiteral("org.log-key");
const QString handoversName = QStringLiteral("org.log-handovers");

Result<QByteArray> settingOf(sql::Connection& db, const QString& name)
{
    sql::Statement query = db.statement(QStringLiteral("SELECT value FROM setting WHERE name = ?"));
    const Result<bool> found = query.first(name);
    if (!found)
        return tl::unexpected<Error>(found.error());
    return *found ? query.bytes(0) : QByteArray();
}

Status setSetting(sql::Connection& db, const QString& name, const QByteArray& value)
{
    return db
        .statement(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?) "
                                  "ON CONFLICT (name) DO UPDATE SET value = excluded.value"))
        .exec(name, value);
}

} // namespace

Result<QByteArray> logKeyInForce(sql::Connection& db)
{
    return settingOf(db, keyName);
}

Result<std::vector<log::KeyHandover>> recordedHandovers(sql::Connection& db)
{
    const Result<QByteArray> bytes = settingOf(db, handoversName);
    if (!bytes)
        return tl::unexpected<Error>(bytes.error());
    auto handovers = log::decodeHandovers(*bytes);
    if (!handovers)
        return fail(ErrorCode::corrupt, QStringLiteral("The record of the log's keys is damaged. Verify the store."));
    return std::move(*handovers);
}

Status recordHandover(sql::Connection& db, const log::KeyHandover& handover)
{
    Result<std::vector<log::KeyHandover>> handovers = recordedHandovers(db);
    if (!handovers)
        return tl::unexpected<Error>(handovers.error());
    handovers->push_back(handover);
    if (const Status kept = setSetting(db, handoversName, log::encode(*handovers)); !kept)
        return kept;
    return setSetting(db, keyName, handover.next);
}

Result<std::vector<QByteArray>> knownLogKeys(sql::Connection& db, const Keyring& keys)
{
    const Result<QByteArray> inForce = logKeyInForce(db);
    if (!inForce)
        return tl::unexpected<Error>(inForce.error());
    const Result<std::vector<log::KeyHandover>> recorded = recordedHandovers(db);
    if (!recorded)
        return tl::unexpected<Error>(recorded.error());
    std::vector<QByteArray> known{*inForce, keys.logKey().publicKey()};
    for (const std::vector<log::KeyHandover>* handovers : {&*recorded, &keys.handovers()}) {
        for (const log::KeyHandover& handover : *handovers) {
            known.push_back(handover.previous);
            known.push_back(handover.next);
        }
    }
    return known;
}

} // namespace holdfast::store
