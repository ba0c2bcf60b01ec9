// Where messages are missing there is a row that says so, asks for them, and leaves what is read in its place.
#include "models/base/digest.h"
#include "tests/ui_conversation/pane_fixture.h"
#include "ui/conversation/message_item.h"

#include <QAccessible>

#include <set>

using namespace holdfast;
using namespace holdfast::test;

namespace {

// The newest messages of a long thread are here; older ones come when they are asked for, a few at a time.
struct HoleFixture : PaneFixture
{
    explicit HoleFixture(bool online = true)
    {
        views::SyncState state;
        state.link = online ? views::SyncState::Link::online : views::SyncState::Link::offline;
        fake.news().setSyncState(state);
        fill(400);
        all = fake.data().find(id)->messages;
        keepFrom(300);
        fake.bringHistory = [this](const ThreadId&, const views::Hole& hole) { bring(hole); };
    }

    // Messages of tseq 1..first-1 are missing.
    void keepFrom(quint64 first)
    {
        here.clear();
        for (quint64 seq = first; seq <= 400; ++seq)
            here.insert(seq);
        show();
    }

    void show()
    {
        QList<views::Message>& shown = fake.data().find(id)->messages;
        shown.clear();
        quint64 last = 0;
        EntryId above;
        for (const quint64 seq : here) {
            if (seq != last + 1)
                shown.append(hole(last + 1, seq - 1, above));
            shown.append(all[static_cast<qsizetype>(seq) - 1]);
            above = shown.last().id;
            last = seq;
        }
    }

    static views::Message hole(quint64 first, quint64 last, const EntryId& above)
    {
        views::Message row;
        row.id = *EntryId::fromBytes(sha256({QByteArrayView("hole"), above.toBytes()}).toBytes().first(16));
        row.kind = views::MessageKind::hole;
        row.key.threadSeq = last;
        row.hole = {ThreadSeq{first}, ThreadSeq{last}};
        row.at = sampleNow();
        return row;
    }

    void bring(const views::Hole& wanted)
    {
        const quint64 size = std::min<quint64>(60, wanted.last.value - wanted.first.value + 1);
        for (quint64 seq = wanted.last.value - size + 1; seq <= wanted.last.value; ++seq)
            here.insert(seq);
        show();
    }

    void reopen()
    {
        pane->close();
        fake.acts.clear();
        pane->open(id);
        QTest::qWait(1);
    }
    void goOnline()
    {
        views::SyncState state;
        state.link = views::SyncState::Link::online;
        fake.news().setSyncState(state);
    }
    QStringList asked()
    {
        QStringList ranges;
        for (const FakeDesk::Act& act : fake.acts) {
            if (act.name == QStringLiteral("history"))
                ranges.append(act.text);
        }
        return ranges;
    }
    QString words() { return holeRow() < 0 ? QString() : view().item(holeRow())->text.text(); }

    void toTop()
    {
        QScrollBar* bar = view().verticalScrollBar();
        for (int i = 0; i < 40 && !(holeRow() >= 0 && bar->value() == 0); ++i) {
            bar->setValue(0);
            QTest::qWait(1);
        }
    }
    int holeRow()
    {
        for (int row = 0; row < rows().count(); ++row) {
            if (rows().at(row).kind == views::MessageKind::hole)
                return row;
        }
        return -1;
    }

    QList<views::Message> all;
    std::set<quint64> here;
};

} // namespace

TEST_CASE("A hole that comes into sight is asked for once, and what is read stays where it is as it fills")
{
    HoleFixture f;
    f.reopen();
    auto bring = std::exchange(f.fake.bringHistory, nullptr);
    f.toTop();
    REQUIRE(f.holeRow() == 0);
    CHECK(f.asked() == QStringList{QStringLiteral("1-299")});
    CHECK(f.words() == QStringLiteral("Older messages are being fetched"));
    f.view().verticalScrollBar()->setValue(3);
    f.view().verticalScrollBar()->setValue(0);
    QTest::qWait(1);
    CHECK(f.asked().size() == 1);

    const EntryId reading = f.rows().at(1).id; // the oldest that is here
    const int y = f.view().bodyOf(reading).top();
    bring(f.id, {ThreadSeq{1}, ThreadSeq{299}});
    Q_EMIT f.fake.news().threadChanged(f.id);
    REQUIRE(soon([&] { return f.rows().rowOf(reading) > 30; }));
    CHECK(f.view().bodyOf(reading).top() == y);
    CHECK(f.rows().at(f.rows().rowOf(reading) - 1).key.threadSeq == 299);
}

TEST_CASE("Without central a hole says so and asks for nothing; with it, it asks by itself")
{
    HoleFixture f(false);
    f.reopen();
    f.toTop();
    REQUIRE(f.holeRow() == 0);
    CHECK(f.asked().isEmpty());
    CHECK(f.words().contains(QStringLiteral("They come when central can be reached")));
    f.goOnline();
    REQUIRE(soon([&] { return f.here.contains(299); }));
    REQUIRE(soon([&] { return f.holeRow() < 0 || f.words().contains(QStringLiteral("being fetched")); }));
}

TEST_CASE("What could not be fetched says why in place, and is tried again by Enter, a click or the menu")
{
    HoleFixture f;
    f.reopen();
    f.fake.failNextOf = QStringLiteral("history");
    f.toTop();
    REQUIRE(f.holeRow() == 0);
    REQUIRE(soon([&] { return f.words().contains(QStringLiteral("could not be fetched")); }));
    CHECK(f.words().contains(QStringLiteral("No connection.")));
    CHECK(f.asked().size() == 1);
    const EntryId row = f.rows().at(0).id;
    CHECK(f.view().actsOf(row) == QList{ui::ConversationView::Act::fetch});
    QAccessibleInterface* list = QAccessible::queryAccessibleInterface(&f.view());
    REQUIRE(list);
    CHECK(list->child(0)->text(QAccessible::Name).contains(QStringLiteral("could not be fetched")));
    f.view().setFocus(Qt::TabFocusReason);
    f.view().setFocusedMessage(row);
    QTest::keyClick(&f.view(), Qt::Key_Return);
    CHECK(f.asked().size() == 2);
    REQUIRE(soon([&] { return f.here.contains(299); }));
}

TEST_CASE("Home goes to the first message of the thread over what is missing")
{
    HoleFixture f;
    f.reopen();
    f.toTop();
    f.fake.acts.clear();
    f.keepFrom(300);
    f.reopen();
    f.fake.bringHistory = [&f](const ThreadId&, const views::Hole& hole) {
        for (quint64 seq = hole.first.value; seq <= hole.last.value; ++seq)
            f.here.insert(seq);
        f.show();
    };
    f.view().setFocus(Qt::TabFocusReason);
    for (int i = 0; i < 10 && f.rows().at(0).key.threadSeq != 1; ++i) {
        QTest::keyClick(&f.view(), Qt::Key_Home);
        QTest::qWait(5);
    }
    CHECK(f.asked().contains(QStringLiteral("1-200")));
    REQUIRE(soon([&] { return f.rows().count() > 0 && f.rows().at(0).key.threadSeq == 1; }));
    CHECK(f.view().verticalScrollBar()->value() == f.view().verticalScrollBar()->minimum());
}
