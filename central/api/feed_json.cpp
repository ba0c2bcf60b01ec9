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

namespace {

QJsonObject erasedObject(const domain::EraseContents& erasure)
{
    QJsonArray entries;
    for (const EntryId& entry : erasure.entries)
        entries.append(entry.toHexString());
    return {{QStringLiteral("erasure"), erasure.erasure.toHexString()},
            {QStringLiteral("thread"), erasure.thread.toHexString()},
            {QStringLiteral("entries"), entries},
            {QStringLiteral("below"), static_cast<qint64>(erasure.below.value)}};
}

QJsonObject sumObject(const ScopeSum& sum)
{
    return {{QStringLiteral("scope"), sum.scope.toHexString()},
            {QStringLiteral("entries"), static_cast<qint64>(sum.checksum.entries)},
            {QStringLiteral("sum"), QString::fromLatin1(bigEndian64(sum.checksum.sum).toHex())}};
}

} // namespace

http::Response feedResponse(const FeedBody& body)
{
    QJsonArray scopes, threads, erased, sums;
    const auto word = [](bool opened) { return opened ? QStringLiteral("opened") : QStringLiteral("closed"); };
    for (const ScopeEvent& event : body.scopes) {
        QJsonObject told{{QStringLiteral("scope"), event.scope.toHexString()},
                         {QStringLiteral("event"), word(event.opened)}};
        if (event.window)
            told.insert(QStringLiteral("window"), true);
        scopes.append(told);
    }
    for (const ThreadEvent& event : body.threads)
        threads.append(QJsonObject{{QStringLiteral("thread"), event.thread.toHexString()},
                                   {QStringLiteral("event"), word(event.opened)}});
    for (const domain::EraseContents& erasure : body.erased)
        erased.append(erasedObject(erasure));
    for (const ScopeSum& sum : body.sums)
        sums.append(sumObject(sum));
    QJsonObject object{{QStringLiteral("scopes"), scopes},
                       {QStringLiteral("threads"), threads},
                       {QStringLiteral("cursor"), QString::fromLatin1(body.cursor)},
                       {QStringLiteral("more"), body.more},
                       {QStringLiteral("head"), static_cast<qint64>(body.head)}};
    if (!body.erased.empty())
        object.insert(QStringLiteral("erased"), erased);
    if (!body.sums.empty())
        object.insert(QStringLiteral("sums"), sums);
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
