#include "bench/reading/pages.h"

#include "storage/local/message_reads.h"
#include "storage/sql/connection.h"

namespace holdfast::bench {
namespace {

constexpr int pageSize = 60; // as views::ThreadWindow asks
constexpr int switches = 1000;

QList<ThreadId> someThreads(OpenedDesk& desk)
{
    return valueOf(
        desk.database().read<QList<ThreadId>>([](sql::ReadConnection& connection) -> Result<QList<ThreadId>> {
            QList<ThreadId> threads;
            sql::Statement select = connection.statement(QStringLiteral("SELECT id FROM thread WHERE type = 'case'"));
            const Status read = select.forEach([&](sql::Statement& row) { threads.append(row.id<ThreadId>(0)); });
            return read ? Result<QList<ThreadId>>(threads) : tl::unexpected(read.error());
        }));
}

// The page's own statement, every column read, nothing made of it.
double rawPage(OpenedDesk& desk, sqlite3_stmt* statement, const ThreadId& thread, qint64 from)
{
    const Stopwatch watch;
    const QByteArray id = thread.toBytes();
    sqlite3_bind_blob(statement, 1, id.constData(), int(id.size()), SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, from);
    sqlite3_bind_int(statement, 3, pageSize);
    qint64 bytes = 0;
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        for (int column = 0; column < sqlite3_column_count(statement); ++column)
            bytes += sqlite3_column_bytes(statement, column);
    }
    desk.bare().check(code, SQLITE_DONE);
    sqlite3_reset(statement);
    return watch.seconds();
}

void printAgainst(const QString& name, const std::vector<double>& ours, const std::vector<double>& raw,
                  const QString& goal)
{
    const double value = percentile(ours, 0.95);
    const double limit = percentile(raw, 0.95);
    print({name, QStringLiteral("p95 %1").arg(milliseconds(value)),
           QStringLiteral("p95 %1 (the raw statement)").arg(milliseconds(limit)), ratioOf(limit, value), goal});
}

} // namespace

void measurePages(OpenedDesk& desk)
{
    const QList<ThreadId> threads = someThreads(desk);
    if (threads.isEmpty())
        giveUp(QStringLiteral("The desk has no conversations."));
    const BareStatement statement = desk.bare().prepare(local::pageStatements().at(0).toUtf8());
    sample::Dice dice(99);
    std::vector<double> pages;
    std::vector<double> switched;
    std::vector<double> raw;
    for (int i = 0; i < switches; ++i) {
        const ThreadId& thread = dice.pick(threads);
        raw.push_back(rawPage(desk, statement.get(), dice.pick(threads), std::numeric_limits<qint64>::max()));
        const Stopwatch page;
        static_cast<void>(valueOf(desk.reader().newestMessages(dice.pick(threads), pageSize)));
        pages.push_back(page.seconds());
        const Stopwatch watch;
        auto header = desk.reader().thread(thread);
        auto messages = desk.reader().newestMessages(thread, pageSize);
        static_cast<void>(valueOf(std::move(header)));
        static_cast<void>(valueOf(std::move(messages)));
        switched.push_back(watch.seconds());
    }
    printAgainst(QStringLiteral("thread page (newest 60 messages)"), pages, raw, {});
    printAgainst(QStringLiteral("thread switch (header and newest page, without painting)"), switched, raw,
                 QStringLiteral("p95 < 50 ms"));
}

void measureJump(OpenedDesk& desk)
{
    const BareStatement statement = desk.bare().prepare(local::pageStatements().at(1).toUtf8());
    const views::MessagePage newest = valueOf(desk.reader().newestMessages(desk.longThread(), pageSize));
    std::vector<double> jumps;
    std::vector<double> raw;
    for (int i = 0; i < 200; ++i) {
        raw.push_back(rawPage(desk, statement.get(), desk.longThread(), 0));
        const Stopwatch watch;
        const views::MessagePage first =
            valueOf(desk.reader().messagesAround(desk.longThread(), views::MessageKey{1, 0}, pageSize));
        jumps.push_back(watch.seconds());
        if (first.messages.isEmpty() || first.moreBefore)
            giveUp(QStringLiteral("The jump did not reach the first message."));
        static_cast<void>(valueOf(desk.reader().newestMessages(desk.longThread(), pageSize)));
    }
    printAgainst(
        QStringLiteral("jump to the first of %1 messages").arg(number(double(newest.messages.last().key.threadSeq))),
        jumps, raw, QStringLiteral("p95 < 100 ms"));
}

} // namespace holdfast::bench
