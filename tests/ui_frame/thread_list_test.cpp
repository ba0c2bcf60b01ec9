#include "tests/support/string_makers.h"
#include "tests/ui_support/fake_desk.h"
#include "ui/theme/theme.h"
#include "ui/threads/thread_delegate.h"
#include "ui/threads/thread_list_model.h"
#include "ui/threads/thread_list_view.h"
#include "ui/widgets/painting.h"

#include <QImage>
#include <QPainter>
#include <QSignalSpy>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using ui::ThreadListModel;

namespace {

// `count` threads of mine, newest first, two a minute so that the tie-break by id is needed.
test::SampleData manyThreads(int count)
{
    test::SampleData data = test::makeSampleData();
    const test::SampleThread pattern = data.threads.first();
    data.threads.clear();
    for (int i = 0; i < count; ++i) {
        test::SampleThread thread = pattern;
        thread.header.row.id = test::sampleId<ThreadId>(5'000 + i);
        thread.header.row.at = Timestamp{test::sampleNow().value - (i / 2) * 60'000'000LL};
        data.threads.append(thread);
    }
    return data;
}

struct List
{
    explicit List(test::SampleData data) : clock(test::sampleNow()), desk(std::move(data), clock), model(desk) {}
    test::HeldClock clock;
    test::FakeDesk desk;
    ThreadListModel model;
};

QStringList titles(const ThreadListModel& model)
{
    QStringList list;
    for (int i = 0; i < model.rowCount(); ++i)
        list.append(model.row(model.index(i))->title);
    return list;
}

views::ThreadRow rowNamed(const char* name)
{
    test::SampleData data = test::makeSampleData();
    return data.named(QString::fromUtf8(name))->header.row;
}

} // namespace

TEST_CASE("The list pages by keyset through every thread once, newest first")
{
    List list(manyThreads(450));
    list.model.show(views::View::myQueue, false);
    CHECK(list.model.rowCount() == 200);
    CHECK(list.model.total() == 450);
    while (list.model.canFetchMore({}))
        list.model.fetchMore({});
    REQUIRE(list.model.rowCount() == 450);
    QSet<ThreadId> seen;
    for (int i = 0; i < 450; ++i) {
        const views::ThreadRow* row = list.model.row(list.model.index(i));
        seen.insert(row->id);
        if (i > 0)
            CHECK(row->at <= list.model.row(list.model.index(i - 1))->at);
    }
    CHECK(seen.size() == 450);
    CHECK(list.desk.threadQueries.size() == 3);
}

TEST_CASE("An answer for a view that was left is dropped")
{
    List list(test::makeSampleData());
    list.desk.hold(true);
    list.model.show(views::View::all, false);
    list.model.show(views::View::unassigned, false);
    REQUIRE(list.desk.heldCount() == 2);
    list.desk.release(1);
    CHECK(list.model.rowCount() == 7);
    list.desk.release(0); // late: of All
    CHECK(list.model.rowCount() == 7);
    CHECK(list.model.total() == 7);
}

TEST_CASE("A page that arrives after a reload does not double rows")
{
    List list(manyThreads(300));
    list.model.show(views::View::myQueue, false);
    list.desk.hold(true);
    list.model.fetchMore({});
    list.model.reload();
    list.desk.release(1);
    list.desk.release(0);
    CHECK(list.model.rowCount() == 200);
}

TEST_CASE("News move a row up without losing the others")
{
    List list(test::makeSampleData());
    list.model.show(views::View::myQueue, false);
    const QStringList before = titles(list.model);
    const QPersistentModelIndex steyn(
        list.model.index(static_cast<int>(before.indexOf(QStringLiteral("Johannes Steyn")))));
    int resets = 0;
    QObject::connect(&list.model, &QAbstractItemModel::modelReset, &list.model, [&resets] { ++resets; });
    list.clock.set(Timestamp{test::sampleNow().value + 60'000'000});
    list.desk.customerWrites(list.desk.data().named(QStringLiteral("Johannes Steyn"))->header.row.id,
                             QStringLiteral("Here is the invoice"));
    list.model.reload();
    CHECK(steyn.row() == 0);
    CHECK(list.model.row(steyn)->snippet == QStringLiteral("Here is the invoice"));
    CHECK(resets == 0);
    QStringList after = titles(list.model);
    CHECK(after.size() == before.size());
    after.sort();
    QStringList sorted = before;
    sorted.sort();
    CHECK(after == sorted);
}

TEST_CASE("A failed read says why and keeps what is shown")
{
    List list(test::makeSampleData());
    list.model.show(views::View::myQueue, false);
    list.desk.failNext({ErrorCode::io, QStringLiteral("The disk did not answer. Try again.")});
    list.model.reload();
    CHECK(list.model.state() == ThreadListModel::State::failed);
    CHECK(list.model.errorText() == QStringLiteral("The disk did not answer. Try again."));
    CHECK(list.model.rowCount() == 12);
    list.model.reload();
    CHECK(list.model.state() == ThreadListModel::State::ready);
}

TEST_CASE("Unread asks for unread only")
{
    List list(test::makeSampleData());
    list.model.show(views::View::myQueue, true);
    CHECK(list.model.rowCount() == list.model.unread());
    for (int i = 0; i < list.model.rowCount(); ++i)
        CHECK(list.model.row(list.model.index(i))->unread > 0);
}

TEST_CASE("A row is said in order: unread, name, policy, snippet, time, window, assignee, draft")
{
    const QString words = ui::threadRowWords(rowNamed("Nomvula Zulu"), test::sampleNow());
    qsizetype last = -1;
    for (const char* part : {"3 unread", "Nomvula Zulu", "HL-311-042-9", "They want to tow", ":49",
                             "WhatsApp reply until", "assigned to Lerato Khumalo"}) {
        const qsizetype at = words.indexOf(QString::fromUtf8(part));
        INFO(words.toStdString() << " | " << part);
        CHECK(at > last);
        last = at;
    }
    CHECK(ui::threadRowWords(rowNamed("Kagiso Moatshe"), test::sampleNow())
              .endsWith(QStringLiteral("draft: Your hired car can be collected from")));
    CHECK(ui::threadRowWords(rowNamed("Johannes Steyn"), test::sampleNow()).contains(QStringLiteral("reply closed")));
    CHECK(ui::threadRowWords(rowNamed("Chantelle Jacobs"), test::sampleNow()).contains(QStringLiteral("Read")));
    CHECK(ui::threadRowWords(rowNamed("Deshan Reddy"), test::sampleNow())
              .contains(QStringLiteral("Priya Naidoo: Your excess")));
    views::ThreadRow note = rowNamed("Priscilla Fortuin");
    CHECK(ui::threadRowWords(note, test::sampleNow())
              .contains(QStringLiteral("internal note, never sent, Priya Naidoo: Certificate")));
    note.snippetAuthor.clear();
    CHECK(ui::threadRowWords(note, test::sampleNow())
              .contains(QStringLiteral("internal note, never sent, you: Certificate")));
}

TEST_CASE("The view gives a screen reader those words")
{
    List list(test::makeSampleData());
    const ui::Theme theme(ui::Scheme::light);
    ui::ThreadListView view(theme, list.clock, list.model, nullptr);
    list.model.show(views::View::myQueue, false);
    const QString words = view.model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
    CHECK(words == ui::threadRowWords(*list.model.row(list.model.index(0)), test::sampleNow()));
}

TEST_CASE("No text of a row is clipped, at any text size and width")
{
    for (const int percent : {90, 100, 115, 130, 150}) {
        const ui::Theme theme(ui::Scheme::light, percent);
        for (const int width : {220, 336, 700}) {
            for (const test::SampleThread& thread : test::makeSampleData().threads) {
                const views::ThreadRow& row = thread.header.row;
                const QRect box(0, 0, width, ui::threadRowHeight(theme));
                const ui::ThreadRowPlaces places = ui::placeThreadRow(row, box, test::sampleNow(), theme);
                INFO(row.title.toStdString() << " at " << width << " px, " << percent << " %");
                for (const QRect& part : {places.name, places.time, places.snippet, places.badge, places.policy,
                                          places.tag, places.window}) {
                    if (part.isEmpty())
                        continue;
                    CHECK(box.contains(part));
                    CHECK(part.height() >= QFontMetrics(theme.font(ui::Role::base)).height());
                }
                CHECK_FALSE(places.name.intersects(places.time));
                CHECK_FALSE(places.policy.intersects(places.tag));
                CHECK_FALSE(places.tag.intersects(places.window));
                CHECK_FALSE(places.window.intersects(places.assignee));
                CHECK_FALSE(places.snippet.intersects(places.badge));
            }
        }
    }
}

TEST_CASE("A narrow row drops the tag, then the window, and keeps the policy number")
{
    const ui::Theme theme(ui::Scheme::light);
    const views::ThreadRow row = rowNamed("Nomvula Zulu");
    const auto at = [&](int width) {
        return ui::placeThreadRow(row, QRect(0, 0, width, 76), test::sampleNow(), theme);
    };
    CHECK_FALSE(at(336).tag.isNull());
    bool tagGone = false;
    for (int width = 336; width > 160; --width) {
        const ui::ThreadRowPlaces places = at(width);
        CHECK_FALSE(places.policy.isNull());
        tagGone = tagGone || places.tag.isNull();
        if (places.window.isNull())
            CHECK(tagGone);
    }
    CHECK(tagGone);
    CHECK(at(180).window.isNull());
}

TEST_CASE("Hostile names are drawn as they are, inside of their row")
{
    const ui::Theme theme(ui::Scheme::light);
    test::SampleData data = test::makeSampleData();
    data.threads = data.threads.mid(0, 3);
    data.threads[0].header.row.title = QStringLiteral("\u202Eevil\u202D <img src=x onerror=alert(1)>");
    data.threads[1].header.row.title = QString(10'000, u'W');
    data.threads[1].header.row.snippet = QString(10'000, u'W');
    data.threads[1].header.row.policyNumber = QString(500, u'9');
    data.threads[1].header.row.tag = QString(500, u'M');
    data.threads[2].header.row.title = QStringLiteral("\u0645\u0631\u062D\u0628\u0627\nline\0two");
    List list(data);
    list.model.show(views::View::myQueue, false);
    REQUIRE(list.model.rowCount() == 3);
    ui::ThreadDelegate delegate(theme, list.clock, list.model, nullptr);
    QImage image(400, 400, QImage::Format_RGB32);
    image.fill(Qt::magenta);
    QPainter painter(&image);
    QStyleOptionViewItem option;
    option.rect = QRect(30, 100, 336, ui::threadRowHeight(theme));
    for (int i = 0; i < 3; ++i)
        delegate.paint(&painter, option, list.model.index(i));
    painter.end();
    int outside = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            outside += !option.rect.contains(x, y) && image.pixelColor(x, y) != QColor(Qt::magenta) ? 1 : 0;
    }
    CHECK(outside == 0);
    CHECK(list.model.data(list.model.index(0), Qt::DisplayRole).toString() !=
          data.threads[0].header.row.title); // the override is gone, the tag stays text
    const QString words = ui::threadRowWords(data.threads[0].header.row, test::sampleNow());
    CHECK(words.contains(QStringLiteral("<img")));
    CHECK_FALSE(words.contains(QChar(0x202E)));
    CHECK(ui::threadRowWords(data.threads[1].header.row, test::sampleNow()).size() < 1'000);
}
