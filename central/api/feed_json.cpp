#include "central/api/feed_json.h"

#include "central/api/answers.h"

namespace holdfast::api {

// Base64 and hex need no escaping, so entries are put together as they are.
QByteArray entryJson(const store::FeedEntry& entry)
{
    QByteArray json = "{\"header\":\"" + entry.header.toBase64() + '"';
    if (entry.content && entry.salt)
        json += ",\"salt\":\"" + entry.salt->toBase64() + "\",\"content\":\"" + entry.content->toBase64() + '"';
    if (entry.damaged)
        json += ",\"damaged\":true";
    if (!entry.voucher.isEmpty())
        json += ",\"voucher\":\"" + entry.voucher.toBase64() + '"';
    return json += '}';
}

http::Response feedResponse(const FeedBody& body)
{
    QJsonArray scopes;
    for (const ScopeEvent& event : body.scopes) {
        QJsonObject told{{QStringLiteral("scope"), event.scope.toHexString()},
                         {QStringLiteral("event"), event.opened ? QStringLiteral("opened") : QStringLiteral("closed")}};
        if (event.window)
            told.insert(QStringLiteral("window"), true);
        scopes.append(told);
    }
    QJsonObject object{{QStringLiteral("scopes"), scopes},
                       {QStringLiteral("cursor"), QString::fromLatin1(body.cursor)},
                       {QStringLiteral("more"), body.more},
                       {QStringLiteral("head"), static_cast<qint64>(body.head)}};
    if (!body.checkpoint.isEmpty())
        object.insert(QStringLiteral("checkpoint"), QString::fromUtf8(body.checkpoint));
    http::Response response = answer(object);
    const QByteArray rest = response.body.sliced(1);
    qsizetype size = rest.size() + 20;
    for (const QByteArray& entry : body.entries)
        size += entry.size() + 1;
    response.body.clear();
    response.body.reserve(size);
    response.body.append("{\"entries\":[");
    for (qsizetype i = 0; i < body.entries.size(); ++i)
        response.body.append(i == 0 ? "" : ",").append(body.entries.at(i));
    response.body.append("],").append(rest);
    return response;
}

} // namespace holdfast::api
