// The count after the last kill: what was promised against what is there.
#include "storage/local/database.h"
#include "storage/local/desk_directory.h"
#include "storage/local/key_slots.h"
#include "storage/sql/connection.h"
#include "storage/sql/secret_bytes.h"
#include "tests/kill/kill_run.h"
#include "tests/story_support/desk_window.h"

#include <QElapsedTimer>

namespace holdfast::story {
namespace {

constexpr int page = 200;
constexpr int customers = 9;
constexpr qsizetype mostWrong = 20;

QString phoneOf(int customer)
{
    return QStringLiteral("+2782555%1").arg(7000 + customer);
}

template <typename T>
Result<T> finished(QFuture<Result<T>> future)
{
    if (!waitUntil([&future] { return future.isFinished(); }, 60))
        return fail(ErrorCode::timeout, QStringLiteral("The desk did not answer."));
    return future.result();
}

QList<views::Message> everyMessage(views::Desk& desk)
{
    QList<ThreadId> threads;
    const auto cases = finished(desk.reader.threads({views::View::all, false, 200, {}, {}}));
    const auto navigation = finished(desk.reader.navigation());
    if (!cases || !navigation)
        return {};
    for (const views::ThreadRow& row : cases->rows)
        threads.append(row.id);
    for (const views::RoomRow& room : navigation->rooms)
        threads.append(room.id);
    QList<views::Message> all;
    for (const ThreadId& thread : threads) {
        auto part = finished(desk.reader.newestMessages(thread, page));
        while (part && !part->messages.isEmpty()) {
            all += part->messages;
            if (!part->moreBefore)
                break;
            part = finished(desk.reader.messagesBefore(thread, part->messages.first().key, page));
        }
    }
    return all;
}

} // namespace

QString LedgerCounts::words() const
{
    QString all = QStringLiteral("customers' messages answered 200: %1\n"
                                 "acknowledged by the desk: %2, of which in the log: %3, shown as not sent: %4\n"
                                 "replies at the phone exactly once: %5, uncertain and shown so: %6; lost, doubled or"
                                 " unclean: %7")
                      .arg(customerMessages)
                      .arg(acknowledged)
                      .arg(inLog)
                      .arg(heldBack)
                      .arg(repliesOnce)
                      .arg(repliesUncertain)
                      .arg(wrong.size());
    for (const QString& one : wrong)
        all += QStringLiteral("\n  ") + one;
    return all;
}

void Ledger::customerWrites()
{
    const int customer = int(customerTexts_.size() % customers);
    const QString text = QStringLiteral("customer %1").arg(customerTexts_.size());
    if (organisation_.phone().write(phoneOf(customer), QStringLiteral("Customer %1").arg(customer), text).isEmpty())
        isWrong(QStringLiteral("The phone did not take a message."));
    else
        customerTexts_.append(text);
}

void Ledger::acknowledged(const EntryId& id, Act act, const QString& text)
{
    promises_[id] = {act, text};
}

void Ledger::isWrong(const QString& words)
{
    if (counts_.wrong.size() < mostWrong)
        counts_.wrong.append(words);
}

// The phone has its 200 for everything, central has nothing to parse, the desk nothing to push or fetch, and each reply
// is at the customer's or shown as failed. (Central keeps a send whose answer was lost for a late status.)
bool Ledger::isAtRest(views::Desk& desk)
{
    const views::SyncState sync = desk.news.syncState();
    if (sync.link != views::SyncState::Link::online || sync.waiting != 0 || sync.catchingUp)
        return false;
    if (organisation_.metric(QStringLiteral("holdfast_inbox_waiting")) != 0 ||
        organisation_.phone().state().value(QStringLiteral("pending_deliveries")).toInt(-1) != 0)
        return false;
    const QList<views::Message> all = everyMessage(desk);
    return std::none_of(all.begin(), all.end(), [](const views::Message& message) {
        return message.kind == views::MessageKind::reply && !message.notSent &&
               message.status < domain::DeliveryStatus::sent;
    });
}

bool Ledger::settle(views::Desk& desk, int seconds)
{
    // Twice in a row, with the feed's way from central to the desk between.
    QElapsedTimer time;
    time.start();
    for (int calm = 0; calm < 2;) {
        if (time.elapsed() > seconds * 1000LL) {
            isWrong(QStringLiteral("Desk, central and phone did not come to rest."));
            return false;
        }
        const bool rests = isAtRest(desk);
        const qsizetype before = rests ? everyMessage(desk).size() : 0;
        const bool paused = waitUntil([] { return false; }, 1);
        calm = rests && !paused && everyMessage(desk).size() == before ? calm + 1 : 0;
    }
    return true;
}

void Ledger::count(views::Desk& desk)
{
    QHash<QString, int> texts;
    QHash<EntryId, views::Message> messages;
    for (const views::Message& message : everyMessage(desk)) {
        ++texts[message.text];
        messages.insert(message.id, message);
    }
    QSet<EntryId> notSent;
    if (const auto list = finished(desk.reader.notSent())) {
        for (const views::NotSent& one : *list)
            notSent.insert(one.entry);
    }
    for (auto it = texts.cbegin(); it != texts.cend(); ++it) {
        if (it.value() > 1)
            isWrong(QStringLiteral("\"%1\" is on the desk %2 times.").arg(it.key()).arg(it.value()));
    }
    if (desk.news.syncState().faultAt)
        isWrong(QStringLiteral("The desk's check of the log failed."));
    countCustomers(texts);
    countPromises(messages, notSent);
}

void Ledger::countCustomers(const QHash<QString, int>& onDesk)
{
    for (const QString& text : std::as_const(customerTexts_)) {
        ++counts_.customerMessages;
        if (onDesk.value(text) != 1)
            isWrong(
                QStringLiteral("\"%1\" had its 200 and is on the desk %2 times.").arg(text).arg(onDesk.value(text)));
    }
}

void Ledger::countPromises(const QHash<EntryId, views::Message>& onDesk, const QSet<EntryId>& notSent)
{
    QHash<QString, int> atPhone;
    for (const QJsonObject& message : organisation_.phone().received())
        ++atPhone[message.value(QStringLiteral("text")).toString()];
    for (auto it = atPhone.cbegin(); it != atPhone.cend(); ++it) {
        if (it.value() != 1)
            isWrong(QStringLiteral("\"%1\" reached the customer %2 times.").arg(it.key()).arg(it.value()));
    }
    for (const auto& [id, promise] : promises_) {
        ++counts_.acknowledged;
        const auto found = onDesk.constFind(id);
        const bool isHeld = notSent.contains(id);
        const bool isInLog = found != onDesk.cend() && !found->pending && found->text == promise.text;
        counts_.heldBack += isHeld ? 1 : 0;
        counts_.inLog += isInLog ? 1 : 0;
        if (isHeld == isInLog)
            isWrong(QStringLiteral("\"%1\" was acknowledged and is %2.")
                        .arg(promise.text,
                             isHeld ? QStringLiteral("both in the log and not sent") : QStringLiteral("lost")));
        const int times = atPhone.value(promise.text);
        if (promise.act != Act::reply || isHeld) {
            if (times != 0)
                isWrong(QStringLiteral("\"%1\" reached the customer and should not.").arg(promise.text));
            continue;
        }
        const bool isUncertain = isInLog && found->status == domain::DeliveryStatus::failed;
        counts_.repliesUncertain += isUncertain ? 1 : 0;
        counts_.repliesOnce += !isUncertain && times == 1 ? 1 : 0;
        if (!isUncertain && times != 1)
            isWrong(QStringLiteral("\"%1\" is not shown as failed and reached the customer %2 times.")
                        .arg(promise.text)
                        .arg(times));
        if (isUncertain && !found->notSent)
            isWrong(QStringLiteral("\"%1\" failed without words.").arg(promise.text));
    }
}

void Ledger::countDatabase(const QString& dataDir, const QString& passphrase)
{
    SystemRandom random;
    const auto desks = local::DeskDirectory(dataDir).desks();
    if (!desks || desks->size() != 1) {
        isWrong(QStringLiteral("There is not one desk."));
        return;
    }
    const local::DeskFiles files = local::DeskDirectory(dataDir).filesOf(desks->first().org, desks->first().user);
    auto key = local::KeySlots(files.keys(), random).open(passphrase);
    auto database = key ? local::Database::open(files, std::move(*key)) : tl::unexpected(key.error());
    if (!database) {
        isWrong(QStringLiteral("The desk's files do not open: ") + database.error().text);
        return;
    }
    const auto ask = [&](const char* sql) {
        return finished((*database)->read<QString>([sql](sql::ReadConnection& connection) -> Result<QString> {
            sql::Statement select = connection.statement(QString::fromLatin1(sql));
            const Result<bool> row = select.first();
            return row ? Result<QString>(select.text(0)) : tl::unexpected(row.error());
        }));
    };
    const std::pair<const char*, const char*> looks[] = {
        {"PRAGMA integrity_check", "ok"},
        {"SELECT count(*) FROM fault", "0"},
        {"SELECT count(*) FROM receipt AS r WHERE NOT EXISTS"
         " (SELECT 1 FROM entry AS e WHERE e.entry = r.entry AND e.pos = r.pos AND e.header = r.header)",
         "0"},
        {"SELECT count(*) - max(seq) FROM entry GROUP BY thread ORDER BY 1 LIMIT 1", "0"},
        {"SELECT count(*) FROM outbox WHERE state IN (0, 1)", "0"},
    };
    for (const auto& [sql, expected] : looks) {
        if (const auto answer = ask(sql); !answer || *answer != QLatin1StringView(expected))
            isWrong(QStringLiteral("%1: %2").arg(QLatin1StringView(sql), answer.value_or(QStringLiteral("error"))));
    }
}

} // namespace holdfast::story
