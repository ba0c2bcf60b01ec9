// Renders the screens with the desk in memory: holdfast-pictures DIRECTORY [SCALE]
#include "models/views/thread_window.h"
#include "tests/ui_support/fake_session.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/conversation_view.h"
#include "ui/lock/cards.h"
#include "ui/lock/lock_screen.h"
#include "ui/lock/secret_field.h"
#include "ui/panel/panel.h"
#include "ui/shell/desk_frame.h"
#include "ui/shell/main_window.h"
#include "ui/shell/search_palette.h"
#include "ui/theme/style.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>

using namespace holdfast;

namespace {

constexpr int settleMs = 400; // pictures decode on workers

void settle()
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < settleMs)
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
}

struct Studio
{
    QApplication& application;
    QDir out;
    QString suffix;

    void screen(const QString& name, ui::Scheme scheme, QSize size, views::Session::State state,
                const std::function<void(ui::MainWindow&)>& pose, int textPercent = 100)
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        test::HeldClock clock(test::sampleNow());
        test::FakeDesk desk(test::makeSampleData(), clock);
        test::FakeSession session(state, desk);
        application.setPalette(QPalette()); // the system's again
        ui::Theme theme(scheme, textPercent);
        ui::applyTheme(application, theme);
        ui::MainWindow window(theme, session, clock, settings);
        window.resize(size);
        window.show();
        settle();
        pose(window);
        settle();
        const QString tone = scheme == ui::Scheme::light  ? QStringLiteral("light")
                             : scheme == ui::Scheme::dark ? QStringLiteral("dark")
                                                          : QStringLiteral("contrast");
        const QString file = out.filePath(name + u'-' + tone + suffix + QStringLiteral(".png"));
        window.grab().save(file);
        std::printf("%s\n", qPrintable(file));
        application.setStyle(QStringLiteral("Fusion"));
    }
};

void openMain(ui::MainWindow& window)
{
    window.deskFrame()->openThread(test::sampleId<ThreadId>(103), false);
}

// A document on its way from central, and one that was kept aside.
void poseFiles(ui::MainWindow& window)
{
    openMain(window);
    ui::ConversationPane& pane = window.deskFrame()->conversation();
    settle();
    for (int row = 0; row < pane.rows().count(); ++row) {
        if (!pane.view().item(row)->files().empty())
            Q_EMIT pane.view().fileActivated(pane.rows().at(row).id, pane.view().item(row)->files().front());
    }
}

void fillFirstRun(ui::MainWindow& window)
{
    ui::FirstRunCard& card = *window.lockScreen()->firstRunCard();
    card.server().setText(QStringLiteral("desk.harbourline.example"));
    card.next();
    settle();
    card.login().setText(QStringLiteral("lerato.khumalo"));
    card.password().setText(QStringLiteral("Winter-2026"));
    card.passphrase().setText(QStringLiteral("correct horse battery staple"));
}

void writeNote(ui::MainWindow& window)
{
    openMain(window);
    QApplication::setActiveWindow(&window); // nobody else gives it the keyboard here
    settle();
    window.deskFrame()->conversation().focusNote();
    settle();
    if (auto* field = qobject_cast<QPlainTextEdit*>(QApplication::focusWidget()))
        field->insertPlainText(QStringLiteral("Please check the footage, @"));
}

void askWhy(ui::MainWindow& window)
{
    openMain(window);
    ui::ConversationPane& pane = window.deskFrame()->conversation();
    settle();
    for (int row = 0; row < pane.rows().count(); ++row)
        pane.view().perform(pane.rows().at(row).id, ui::ConversationView::Act::why);
}

void linkPolicy(ui::MainWindow& window)
{
    openMain(window);
    window.deskFrame()->palette().openForPolicy(test::sampleId<ThreadId>(103), QStringLiteral("Thandiwe Mokoena"));
    static_cast<QLineEdit&>(window.deskFrame()->palette().input()).setText(QStringLiteral("HL-204"));
}

void askForHelp(ui::MainWindow& window)
{
    for (QAbstractButton* button : window.lockScreen()->findChildren<QAbstractButton*>()) {
        if (button->text().contains(u'?'))
            button->click();
    }
}

void shoot(Studio& studio, ui::Scheme scheme)
{
    using State = views::Session::State;
    const QSize full(1440, 900);
    studio.screen(QStringLiteral("desk"), scheme, full, State::open, openMain);
    studio.screen(QStringLiteral("desk-1024"), scheme, QSize(1024, 700), State::open, openMain);
    studio.screen(QStringLiteral("desk-720"), scheme, QSize(720, 450), State::open, [](ui::MainWindow&) {});
    studio.screen(QStringLiteral("desk-text150"), scheme, full, State::open, openMain, 150);
    studio.screen(QStringLiteral("drawer"), scheme, QSize(1024, 700), State::open, [](ui::MainWindow& window) {
        openMain(window);
        window.deskFrame()->toggleDrawer();
    });
    studio.screen(QStringLiteral("team"), scheme, full, State::open,
                  [](ui::MainWindow& window) { window.deskFrame()->openConversation(test::sampleId<ThreadId>(300)); });
    studio.screen(QStringLiteral("search"), scheme, full, State::open, [](ui::MainWindow& window) {
        openMain(window);
        window.deskFrame()->showPalette();
        static_cast<QLineEdit&>(window.deskFrame()->palette().input()).setText(QStringLiteral("the"));
    });
    studio.screen(QStringLiteral("file"), scheme, full, State::open, poseFiles);
    studio.screen(QStringLiteral("desk-1366"), scheme, QSize(1366, 768), State::open, openMain);
    studio.screen(QStringLiteral("keys"), scheme, full, State::open, [](ui::MainWindow& window) {
        openMain(window);
        window.deskFrame()->showKeys();
    });
    for (const int tab : {ui::Panel::customer, ui::Panel::documents, ui::Panel::log}) {
        const QString names[] = {{}, QStringLiteral("customer"), QStringLiteral("documents"), QStringLiteral("log")};
        studio.screen(names[tab], scheme, full, State::open, [tab](ui::MainWindow& window) {
            openMain(window);
            window.deskFrame()->panel().showTab(tab);
        });
    }
    studio.screen(QStringLiteral("lock"), scheme, full, State::locked, [](ui::MainWindow& window) {
        window.lockScreen()->unlockCard()->passphrase().setText(QStringLiteral("twelve chars"));
    });
    studio.screen(QStringLiteral("lock-wrong"), scheme, full, State::locked, [](ui::MainWindow& window) {
        window.lockScreen()->unlockCard()->passphrase().setText(QStringLiteral("not this one"));
        window.lockScreen()->unlockCard()->unlock();
    });
    studio.screen(QStringLiteral("lock-help"), scheme, full, State::locked, askForHelp);
    studio.screen(QStringLiteral("empty"), scheme, full, State::open, [](ui::MainWindow&) {});
    studio.screen(QStringLiteral("mention"), scheme, full, State::open, writeNote);
    studio.screen(QStringLiteral("mention-text150"), scheme, full, State::open, writeNote, 150);
    studio.screen(QStringLiteral("why"), scheme, full, State::open, askWhy);
    studio.screen(QStringLiteral("link"), scheme, full, State::open, linkPolicy);
    studio.screen(QStringLiteral("wide-text150"), scheme, QSize(1900, 1000), State::open, openMain, 150);
    studio.screen(QStringLiteral("lock-signin"), scheme, full, State::firstRun, [](ui::MainWindow&) {});
    studio.screen(QStringLiteral("lock-signin2"), scheme, full, State::firstRun, fillFirstRun);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: holdfast-pictures DIRECTORY [SCALE]\n");
        return 2;
    }
    if (argc > 2)
        qputenv("QT_SCALE_FACTOR", argv[2]);
    qputenv("TZ", "Africa/Johannesburg");
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    Studio studio{application, QDir(QString::fromLocal8Bit(argv[1])),
                  argc > 2 ? QStringLiteral("@%1").arg(QString::fromLatin1(argv[2])) : QString()};
    studio.out.mkpath(QStringLiteral("."));
    shoot(studio, ui::Scheme::light);
    shoot(studio, ui::Scheme::dark);
    shoot(studio, ui::Scheme::highContrast);
    return 0;
}
