#include "tests/kill/working_desk.h"

#include "storage/local/database.h"
#include "storage/local/desk_directory.h"
#include "storage/local/desk_settings.h"
#include "storage/sql/secret_bytes.h"
#include "tests/story_support/desk_window.h"

#include <unistd.h>

#include <cstdlib>

namespace holdfast::test {
namespace {

void tell(const QByteArray& line)
{
    const QByteArray bytes = line + '\n';
    if (::write(STDOUT_FILENO, bytes.constData(), size_t(bytes.size())) != bytes.size())
        std::abort();
}

template <typename T>
Result<T> finished(QFuture<Result<T>> future)
{
    if (!story::waitUntil([&future] { return future.isFinished(); }, 60))
        return fail(ErrorCode::timeout, QStringLiteral("An act of the desk did not end within a minute."));
    return future.result();
}

} // namespace

WorkingDesk::WorkingDesk(QString dataDir, QByteArray key, quint64 seed, QString name)
    : dataDir_(std::move(dataDir)), key_(std::move(key)), dice_(seed), name_(std::move(name))
{}

void WorkingDesk::stop(const QString& trouble)
{
    tell("trouble " + trouble.toUtf8());
    std::_Exit(1);
}

void WorkingDesk::open()
{
    const local::DeskDirectory directory(dataDir_);
    const auto desks = directory.desks();
    if (!desks || desks->size() != 1)
        stop(QStringLiteral("There is not one desk."));
    const local::DeskRecord& record = desks->first();
    auto database = local::Database::open(directory.filesOf(record.org, record.user), sql::SecretBytes::copyOf(key_));
    if (!database)
        stop(database.error().text);
    const auto identity = finished(local::DeskSettings(**database).identity());
    if (!identity)
        stop(identity.error().text);
    auto desk = sync::OpenDesk::make({std::move(*database), *identity, record.server}, {}, clock_, random_,
                                     [this] { stop(QStringLiteral("The desk was asked to sign in again.")); });
    if (!desk)
        stop(desk.error().text);
    desk_ = std::move(*desk);
}

void WorkingDesk::workUntilKilled()
{
    open();
    lookForThreads();
    tell("open");
    for (int round = 0;; ++round) {
        if (round % 8 == 0)
            lookForThreads();
        if (desk_->desk().news.syncState().faultAt)
            stop(QStringLiteral("A check of the log failed."));
        act();
        const bool over = story::waitUntil([] { return false; }, 0);
        Q_UNUSED(over)
        ::usleep(useconds_t(dice_() % 40'000)); // a pause between two acts, not a wait for anything
    }
}

void WorkingDesk::lookForThreads()
{
    views::DeskReader& reader = desk_->desk().reader;
    const auto page = finished(reader.threads({views::View::all, false, 200, {}, {}}));
    const auto navigation = finished(reader.navigation());
    if (!page || !navigation)
        stop((page ? navigation.error() : page.error()).text);
    cases_.clear();
    rooms_.clear();
    for (const views::ThreadRow& row : page->rows)
        cases_.append(row.id);
    for (const views::RoomRow& room : navigation->rooms)
        rooms_.append(room.id);
}

void WorkingDesk::act()
{
    views::Desk& desk = desk_->desk();
    const QString text = QStringLiteral("%1 %2").arg(name_).arg(++written_);
    const auto any = [this](const QList<ThreadId>& threads) {
        return threads[qsizetype(dice_() % quint64(threads.size()))];
    };
    const auto kind = dice_() % 6;
    if (kind < 3 && !cases_.isEmpty()) {
        const ThreadId thread = any(cases_);
        const auto header = finished(desk.reader.thread(thread));
        if (!header)
            stop(header.error().text);
        acknowledge("reply", finished(desk.acts.reply(thread, text, {}, std::nullopt, header->newest)), text);
    } else if (kind == 3 && !cases_.isEmpty()) {
        acknowledge("note", finished(desk.acts.note(any(cases_), text, {})), text);
    } else if (kind == 4 && !rooms_.isEmpty()) {
        acknowledge("room", finished(desk.acts.roomMessage(any(rooms_), text, {})), text);
    } else if (!cases_.isEmpty()) {
        if (const auto saved = finished(desk.acts.saveDraft(any(cases_), true, text)); !saved)
            stop(saved.error().text);
    }
}

void WorkingDesk::acknowledge(const char* kind, const Result<EntryId>& id, const QString& text)
{
    if (!id)
        stop(id.error().text);
    tell(QByteArray("ack ") + kind + ' ' + id->toHex() + ' ' + text.toUtf8());
}

} // namespace holdfast::test
