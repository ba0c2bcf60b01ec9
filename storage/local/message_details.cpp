#include "storage/local/message_details.h"

#include "storage/local/attachment_state.h"

#include <QHash>

namespace holdfast::local {
namespace {

const QString attachmentsSql = QStringLiteral(
    "SELECT a.message, a.blob, a.size, a.mime, a.name, a.sha256, a.state, a.detail, a.width, a.height, a.pages,"
    " h.blob IS NOT NULL FROM json_each(?) AS j CROSS JOIN attachment AS a ON a.message = unhex(j.value->>0)"
    " LEFT JOIN held AS h ON h.blob = a.blob AND h.sha256 = a.sha256 ORDER BY a.idx");

// A quote shows its first good picture.
const QString quoteColumns =
    QStringLiteral("SELECT m.entry, coalesce(nullif(p.name, ''), s.name, ''), substr(m.text, 1, 300), m.names,"
                   " (SELECT a.blob FROM attachment AS a WHERE a.message = m.entry AND a.mime LIKE 'image/%' AND "
                   "a.state = 2 LIMIT 1)");
const QString quoteJoins = QStringLiteral(
    " LEFT JOIN staff AS s ON s.id = m.author LEFT JOIN person AS p ON p.id = m.person AND m.person <> zeroblob(16)");
const QString repliesSql = quoteColumns +
                           QStringLiteral(", j.value->>0 FROM json_each(?) AS j CROSS JOIN message AS m"
                                          " ON m.entry = unhex(j.value->>0)") +
                           quoteJoins;
const QString providerQuotesSql =
    quoteColumns +
    QStringLiteral(", j.value->>0 FROM json_each(?) AS j CROSS JOIN provider AS pr ON pr.id = j.value->>0"
                   " CROSS JOIN message AS m ON m.entry = pr.message") +
    quoteJoins;

views::AttachmentView attachmentOf(sql::Statement& row)
{
    views::AttachmentView view;
    view.attachment.id = row.id<BlobId>(1);
    view.attachment.size = row.int64(2);
    view.attachment.mime = row.text(3);
    view.attachment.name = row.text(4);
    if (!row.isNull(5))
        view.attachment.sha256 = row.digest(5);
    view.state = viewOf(row.enumeration<StoredState>(6));
    view.detail = row.text(7);
    view.width = static_cast<int>(row.int64(8));
    view.height = static_cast<int>(row.int64(9));
    view.pages = static_cast<int>(row.int64(10));
    view.isHere = row.int64(11) != 0;
    return view;
}

Status fillAttachments(sql::Connection& connection, std::vector<DetailedMessage>& messages)
{
    QHash<EntryId, views::Message*> owners;
    sql::JsonRows wanted;
    for (DetailedMessage& detailed : messages) {
        if (!detailed.hasAttachments)
            continue;
        owners.insert(detailed.message.id, &detailed.message);
        wanted.row().add(detailed.message.id);
    }
    if (wanted.isEmpty())
        return {};
    sql::Statement select = connection.statement(attachmentsSql);
    select.bind(0, wanted);
    return select.forEach([&owners](sql::Statement& row) {
        if (views::Message* owner = owners.value(row.id<EntryId>(0)))
            owner->attachments.append(attachmentOf(row));
    });
}

Status readQuotes(sql::Connection& connection, const QString& sql, const sql::JsonRows& wanted,
                  QHash<QString, views::Quote>& quotes)
{
    if (wanted.isEmpty())
        return {};
    sql::Statement select = connection.statement(sql);
    select.bind(0, wanted);
    return select.forEach([&quotes](sql::Statement& row) {
        views::Quote quote;
        quote.message = row.id<EntryId>(0);
        quote.author = row.text(1);
        quote.text = row.text(2).isEmpty() ? row.text(3).section(u'\n', 0, 0) : row.text(2);
        if (!row.isNull(4))
            quote.thumbnail = row.id<BlobId>(4);
        quotes.insert(row.text(5), quote);
    });
}

Status fillQuotes(sql::Connection& connection, std::vector<DetailedMessage>& messages)
{
    sql::JsonRows replies;
    sql::JsonRows provided;
    for (const DetailedMessage& detailed : messages) {
        if (detailed.replyTo)
            replies.row().add(*detailed.replyTo);
        else if (!detailed.quotedProviderId.isEmpty())
            provided.row().add(detailed.quotedProviderId);
    }
    QHash<QString, views::Quote> byEntry;
    QHash<QString, views::Quote> byProvider;
    if (const Status done = readQuotes(connection, repliesSql, replies, byEntry); !done)
        return done;
    if (const Status done = readQuotes(connection, providerQuotesSql, provided, byProvider); !done)
        return done;
    for (DetailedMessage& detailed : messages) {
        const auto& quotes = detailed.replyTo ? byEntry : byProvider;
        const auto quote =
            quotes.constFind(detailed.replyTo ? detailed.replyTo->toHexString() : detailed.quotedProviderId);
        if (quote != quotes.cend())
            detailed.message.quote = *quote;
    }
    return {};
}

} // namespace

Status fillDetails(sql::Connection& connection, std::vector<DetailedMessage>& messages)
{
    if (const Status done = fillAttachments(connection, messages); !done)
        return done;
    return fillQuotes(connection, messages);
}

} // namespace holdfast::local
