#include "models/views/thread_window.h"
#include "tests/support/string_makers.h"

#include <QCoreApplication>
#include <QPromise>

#include <catch2/catch_test_macros.hpp>

#include <deque>
#include <random>

using namespace holdfast;
using namespace holdfast::views;

namespace {

EntryId entry(int number)
{
    QByteArray bytes(16, '\0');
    for (int i = 0; i < 4; ++i)
        bytes[15 - i] = static_cast<char>((number >> (8 * i)) & 0xff);
    return *EntryId::fromBytes(bytes);
}

const ThreadId thread = *ThreadId::fromHex(QByteArray("000000000000000000000000000000aa"));
const UserId me = *UserId::fromHex(QByteArray("00000000000000000000000000000001"));
const UserId other = *UserId::fromHex(QByteArray("00000000000000000000000000000002"));
constexpr qint64 minute = 60LL * 1'000'000;

Message text(int number, quint64 seq, qint64 atMinute, MessageKind kind = MessageKind::customer)
{
    Message message;
    message.id = entry(number);
    message.key.threadSeq = seq;
    message.kind = kind;
    message.author = kind == MessageKind::customer ? UserId() : other;
    message.authorName = QStringLiteral("somebody");
    message.at = Timestamp{atMinute * minute};
    message.text = QString::number(number);
    return message;
}

// Answers pages from a list; can hold answers back and give them in any order.
class ScriptedReader : public DeskReader
{
public:
    QList<Message> all;
    MessageKey readUpTo;
    bool held = false;
    int calls = 0;

    void release(size_t index = 0)
    {
        auto give = waiting_.at(index);
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
        give();
        QCoreApplication::processEvents(); // an answer that was waited for arrives with the next event
    }
    [[nodiscard]] size_t waiting() const { return waiting_.size(); }

    QFuture<Result<MessagePage>> newestMessages(const ThreadId&, int limit) override
    {
        return page([this, limit] { return slice(all.size() - limit, limit); });
    }
    QFuture<Result<MessagePage>> messagesBefore(const ThreadId&, const MessageKey& key, int limit) override
    {
        return page([=, this] { return slice(lower(key) - limit, std::min<qsizetype>(limit, lower(key))); });
    }
    QFuture<Result<MessagePage>> messagesAfter(const ThreadId&, const MessageKey& key, int limit) override
    {
        return page([=, this] {
            qsizetype from = lower(key);
            while (from < all.size() && !(key < all.at(from).key))
                ++from;
            return slice(from, limit);
        });
    }
    QFuture<Result<MessagePage>> messagesAround(const ThreadId&, const MessageKey& key, int limit) override
    {
        return page([=, this] { return slice(lower(key) - limit / 2, limit); });
    }

    QFuture<Result<Navigation>> navigation() override { return {}; }
    QFuture<Result<QList<Team>>> teams() override { return {}; }
    QFuture<Result<QList<KeptDraft>>> keptDrafts() override { return {}; }
    QFuture<Result<ThreadPage>> threads(const ThreadQuery&) override { return {}; }
    QFuture<Result<ThreadHeader>> thread(const ThreadId&) override { return {}; }
    QFuture<Result<Message>> message(const EntryId&) override { return {}; }
    QFuture<Result<QByteArray>> attachment(const BlobId&) override { return {}; }
    QFuture<Result<QList<LogLine>>> threadLog(const ThreadId&, int) override { return {}; }
    QFuture<Result<SearchPage>> search(const SearchQuery&) override { return {}; }
    QFuture<Result<QList<Staff>>> staff() override { return {}; }
    QFuture<Result<QList<NotSent>>> notSent() override { return {}; }
    QFuture<Result<QString>> draft(const ThreadId&, bool) override { return {}; }

private:
    [[nodiscard]] qsizetype lower(const MessageKey& key) const
    {
        qsizetype at = 0;
        while (at < all.size() && all.at(at).key < key)
            ++at;
        return at;
    }
    [[nodiscard]] MessagePage slice(qsizetype from, qsizetype count) const
    {
        const qsizetype first = std::clamp<qsizetype>(from, 0, all.size());
        MessagePage page;
        page.messages = all.mid(first, std::max<qsizetype>(0, count));
        page.moreBefore = first > 0;
        page.moreAfter = first + page.messages.size() < all.size();
        page.readUpTo = readUpTo;
        return page;
    }
    QFuture<Result<MessagePage>> page(const std::function<MessagePage()>& make)
    {
        ++calls;
        auto promise = std::make_shared<QPromise<Result<MessagePage>>>();
        promise->start();
        // What a page says is fixed when it is asked for, as a read transaction would.
        const auto give = [promise, made = make()] {
            promise->addResult(Result<MessagePage>(made));
            promise->finish();
        };
        if (held)
            waiting_.push_back(give);
        else
            give();
        return promise->future();
    }

    std::deque<std::function<void()>> waiting_;
};

// A listener that follows the ranges alone and must end with the window's own rows.
struct Mirror
{
    explicit Mirror(ThreadWindow& window)
    {
        QObject::connect(&window, &ThreadWindow::reset, &context, [&] {
            rows.clear();
            for (int row = 0; row < window.count(); ++row)
                rows.push_back(window.at(row).id);
        });
        QObject::connect(&window, &ThreadWindow::inserted, &context, [&](int first, int count) {
            for (int row = first; row < first + count; ++row)
                rows.insert(rows.begin() + row, window.at(row).id);
        });
        QObject::connect(&window, &ThreadWindow::removed, &context,
                         [&](int first, int count) { rows.erase(rows.begin() + first, rows.begin() + first + count); });
        QObject::connect(&window, &ThreadWindow::changed, &context, [&](int first, int count) {
            changed.append({first, count});
        });
        QObject::connect(&window, &ThreadWindow::arrived, &context, [&](int count) { arrived += count; });
    }
    [[nodiscard]] bool matches(const ThreadWindow& window) const
    {
        bool same = static_cast<int>(rows.size()) == window.count();
        for (int row = 0; same && row < window.count(); ++row)
            same = rows[static_cast<size_t>(row)] == window.at(row).id;
        return same;
    }

    QObject context;
    std::vector<EntryId> rows;
    QList<std::pair<int, int>> changed;
    int arrived = 0;
};

bool ascending(const ThreadWindow& window)
{
    for (int row = 1; row < window.count(); ++row) {
        if (!(window.at(row - 1).key < window.at(row).key))
            return false;
    }
    return true;
}

struct Fixture
{
    explicit Fixture(int count, ThreadWindow::Limits limits = {})
        : window(reader, me, limits, QTimeZone::utc()), mirror(window)
    {
        for (int i = 1; i <= count; ++i)
            reader.all.append(text(i, static_cast<quint64>(i), i));
        reader.readUpTo.threadSeq = static_cast<quint64>(count);
    }
    // Qt asserts that a continuation's context outlives its future.
    ~Fixture()
    {
        while (reader.waiting() > 0)
            reader.release();
    }
    ScriptedReader reader;
    ThreadWindow window;
    Mirror mirror;
};

} // namespace

TEST_CASE("A window opens at the newest page and grows to both sides within its bound")
{
    Fixture f(1000);
    f.window.open(thread);
    REQUIRE(f.window.count() == 60);
    CHECK(f.window.at(59).id == entry(1000));
    CHECK(f.window.hasMoreBefore());
    CHECK_FALSE(f.window.hasMoreAfter());

    for (int i = 0; i < 40; ++i) {
        f.window.setVisible(0, 10);
        REQUIRE(f.window.count() <= 400);
        REQUIRE(ascending(f.window));
        REQUIRE(f.mirror.matches(f.window));
    }
    CHECK(f.window.at(0).id == entry(1));
    CHECK_FALSE(f.window.hasMoreBefore());
    CHECK(f.window.hasMoreAfter()); // the newest were let go

    for (int i = 0; i < 40; ++i)
        f.window.setVisible(f.window.count() - 10, f.window.count() - 1);
    CHECK(f.window.at(f.window.count() - 1).id == entry(1000));
    CHECK(f.window.count() <= 400);
    CHECK(f.mirror.matches(f.window));
}

TEST_CASE("A late answer for another thread or another range is dropped")
{
    Fixture f(300);
    f.reader.held = true;
    f.window.open(thread);
    f.window.open(*ThreadId::fromHex(QByteArray("000000000000000000000000000000bb")));
    REQUIRE(f.reader.waiting() == 2);
    f.reader.release(0);
    CHECK_FALSE(f.window.isLoaded());
    f.reader.release(0);
    CHECK(f.window.isLoaded());

    f.window.setVisible(0, 5);
    REQUIRE(f.reader.waiting() == 1);
    f.window.goTo({10, 0});
    REQUIRE(f.reader.waiting() == 2);
    f.reader.release(1);
    REQUIRE(f.window.rowOf(entry(10)) >= 0);
    f.reader.release(0); // the page before the old range would leave a hole
    CHECK(f.window.rowOf(entry(200)) < 0);
    CHECK(ascending(f.window));
}

TEST_CASE("A pending message keeps its identity when it is accepted behind a newer one")
{
    Fixture f(20);
    f.window.open(thread);
    Message mine = text(900, 0, 21, MessageKind::reply);
    mine.author = me;
    mine.key = {0, 1};
    mine.pending = true;
    f.reader.all.append(mine);
    f.window.refresh();
    REQUIRE(f.window.rowOf(entry(900)) == 20);
    CHECK(f.mirror.arrived == 0); // one's own words are no news

    // A customer's message was accepted first; ours follows it.
    f.reader.all.removeLast();
    f.reader.all.append(text(21, 21, 21));
    mine.pending = false;
    mine.key = {22, 0};
    mine.status = domain::DeliveryStatus::sent;
    f.reader.all.append(mine);
    f.window.refresh();
    REQUIRE(f.window.count() == 22);
    CHECK(f.window.rowOf(entry(21)) == 20);
    CHECK(f.window.rowOf(entry(900)) == 21);
    CHECK_FALSE(f.window.at(21).pending);
    CHECK(f.mirror.matches(f.window));
    CHECK(f.mirror.arrived == 1);
}

TEST_CASE("A status changes one row and nothing else")
{
    Fixture f(50);
    f.window.open(thread);
    f.reader.all[42].status = domain::DeliveryStatus::read;
    f.mirror.changed.clear();
    f.window.refresh();
    CHECK(f.mirror.changed == QList<std::pair<int, int>>{{42, 1}});
    f.mirror.changed.clear();
    f.window.refresh();
    CHECK(f.mirror.changed.isEmpty());
}

TEST_CASE("A discarded message leaves the window")
{
    Fixture f(10);
    Message mine = text(900, 0, 11, MessageKind::reply);
    mine.key = {0, 1};
    mine.pending = true;
    f.reader.all.append(mine);
    f.window.open(thread);
    REQUIRE(f.window.count() == 11);
    f.reader.all.removeLast();
    f.window.refresh();
    CHECK(f.window.count() == 10);
    CHECK(f.mirror.matches(f.window));
}

TEST_CASE("More than a page arrives: who reads the end follows, who reads history stays")
{
    Fixture f(500, {.page = 60, .refresh = 100, .most = 400});
    f.window.open(thread);
    const auto flood = [&f](int from) {
        for (int i = from; i < from + 150; ++i)
            f.reader.all.append(text(i, static_cast<quint64>(i), i));
    };
    flood(501);
    f.window.setVisible(50, 59);
    f.window.refresh();
    CHECK(f.window.at(f.window.count() - 1).id == entry(650));
    CHECK(ascending(f.window));

    f.window.goTo({100, 0});
    f.window.setVisible(25, 35);
    const EntryId shown = f.window.at(30).id;
    flood(651);
    f.window.refresh();
    CHECK(f.window.rowOf(shown) >= 0);
    CHECK(f.window.hasMoreAfter());
    CHECK(f.mirror.matches(f.window));
}

TEST_CASE("The unread line is latched when the thread opens")
{
    Fixture f(30);
    f.reader.readUpTo.threadSeq = 25;
    f.reader.all[25].kind = MessageKind::reply; // by another agent: still to be read
    f.window.open(thread);
    REQUIRE(f.window.firstUnread() == entry(26));
    CHECK(f.window.place(25).startsUnread);
    f.reader.readUpTo.threadSeq = 30;
    f.reader.all.append(text(31, 31, 31));
    f.window.refresh();
    CHECK(f.window.firstUnread() == entry(26));
}

TEST_CASE("A thread whose unread part starts above the newest page opens around it")
{
    Fixture f(500);
    f.reader.readUpTo.threadSeq = 300;
    f.window.open(thread);
    CHECK(f.window.firstUnread() == entry(301));
    CHECK(f.window.rowOf(entry(301)) > 0);
    CHECK(f.window.hasMoreAfter());
}

TEST_CASE("Runs break on the sender, five minutes, a day and the unread line")
{
    std::vector<Message> rows = {text(1, 1, 0),
                                 text(2, 2, 4),
                                 text(3, 3, 10),
                                 text(4, 4, 11, MessageKind::reply),
                                 text(5, 5, 12, MessageKind::reply),
                                 text(6, 6, 24 * 60),
                                 text(7, 7, 24 * 60 + 1),
                                 text(8, 8, 24 * 60 + 1, MessageKind::note),
                                 text(9, 9, 24 * 60 + 1, MessageKind::note)};
    rows[4].author = me;
    const auto places = placesOf(rows, entry(7), QTimeZone::utc());
    const auto starts = [&](size_t row) { return places[row].startsRun; };
    CHECK_FALSE(starts(1));
    CHECK_FALSE(places[0].endsRun);
    CHECK(starts(2)); // five minutes
    CHECK(starts(3)); // other side
    CHECK(starts(4)); // other agent
    CHECK(starts(5));
    CHECK(places[5].startsDay);
    CHECK_FALSE(places[6].startsDay);
    CHECK(places[6].startsUnread);
    CHECK(starts(6)); // the unread line parts them
    CHECK(starts(8)); // notes stand alone
    CHECK(places[8].endsRun);
}

TEST_CASE("An error is kept and the next refresh tries again")
{
    class Failing : public ScriptedReader
    {
    public:
        bool broken = true;
        QFuture<Result<MessagePage>> newestMessages(const ThreadId& id, int limit) override
        {
            if (!broken)
                return ScriptedReader::newestMessages(id, limit);
            QPromise<Result<MessagePage>> promise;
            promise.start();
            promise.addResult(Result<MessagePage>(fail(ErrorCode::io, QStringLiteral("The disk did not answer."))));
            promise.finish();
            return promise.future();
        }
    };
    Failing reader;
    reader.all.append(text(1, 1, 1));
    ThreadWindow window(reader, me, {}, QTimeZone::utc());
    window.open(thread);
    REQUIRE(window.error().has_value());
    CHECK_FALSE(window.isLoaded());
    reader.broken = false;
    window.refresh();
    CHECK_FALSE(window.error().has_value());
    CHECK(window.count() == 1);
}

TEST_CASE("Any order of changes and answers leaves a continuous, ordered window that its listeners know")
{
    for (unsigned seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const auto upTo = [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
        Fixture f(120 + upTo(200), {.page = 20, .refresh = 60, .most = 80});
        f.reader.held = true;
        f.window.open(thread);
        int next = 10'000;
        for (int step = 0; step < 150; ++step) {
            switch (upTo(8)) {
            case 0:
                f.reader.all.append(text(next, f.reader.all.last().key.threadSeq + 1, next));
                ++next;
                f.window.refresh();
                break;
            case 1:
                f.window.setVisible(0, 5);
                break;
            case 2:
                f.window.setVisible(std::max(0, f.window.count() - 6), std::max(0, f.window.count() - 1));
                break;
            case 3:
                f.window.goTo({static_cast<quint64>(1 + upTo(static_cast<int>(f.reader.all.size()))), 0});
                break;
            case 4:
                f.window.goToNewest();
                break;
            default:
                if (f.reader.waiting() > 0)
                    f.reader.release(static_cast<size_t>(upTo(static_cast<int>(f.reader.waiting()))));
            }
            REQUIRE(ascending(f.window));
            REQUIRE(f.mirror.matches(f.window));
            REQUIRE(f.window.count() <= 80 + 60);
            for (int row = 1; row < f.window.count(); ++row)
                REQUIRE(f.window.at(row).key.threadSeq == f.window.at(row - 1).key.threadSeq + 1);
        }
    }
}
