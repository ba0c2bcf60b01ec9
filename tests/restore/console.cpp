#include "tests/restore/console.h"

#include "tests/sync/waiting.h"

#include <QDirIterator>
#include <QFile>

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {
namespace {

using Link = views::SyncState::Link;

constexpr qint64 patience = 60'000;
const QString password = QStringLiteral("correct horse battery");
const QString passphrase = QStringLiteral("blue lamp by the river");

} // namespace

std::unique_ptr<sync::DeskSession> Console::session()
{
    const sync::SessionOptions options{folder_.path(), {}, {}, local::PassphraseCost{64 * 1024, 3, 1}};
    auto made = std::make_unique<sync::DeskSession>(options, office_.clock, office_.random);
    QObject::connect(made.get(), &views::Session::signInNeeded, made.get(), [this] { asked_ = true; });
    return made;
}

void Console::enrol(const QString& login)
{
    session_ = session();
    const auto enrolled = finished(session_->enrol(office_.server(), login, password, passphrase));
    INFO((enrolled ? std::string() : enrolled.error().text.toStdString()));
    REQUIRE(enrolled.has_value());
}

void Console::open()
{
    session_ = session();
    REQUIRE(finished(session_->unlock(passphrase)).has_value());
}

void Console::close()
{
    session_.reset();
    asked_ = false;
}

void Console::copyTo(const Console& other) const
{
    REQUIRE(QDir(other.folder_.path()).removeRecursively());
    REQUIRE(QDir().mkpath(other.folder_.path()));
    QDirIterator files(folder_.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString from = files.next();
        const QString to = other.folder_.filePath(QDir(folder_.path()).relativeFilePath(from));
        REQUIRE(QDir().mkpath(QFileInfo(to).path()));
        REQUIRE(QFile::copy(from, to));
    }
}

bool Console::comesOnline()
{
    const auto online = [this] { return state().link == Link::online; };
    if (!becomes([&] { return asked_ || online(); }, patience))
        return false;
    if (asked_ && !finished(session_->signInAgain(password)).has_value())
        return false;
    return becomes(online, patience);
}

views::SyncState Console::state()
{
    return session_->desk()->news.syncState();
}

bool Console::isSetBack()
{
    return becomes([this] { return state().detail.contains(QStringLiteral("restored")); }, patience);
}

QList<views::Message> Console::messages()
{
    const auto page = finished(session_->desk()->reader.newestMessages(office_.thread(), 100));
    return page ? page->messages : QList<views::Message>();
}

QList<EntryId> Console::accepted()
{
    QList<EntryId> ids;
    const QList<views::Message> all = messages();
    for (const views::Message& message : all) {
        if (!message.pending)
            ids.append(message.id);
    }
    return ids;
}

bool Console::holds(const QList<EntryId>& wanted, quint64 size)
{
    return becomes(
        [&] {
            const QList<EntryId> held = accepted();
            const bool all =
                std::all_of(wanted.begin(), wanted.end(), [&](const EntryId& id) { return held.contains(id); });
            return all && state().link == Link::online && state().verifiedUpTo >= size;
        },
        patience);
}

EntryId Console::replies(const QString& text, const QList<views::OutgoingFile>& files)
{
    const auto header = finished(session_->desk()->reader.thread(office_.thread()));
    REQUIRE(header.has_value());
    const auto id = finished(session_->desk()->acts.reply(office_.thread(), text, files, {}, header->newest));
    REQUIRE(id.has_value());
    return *id;
}

EntryId Console::notes(const QString& text)
{
    const auto id = finished(session_->desk()->acts.note(office_.thread(), text, {}));
    REQUIRE(id.has_value());
    return *id;
}

QString Console::refusalOf(const EntryId& id)
{
    const QList<views::Message> all = messages();
    const auto found = std::find_if(all.begin(), all.end(), [&id](const auto& message) { return message.id == id; });
    return found == all.end() ? QString() : found->notSent.value_or(QString());
}

EntryId Console::sendsAgain(const EntryId& id)
{
    const auto again = finished(session_->desk()->acts.retry(id));
    REQUIRE(again.has_value());
    return *again;
}

} // namespace holdfast::test
