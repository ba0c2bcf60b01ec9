#include "tests/local/desk_fixture.h"

#include <QFile>

namespace holdfast::test {

DeskFixture::DeskFixture(quint64 seed) : maker(seed), me(maker.colleague(QStringLiteral("Lerato")))
{
    REQUIRE(folder.isValid());
    files = {folder.path() + QStringLiteral("/desk")};
    open();
}

void DeskFixture::open()
{
    const bool isNew = !QFile::exists(files.history());
    auto key = sql::SecretBytes::copyOf(testKey());
    auto opened = isNew ? local::Database::create(files, std::move(key)) : local::Database::open(files, std::move(key));
    if (!opened)
        FAIL(opened.error().text.toStdString());
    database = std::move(*opened);
    local::DeskIdentity identity;
    identity.org = maker.org();
    identity.organisation = QStringLiteral("Harbourline Insurance");
    identity.user = me.user;
    applier = std::make_unique<local::Applier>(*database, maker.org(), me.user);
    media = std::make_unique<local::MediaStore>(*database, maker.clock());
    outbox = std::make_unique<local::Outbox>(*database, local::Author{maker.org(), me.user, me.device}, me.key,
                                             systemRandom, maker.clock());
    reader = std::make_unique<local::LocalDeskReader>(*database, *media, shelf, maker.clock(), identity);
}

void DeskFixture::close()
{
    reader.reset();
    outbox.reset();
    media.reset();
    applier.reset();
    database.reset();
}

local::Applied DeskFixture::apply(std::vector<local::FeedEntry> entries, const QByteArray& cursor)
{
    return valueOf(applier->apply({std::move(entries), {}, cursor}));
}

local::Applied DeskFixture::closeScope(const ScopeId& scope)
{
    return valueOf(applier->apply({{}, {{scope, false}}, "closed"}));
}

QStringList DeskFixture::query(const QString& sql)
{
    return valueOf(database->read<QStringList>([sql](sql::ReadConnection& connection) -> Result<QStringList> {
        QStringList rows;
        sql::Statement select = connection.statement(sql);
        const Status read = select.forEach([&rows](sql::Statement& row) { rows.append(row.text(0)); });
        return read ? Result<QStringList>(rows) : tl::unexpected(read.error());
    }));
}

QStringList DeskFixture::dump()
{
    // Rows as text; record.row is an internal number and left out by naming columns.
    static const QHash<QString, QString> tables{
        {QStringLiteral("thread"),
         QStringLiteral(
             "hex(id), type, hex(scope), title, hex(person), status, until, reason, state_seq, hex(assignee),"
             " assign_seq, head_seq, hex(head_leaf), newest_ord, newest_at, customer_at, read_seq, unread,"
             " mentions, coalesce(hex(policy), '-'), place_seq, held, checksum")},
        {QStringLiteral("thread_member"), QStringLiteral("hex(thread), hex(user)")},
        {QStringLiteral("thread_policy"),
         QStringLiteral("hex(thread), hex(policy), seq, linked, coalesce(pending, '-')")},
        {QStringLiteral("message"),
         QStringLiteral("row, hex(entry), hex(thread), ord, kind, hex(author), hex(person), at, text, names, type,"
                        " coalesce(quoted, '-'), coalesce(hex(mentions), '-'), status, attachments")},
        {QStringLiteral("delivery"), QStringLiteral("hex(message), status, at, code, text, may_retry")},
        {QStringLiteral("provider"), QStringLiteral("id, hex(message)")},
        {QStringLiteral("attachment"),
         QStringLiteral("hex(message), hex(blob), idx, size, mime, name, coalesce(hex(sha256), '-'), state, detail")},
        {QStringLiteral("person"), QStringLiteral("hex(id), name, phone, as_of, pos, hex(facts)")},
        {QStringLiteral("policy"), QStringLiteral("hex(id), number, line, as_of, pos, hex(facts)")},
        {QStringLiteral("staff"), QStringLiteral("hex(id), name, role, team, active, pos")},
        {QStringLiteral("device"), QStringLiteral("hex(id), hex(user), hex(public_key), revoked")},
        {QStringLiteral("read_marker"), QStringLiteral("hex(thread), hex(user), seq")},
        {QStringLiteral("record"), QStringLiteral("what, hex(id), text")},
        {QStringLiteral("message_identifier"), QStringLiteral("token, row")},
        {QStringLiteral("record_identifier AS i JOIN record AS r ON r.row = i.row"),
         QStringLiteral("token, r.what, hex(r.id)")},
    };
    QStringList all;
    for (auto it = tables.cbegin(); it != tables.cend(); ++it) {
        const QStringList rows = query(QStringLiteral("SELECT json_array(%1) FROM %2").arg(it.value(), it.key()));
        for (const QString& row : rows)
            all.append(it.key() + QLatin1Char(' ') + row);
    }
    all.sort();
    return all;
}

local::NewEntry DeskFixture::reply(const ThreadId& thread, const QString& text) const
{
    domain::AgentReply content;
    content.text = text;
    return {thread, domain::Kind::agentReply, domain::toJson(content), {}, std::nullopt};
}

} // namespace holdfast::test
