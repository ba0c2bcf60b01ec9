#include "central/store/raw_traces.h"

#include "central/store/aead.h"
#include "central/store/context.h"
#include "central/store/feed.h"
#include "central/store/raw_rows.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <map>

namespace holdfast::store {

namespace {

constexpr int pageRows = 200; // bodies have up to 3 MiB

// The provider's id under which a raw body brought the entry; empty: none did.
QString providerIdOf(const FeedEntry& entry)
{
    const domain::Content content = domain::parseContent(entry.kind, entry.content.value_or(QByteArray()));
    if (const auto* message = std::get_if<domain::CustomerMessage>(&content))
        return message->providerId;
    if (const auto* accepted = std::get_if<domain::ProviderAccepted>(&content))
        return accepted->providerId;
    return {};
}

// True if any text of the value is among `ids`.
bool names(const QJsonValue& value, const QSet<QString>& ids)
{
    if (value.isString())
        return ids.contains(value.toString());
    const QJsonObject object = value.toObject();
    const QJsonArray array = value.toArray();
    const auto named = [&ids](const QJsonValue& inner) { return names(inner, ids); };
    return std::any_of(object.begin(), object.end(), named) || std::any_of(array.begin(), array.end(), named);
}

bool names(const QByteArray& body, const QSet<QString>& ids)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    return names(document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()), ids);
}

struct SealedBody
{
    qint64 id = 0;
    qint64 day = 0;
    QByteArray sealed;
};

Result<std::vector<SealedBody>> bodiesAfter(Context& context, qint64 id)
{
    std::vector<SealedBody> bodies;
    sql::Statement query = context.db.statement(
        QStringLiteral("SELECT id, day, sealed FROM raw_inbox WHERE id > ? AND state = 1 ORDER BY id LIMIT ?"));
    query.bind(0, id);
    query.bind(1, pageRows);
    const Status read = query.forEach([&bodies](sql::Statement& row) {
        bodies.push_back({row.int64(0), row.int64(1), row.bytes(2)});
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return bodies;
}

// The key of a day; null: it was destroyed, and with it what its bodies said.
class KeysOfDays
{
public:
    explicit KeysOfDays(Context& context) : keys_(context) {}
    [[nodiscard]] Result<QByteArray> of(qint64 day)
    {
        if (const auto known = known_.find(day); known != known_.end())
            return known->second;
        Result<QByteArray> key = keys_.key(day);
        if (!key && key.error().code != ErrorCode::notFound)
            return key;
        return known_.emplace(day, key.value_or(QByteArray())).first->second;
    }

private:
    DayKeys keys_;
    std::map<qint64, QByteArray> known_;
};

Result<std::vector<qint64>> bodiesNaming(Context& context, const QSet<QString>& ids)
{
    std::vector<qint64> naming;
    KeysOfDays keys(context);
    for (qint64 after = 0;;) {
        const Result<std::vector<SealedBody>> page = bodiesAfter(context, after);
        if (!page)
            return tl::unexpected<Error>(page.error());
        if (page->empty())
            return naming;
        for (const SealedBody& row : *page) {
            const Result<QByteArray> key = keys.of(row.day);
            if (!key)
                return tl::unexpected<Error>(key.error());
            const Result<QByteArray> body = unseal(*key, rawBinding(row.id, row.day), row.sealed);
            if (body && names(*body, ids))
                naming.push_back(row.id);
        }
        after = page->back().id;
    }
}

} // namespace

Result<std::vector<qint64>> rawBodiesOf(Context& context, const std::vector<ThreadErasure>& plan)
{
    QSet<QString> ids;
    for (const ThreadErasure& erasure : plan) {
        for (const EntryId& id : erasure.entries) {
            const Result<FeedEntry> entry = FeedReads(context).entry(id);
            if (!entry)
                return tl::unexpected<Error>(entry.error());
            ids.insert(providerIdOf(*entry));
        }
    }
    ids.remove(QString());
    return ids.isEmpty() ? Result<std::vector<qint64>>() : bodiesNaming(context, ids);
}

} // namespace holdfast::store
