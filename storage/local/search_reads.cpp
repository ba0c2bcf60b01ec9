#include "storage/local/search_reads.h"

#include "models/domain/identifier.h"
#include "storage/local/message_reads.h"
#include "storage/local/schema.h"
#include "storage/local/search_text.h"
#include "storage/sql/transaction.h"

#include <algorithm>
#include <limits>
#include <set>

namespace holdfast::local {
namespace {

constexpr int mostHits = 200;
constexpr qsizetype leastDigits = 3;
// SearchPage::next: with this bit the row of a record to go on after; without it the message row to go on below.
constexpr quint64 inRecords = quint64(1) << 63;

const QString messageTermsSql = QStringLiteral("SELECT rowid FROM message_fts WHERE message_fts MATCH ? AND rowid < ?"
                                               " ORDER BY rowid DESC LIMIT ?");
const QString messageTokenSql = QStringLiteral("SELECT row FROM message_identifier WHERE token = ? AND row < ?"
                                               " ORDER BY row DESC LIMIT ?");
const QString recordTermsSql = QStringLiteral("SELECT rowid FROM record_fts WHERE record_fts MATCH ? AND rowid > ?"
                                              " ORDER BY rowid LIMIT ?");
const QString recordTokenSql = QStringLiteral("SELECT row FROM record_identifier WHERE token = ? AND row > ?"
                                              " ORDER BY row LIMIT ?");
const QString messageSql = QStringLiteral(
    "SELECT m.row, m.entry, m.thread, m.ord, m.at, m.text, m.names, coalesce(nullif(p.name, ''), t.title), po.number,"
    " m.kind, m.author, sa.name"
    " FROM json_each(?) AS j CROSS JOIN message AS m ON m.row = j.value->>0 LEFT JOIN thread AS t ON t.id = m.thread"
    " LEFT JOIN person AS p ON p.id = t.person LEFT JOIN policy AS po ON po.id = t.policy"
    " LEFT JOIN staff AS sa ON sa.id = m.author");
const QString recordSql = QStringLiteral(
    "SELECT r.row, r.what, r.text, coalesce(pe.name, po.number, r.text), po.number,"
    " CASE r.what WHEN 2 THEN r.id"
    " WHEN 0 THEN (SELECT t.id FROM thread AS t WHERE t.type = 'case' AND t.person = r.id"
    " ORDER BY t.newest_at DESC LIMIT 1)"
    " ELSE (SELECT tp.thread FROM thread_policy AS tp JOIN thread AS t ON t.id = tp.thread WHERE tp.policy = r.id"
    " ORDER BY t.newest_at DESC LIMIT 1) END, r.id"
    " FROM json_each(?) AS j CROSS JOIN record AS r ON r.row = j.value->>0"
    " LEFT JOIN person AS pe ON r.what = 0 AND pe.id = r.id LEFT JOIN policy AS po ON r.what = 1 AND po.id = r.id");

struct Asked
{
    QStringList words;
    QString match;
    QStringList identifiers;
    int limit = 0;
};

// Rows that any of the ways finds, in the order of `before`, at most limit + 1.
template <typename Order>
Result<std::vector<qint64>> findRows(sql::Connection& connection, const Asked& asked, const QString& termsSql,
                                     const QString& tokenSql, qint64 from, Order order)
{
    std::set<qint64, Order> rows(order);
    const auto collect = [&](const QString& sql, const QString& what) {
        sql::Statement select = connection.statement(sql);
        select.bind(0, what);
        select.bind(1, from);
        select.bind(2, asked.limit + 1);
        return select.forEach([&rows](sql::Statement& row) { rows.insert(row.int64(0)); });
    };
    if (!asked.match.isEmpty()) {
        if (const Status done = collect(termsSql, asked.match); !done)
            return tl::unexpected(done.error());
    }
    for (const QString& token : asked.identifiers) {
        if (const Status done = collect(tokenSql, token); !done)
            return tl::unexpected(done.error());
    }
    std::vector<qint64> first(rows.begin(), rows.end());
    first.resize(std::min(first.size(), static_cast<size_t>(asked.limit) + 1));
    return first;
}

sql::JsonRows jsonOf(const std::vector<qint64>& rows)
{
    sql::JsonRows json;
    for (const qint64 row : rows)
        json.row().add(row);
    return json;
}

// The statements may answer in any order; the hits take the order of `rows`.
void inOrder(const std::vector<qint64>& rows, QHash<qint64, views::SearchHit>& hits, views::SearchPage& page)
{
    for (const qint64 row : rows) {
        const auto hit = hits.find(row);
        if (hit != hits.end())
            page.hits.append(std::move(*hit));
    }
}

Status addRecords(sql::Connection& connection, const Asked& asked, const std::vector<qint64>& rows,
                  views::SearchPage& page)
{
    if (rows.empty())
        return {};
    QHash<qint64, views::SearchHit> hits;
    sql::Statement select = connection.statement(recordSql);
    select.bind(0, jsonOf(rows));
    const Status read = select.forEach([&](sql::Statement& row) {
        views::SearchHit hit;
        switch (row.enumeration<Record>(1)) {
        case Record::person:
            hit.what = views::SearchHit::What::person;
            break;
        case Record::policy:
            hit.what = views::SearchHit::What::policy;
            hit.policy = row.id<PolicyId>(6);
            break;
        case Record::thread:
            hit.what = views::SearchHit::What::thread;
            break;
        }
        Excerpt excerpt = excerptOf(row.text(2).trimmed(), asked.words, asked.identifiers);
        hit.excerpt = std::move(excerpt.text);
        hit.marks = std::move(excerpt.marks);
        hit.title = row.text(3);
        hit.policyNumber = row.text(4);
        hit.thread = row.id<ThreadId>(5);
        hits.insert(row.int64(0), hit);
    });
    inOrder(rows, hits, page);
    return read;
}

Status addMessages(sql::Connection& connection, const Asked& asked, const std::vector<qint64>& rows,
                   views::SearchPage& page)
{
    if (rows.empty())
        return {};
    QHash<qint64, views::SearchHit> hits;
    sql::Statement select = connection.statement(messageSql);
    select.bind(0, jsonOf(rows));
    const Status read = select.forEach([&](sql::Statement& row) {
        views::SearchHit hit;
        hit.what = views::SearchHit::What::message;
        hit.message = row.id<EntryId>(1);
        hit.thread = row.id<ThreadId>(2);
        hit.key = keyOf(row.int64(3));
        hit.at = row.strong<Timestamp>(4);
        const QString names = row.text(6);
        const QString text = names.isEmpty() ? row.text(5) : (row.text(5) + u'\n' + names).trimmed();
        Excerpt excerpt = excerptOf(text, asked.words, asked.identifiers);
        hit.excerpt = std::move(excerpt.text);
        hit.marks = std::move(excerpt.marks);
        hit.title = row.text(7);
        hit.policyNumber = row.text(8);
        hit.kind = messageKindOf(row.int64(9));
        hit.author = row.id<UserId>(10);
        hit.authorName = row.text(11);
        hits.insert(row.int64(0), hit);
    });
    inOrder(rows, hits, page);
    return read;
}

} // namespace

QStringList queryIdentifiers(const QString& text)
{
    QStringList tokens;
    const QString phone = domain::normalisedPhone(text);
    if (!phone.isEmpty())
        tokens.append(phone);
    const QString identifier = domain::normalisedIdentifier(text);
    const auto digits = std::count_if(identifier.begin(), identifier.end(), [](QChar c) { return c.isDigit(); });
    if (digits >= leastDigits)
        tokens.append(identifier);
    tokens.removeDuplicates();
    return tokens;
}

Result<views::SearchPage> readSearch(sql::Connection& connection, const views::SearchQuery& query)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    Asked asked;
    asked.words = searchWords(query.text);
    asked.match = matchExpression(asked.words);
    asked.identifiers = queryIdentifiers(query.text);
    asked.limit = qBound(1, query.limit, mostHits);
    views::SearchPage page;
    if (asked.words.isEmpty())
        return page;
    const bool inMessages = query.afterRow && (*query.afterRow & inRecords) == 0;
    if (!inMessages) {
        const auto after = static_cast<qint64>(query.afterRow.value_or(inRecords) & ~inRecords);
        auto rows = findRows(connection, asked, recordTermsSql, recordTokenSql, after, std::less<qint64>());
        if (!rows)
            return tl::unexpected(rows.error());
        const bool more = rows->size() > static_cast<size_t>(asked.limit);
        rows->resize(std::min(rows->size(), static_cast<size_t>(asked.limit)));
        if (const Status done = addRecords(connection, asked, *rows, page); !done)
            return tl::unexpected(done.error());
        if (more) {
            page.next = inRecords | static_cast<quint64>(rows->back());
            return page;
        }
        asked.limit -= static_cast<int>(rows->size());
        if (asked.limit == 0) {
            page.next = static_cast<quint64>(std::numeric_limits<qint64>::max());
            return page;
        }
    }
    const qint64 below = inMessages ? static_cast<qint64>(*query.afterRow) : std::numeric_limits<qint64>::max();
    auto rows = findRows(connection, asked, messageTermsSql, messageTokenSql, below, std::greater<qint64>());
    if (!rows)
        return tl::unexpected(rows.error());
    const bool more = rows->size() > static_cast<size_t>(asked.limit);
    rows->resize(std::min(rows->size(), static_cast<size_t>(asked.limit)));
    if (more)
        page.next = static_cast<quint64>(rows->back());
    if (const Status done = addMessages(connection, asked, *rows, page); !done)
        return tl::unexpected(done.error());
    return page;
}

QStringList searchStatements()
{
    return {messageTermsSql, messageTokenSql, messageSql};
}

} // namespace holdfast::local
