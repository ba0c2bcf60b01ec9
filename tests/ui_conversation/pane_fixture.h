// A conversation pane over the desk in memory, shown and settled, for every test of this folder.
#pragma once

#include "models/views/thread_window.h"
#include "tests/support/string_makers.h"
#include "tests/ui_support/fake_desk.h"
#include "ui/composer/composer.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/conversation_view.h"
#include "ui/theme/style.h"

#include <QApplication>
#include <QScrollBar>
#include <QTest>

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {

// Turns the event loop until `done`, at most five seconds; answers whether it came true.
template <typename Done>
bool soon(Done done)
{
    return QTest::qWaitFor(done, 5000);
}

struct PaneFixture
{
    explicit PaneFixture(const QString& thread = QStringLiteral("Thandiwe Mokoena"), QSize size = {588, 828},
                         ui::Scheme scheme = ui::Scheme::light, int percent = 100)
        : clock(sampleNow()), fake(makeSampleData(), clock), desk(fake.desk()), theme(scheme, percent)
    {
        ui::applyTheme(*qApp, theme);
        pane = std::make_unique<ui::ConversationPane>(theme, desk, clock);
        pane->resize(size);
        pane->show();
        pane->activateWindow(); // without a window manager nobody else gives it the keyboard
        (void)QTest::qWaitForWindowActive(pane.get());
        if (!thread.isEmpty())
            open(thread);
    }

    void open(const QString& name)
    {
        id = fake.data().named(name)->header.row.id;
        pane->open(id);
        QTest::qWait(1);
    }
    // Replaces the open thread's messages with `count` texts, one a minute.
    void fill(int count)
    {
        SampleThread& thread = *fake.data().find(id);
        thread.messages.clear();
        for (int i = 0; i < count; ++i) {
            views::Message message;
            message.id = sampleId<EntryId>(500'000 + i);
            message.key.threadSeq = static_cast<quint64>(i) + 1;
            message.kind = i % 7 == 3   ? views::MessageKind::note
                           : i % 5 == 1 ? views::MessageKind::reply
                                        : views::MessageKind::customer;
            message.author = message.kind == views::MessageKind::customer ? UserId() : fake.data().me.id;
            message.authorName =
                message.kind == views::MessageKind::customer ? QStringLiteral("Thandiwe Mokoena") : fake.data().me.name;
            message.at = Timestamp{sampleNow().value - (count - i) * 60LL * 1'000'000};
            message.text =
                QStringLiteral("Message %1. ").arg(i) + QStringLiteral("words and more words ").repeated(i % 9);
            message.status = domain::DeliveryStatus::delivered;
            thread.messages.append(message);
        }
        thread.readUpTo = ThreadSeq{static_cast<quint64>(count)};
        thread.header.newest = thread.readUpTo;
        pane->close();
        pane->open(id);
        QTest::qWait(1);
    }

    ui::ConversationView& view() { return pane->view(); }
    views::ThreadWindow& rows() { return pane->rows(); }
    int count(const QString& act)
    {
        return static_cast<int>(
            std::count_if(fake.acts.begin(), fake.acts.end(), [&](const FakeDesk::Act& a) { return a.name == act; }));
    }

    HeldClock clock;
    FakeDesk fake;
    views::Desk desk;
    ui::Theme theme;
    std::unique_ptr<ui::ConversationPane> pane;
    ThreadId id;
};

} // namespace holdfast::test
