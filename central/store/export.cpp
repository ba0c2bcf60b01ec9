#include "central/store/export.h"

#include "central/store/context.h"
#include "central/store/entry_rows.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::store {

namespace {

constexpr int pageRows = 500;

struct ExportRow
{
    FeedRow feed;
    Digest leaf; // as it was recorded, not as it follows from the header
};

QJsonValue base64(const std::optional<QByteArray>& bytes)
{
    return bytes ? QJsonValue(QString::fromLatin1(bytes->toBase64())) : QJsonValue(QJsonValue::Null);
}

// For people and scripts; a verifier reads the bytes beside it.
QJsonObject decoded(const FeedEntry& entry)
{
    QJsonObject json;
    const Result<domain::Entry> read = toDomain(entry);
    if (!read)
        return json;
    json[QStringLiteral("entry")] = read->author.entryId.toHexString();
    json[QStringLiteral("thread")] = read->author.thread.toHexString();
    json[QStringLiteral("tseq")] = qint64(read->threadSeq.value);
    json[QStringLiteral("scope")] = read->scope.toHexString();
    json[QStringLiteral("kind_number")] = qint64(read->author.kind);
    if (const std::optional<domain::Kind> kind = domain::kindOf(read->author.kind))
        json[QStringLiteral("kind")] = domain::nameOf(*kind).toString();
    json[QStringLiteral("author")] = read->author.author.toHexString();
    json[QStringLiteral("device")] = read->author.device.toHexString();
    json[QStringLiteral("claimed_at")] = qint64(read->author.claimedAt.value);
    json[QStringLiteral("central_at")] = qint64(read->centralAt.value);
    if (entry.content) {
        const QJsonDocument content = QJsonDocument::fromJson(*entry.content);
        if (content.isObject())
            json[QStringLiteral("content")] = content.object();
    }
    return json;
}

QByteArray lineOf(const FeedEntry& entry, const Digest& leaf)
{
    QJsonObject line;
    line[QStringLiteral("pos")] = qint64(entry.pos.value);
    line[QStringLiteral("header")] = QString::fromLatin1(entry.header.toBase64());
    line[QStringLiteral("leaf")] = QString::fromLatin1(leaf.toBytes().toHex());
    line[QStringLiteral("content")] = base64(entry.content);
    line[QStringLiteral("salt")] = base64(entry.salt);
    if (entry.damaged)
        line[QStringLiteral("damaged")] = true;
    line[QStringLiteral("decoded")] = decoded(entry);
    return QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
}

Status exportCheckpoints(Context& context, const LineWriter& write)
{
    for (qint64 after = -1;;) {
        std::vector<QByteArray> notes;
        {
            sql::Statement query = context.db.statement(
                QStringLiteral("SELECT size, note FROM checkpoint WHERE size > ? ORDER BY size LIMIT ?"));
            query.bind(0, after);
            query.bind(1, pageRows);
            const Status read = query.forEach([&](sql::Statement& row) {
                after = row.int64(0);
                notes.push_back(row.bytes(1));
            });
            if (!read)
                return read;
        }
        if (notes.empty())
            return {};
        for (const QByteArray& note : notes) {
            const QJsonObject line{{QStringLiteral("checkpoint"), QString::fromUtf8(note)}};
            if (const Status written = write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n'); !written)
                return written;
        }
    }
}

} // namespace

Result<quint64> exportJsonl(Context& context, const LineWriter& write)
{
    static const QString text = QStringLiteral("SELECT %1, h.leaf FROM %2 WHERE h.pos >= ? ORDER BY h.pos LIMIT ?")
                                    .arg(feedColumns(), feedJoin());
    quint64 written = 0;
    for (qint64 next = 0;;) {
        std::vector<ExportRow> rows;
        {
            sql::Statement query = context.db.statement(text);
            query.bind(0, next);
            query.bind(1, pageRows);
            const Status read = query.forEach([&](sql::Statement& row) {
                rows.push_back({readFeedRow(row), Digest::fromBytes(row.bytes(feedColumnCount)).value_or(Digest())});
            });
            if (!read)
                return tl::unexpected<Error>(read.error());
        }
        if (rows.empty())
            break;
        next = qint64(rows.back().feed.entry.pos.value) + 1;
        for (ExportRow& row : rows) {
            const Result<FeedEntry> entry = openRow(context, std::move(row.feed));
            if (!entry)
                return tl::unexpected<Error>(entry.error());
            if (const Status put = write(lineOf(*entry, row.leaf)); !put)
                return tl::unexpected<Error>(put.error());
            ++written;
        }
    }
    if (const Status notes = exportCheckpoints(context, write); !notes)
        return tl::unexpected<Error>(notes.error());
    return written;
}

} // namespace holdfast::store
