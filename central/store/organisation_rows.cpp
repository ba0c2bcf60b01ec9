#include "central/store/organisation_rows.h"

#include <map>

namespace holdfast::store {

Status saveOrganisation(sql::Connection& db, const Organisation& organisation)
{
    const std::pair<const char*, QByteArray> values[] = {
        {"org.id", organisation.id.toBytes()},
        {"org.name", organisation.name.toUtf8()},
        {"org.everyone", organisation.everyone.toBytes()},
        {"org.audit", organisation.audit.toBytes()},
        {"org.structure", organisation.structure.toBytes()},
        {"org.audit-thread", organisation.auditThread.toBytes()},
        {"org.log-thread", organisation.logThread.toBytes()},
        {"org.log-key", organisation.logPublicKey},
    };
    for (const auto& [name, value] : values) {
        const Status saved = db.statement(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?)"))
                                 .exec(QString::fromLatin1(name), value);
        if (!saved)
            return saved;
    }
    return {};
}

Result<Organisation> loadOrganisation(sql::Connection& db)
{
    std::map<QString, QByteArray> values;
    Organisation organisation;
    {
        sql::Statement query = db.statement(QStringLiteral("SELECT name, value FROM setting WHERE name LIKE 'org.%'"));
        const Status read = query.forEach([&](sql::Statement& row) { values[row.text(0)] = row.bytes(1); });
        if (!read)
            return tl::unexpected<Error>(read.error());
        sql::Statement head = db.statement(QStringLiteral("SELECT epoch FROM log_head WHERE id = 1"));
        const Result<bool> found = head.first();
        if (!found)
            return tl::unexpected<Error>(found.error());
        organisation.epoch = head.strong<Epoch>(0);
    }
    const auto id = [&values]<typename IdType>(const char* name, IdType& into) {
        const std::optional<IdType> read = IdType::fromBytes(values[QString::fromLatin1(name)]);
        into = read.value_or(IdType());
        return read.has_value();
    };
    const bool whole = id("org.id", organisation.id) && id("org.everyone", organisation.everyone) &&
                       id("org.audit", organisation.audit) && id("org.structure", organisation.structure) &&
                       id("org.audit-thread", organisation.auditThread) && id("org.log-thread", organisation.logThread);
    if (!whole)
        return fail(ErrorCode::notFound, QStringLiteral("This store was not set up. Run \"holdfast-admin init\"."));
    organisation.name = QString::fromUtf8(values[QStringLiteral("org.name")]);
    organisation.logPublicKey = values[QStringLiteral("org.log-key")];
    return organisation;
}

} // namespace holdfast::store
