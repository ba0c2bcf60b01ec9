#include "central/store/settings.h"

#include "central/store/context.h"

namespace holdfast::store {

Result<std::optional<QByteArray>> SettingReads::value(const QString& name)
{
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT value FROM setting WHERE name = ?"));
    const Result<bool> found = query.first(name);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return query.bytes(0);
}

Status SettingWrites::set(const QString& name, const QByteArray& value)
{
    return context_.db
        .statement(QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?) "
                                  "ON CONFLICT (name) DO UPDATE SET value = excluded.value"))
        .exec(name, value);
}

} // namespace holdfast::store
