#include "ui/shell/desk_frame.h"

#include "models/views/when_done.h"
#include "ui/composer/composer.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/notice.h"
#include "ui/panel/panel.h"
#include "ui/shell/kept_draft_bar.h"
#include "ui/shell/key_list.h"
#include "ui/shell/navigation.h"
#include "ui/shell/not_sent_list.h"
#include "ui/shell/search_palette.h"
#include "ui/shell/splitter.h"
#include "ui/shell/status_bar.h"
#include "ui/threads/assign_popup.h"
#include "ui/threads/thread_list_model.h"
#include "ui/threads/thread_list_view.h"
#include "ui/threads/thread_pane.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QApplication>
#include <QFuture>
#include <QPainter>
#include <QSettings>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int listWidth = 336;
constexpr int panelWidth = 308;
constexpr int drawerWidth = 336; // with its own scroll bar
constexpr int headerHeight = 48;
constexpr int minConversation = 480;
constexpr int wideFrom = 1200;
constexpr int mediumFrom = 880;

QString widthsKey()
{
    return QStringLiteral("window/columns");
}

} // namespace

// Where a conversation will be: the header line goes across it as across the columns beside it.
class NoConversation : public QWidget
{
public:
    NoConversation(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
    {
        auto* rows = new QVBoxLayout(this);
        words_ = new TextLabel(theme, Role::base, Colour::text2, this);
        words_->setText(DeskFrame::tr("Choose a thread at the left, or press Ctrl+K to find one."));
        words_->setWordWrap(true);
        rows->addWidget(words_, 0, Qt::AlignTop);
        place();
        connect(&theme, &Theme::changed, this, [this] { place(); });
    }
    void say(const QString& words) { words_->setText(words); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const QRect header(0, 0, width(), theme_.grown(headerHeight));
        painter.fillRect(header, theme_.colour(Colour::surface));
        paintHairline(painter, header, Qt::BottomEdge, theme_.colour(Colour::line));
    }

private:
    void place() { layout()->setContentsMargins(20, theme_.grown(headerHeight) + 12, 20, 20); }

    const Theme& theme_;
    TextLabel* words_ = nullptr;
};

DeskFrame::DeskFrame(Theme& theme, views::Desk& desk, const Clock& clock, QSettings& settings, QWidget* window)
    : QWidget(window), theme_(theme), desk_(desk), clock_(clock), settings_(settings)
{
    build();
    wire();
    addKeys();
    addCommands();
    openView(views::View::myQueue);
    applyFall();
}

// While the panes go one by one, the focus wanders: nobody may look at the half that is left.
DeskFrame::~DeskFrame()
{
    qApp->disconnect(this);
}

void DeskFrame::build()
{
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(0);
    navigation_ = new Navigation(theme_, desk_, this);
    columns->addWidget(navigation_);
    auto* line = new QFrame(this);
    line->setFixedWidth(1);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Shadow);
    columns->addWidget(line);
    splitter_ = new Splitter(theme_, this);
    threads_ = new ThreadPane(theme_, desk_, clock_, splitter_);
    auto* middle = new QWidget(splitter_);
    auto* stack = new QVBoxLayout(middle);
    stack->setContentsMargins(0, 0, 0, 0);
    conversation_ = new ConversationPane(theme_, desk_, clock_, middle);
    conversation_->setCover(*this);
    conversation_->setLetterKeys(false); // the frame binds them once, for every pane
    empty_ = new NoConversation(theme_, middle);
    stack->addWidget(conversation_);
    stack->addWidget(empty_);
    conversation_->hide();
    panel_ = new Panel(theme_, desk_, clock_, splitter_);
    splitter_->setStretchFactor(0, 0);
    splitter_->setStretchFactor(1, 1);
    splitter_->setStretchFactor(2, 0);
    splitter_->setSizes({theme_.grown(listWidth), 10'000, theme_.grown(panelWidth)});
    columns->addWidget(splitter_, 1);
    rows->addLayout(columns, 1);
    notice_ = new Notice(theme_, this);
    rows->addWidget(notice_);
    rows->addWidget(new KeptDraftBar(theme_, desk_, this));
    status_ = new StatusBar(theme_, this);
    status_->setSyncState(desk_.news.syncState());
    rows->addWidget(status_);
    search_ = new SearchPalette(theme_, desk_, clock_, this);
    keys_ = new KeyList(theme_, this);
    notSent_ = new NotSentList(theme_, desk_, this);
    assign_ = new AssignPopup(theme_, desk_, this);
    if (const QByteArray widths = settings_.value(widthsKey()).toByteArray(); !widths.isEmpty())
        splitter_->restoreState(widths);
}

void DeskFrame::wire()
{
    connect(navigation_, &Navigation::viewRequested, this, &DeskFrame::openView);
    connect(navigation_, &Navigation::conversationRequested, this, &DeskFrame::openConversation);
    connect(navigation_, &Navigation::searchRequested, this, &DeskFrame::showPalette);
    connect(navigation_, &Navigation::lockRequested, this, &DeskFrame::lockRequested);
    connect(navigation_, &Navigation::factsChanged, this,
            [this] { threads_->setUnassignedCount(navigation_->facts().unassigned); });
    connect(threads_, &ThreadPane::openRequested, this, &DeskFrame::openThread);
    connect(threads_, &ThreadPane::assignRequested, this, &DeskFrame::assign);
    connect(threads_, &ThreadPane::doneRequested, this, &DeskFrame::finish);
    connect(threads_, &ThreadPane::viewRequested, this, &DeskFrame::openView);
    connect(conversation_, &ConversationPane::backRequested, this, [this] {
        showPane(room_ ? Pane::navigation : Pane::threads);
        focusPane(room_ ? Pane::navigation : Pane::threads);
    });
    connect(&conversation_->composer(), &Composer::modeChanged, this, &DeskFrame::showHints);
    connect(conversation_, &ConversationPane::panelRequested, this, &DeskFrame::toggleDrawer);
    connect(conversation_, &ConversationPane::gone, this, &DeskFrame::leaveConversation);
    connect(panel_, &Panel::linkRequested, search_, &SearchPalette::openForPolicy);
    connect(assign_, &AssignPopup::assigned, this,
            [this](const ThreadId&, const QString& done) { notice_->confirm(done); });
    connect(panel_, &Panel::messageRequested, this, &DeskFrame::openFound);
    connect(search_, &SearchPalette::threadRequested, this, [this](const ThreadId& id) { openThread(id, true); });
    connect(search_, &SearchPalette::messageRequested, this, &DeskFrame::openFound);
    connect(&desk_.news, &views::DeskNews::syncStateChanged, status_, &StatusBar::setSyncState);
    connect(status_, &StatusBar::notSentClicked, notSent_, &NotSentList::openList);
    connect(notSent_, &NotSentList::threadRequested, this, [this](const ThreadId& id) { openThread(id, true); });
    connect(&theme_, &Theme::changed, this, [this] { update(); });
}

void DeskFrame::openView(views::View view)
{
    room_ = false;
    navigation_->showView(view);
    threads_->show(view);
    front_ = Pane::threads;
    applyFall();
}

void DeskFrame::openThread(const ThreadId& id, bool focusIt)
{
    const views::Navigation& known = navigation_->facts();
    for (const QList<views::RoomRow>* list : {&known.rooms, &known.directs}) {
        for (const views::RoomRow& row : *list) {
            if (row.id == id)
                return openConversation(id);
        }
    }
    room_ = false;
    navigation_->showView(threads_->view());
    threads_->select(id);
    empty_->hide();
    conversation_->show();
    conversation_->open(id);
    panel_->open(id);
    // While somebody walks the list in one pane, the list stays in front until Enter.
    if (fall_ != Fall::narrow || focusIt)
        front_ = Pane::conversation;
    applyFall();
    if (focusIt)
        conversation_->focusMessages();
}

void DeskFrame::openConversation(const ThreadId& id)
{
    room_ = true;
    navigation_->showConversation(id);
    threads_->clearSelection();
    empty_->hide();
    conversation_->show();
    conversation_->open(id);
    panel_->close();
    drawerOpen_ = false;
    front_ = Pane::conversation;
    applyFall();
    conversation_->focusReply();
}

// It was moved to where this person sees nothing; nothing of it stays on the screen.
void DeskFrame::leaveConversation()
{
    conversation_->close();
    conversation_->hide();
    panel_->close();
    empty_->say(tr("This conversation is no longer with your teams. Choose another at the left."));
    empty_->show();
    threads_->clearSelection();
    front_ = room_ ? Pane::navigation : Pane::threads;
    applyFall();
}

void DeskFrame::openFound(const ThreadId& thread, const views::MessageKey& key, const EntryId& message)
{
    openThread(thread, true);
    conversation_->openAt(thread, key, message);
    conversation_->focusMessages();
}

void DeskFrame::assign(const ThreadId& id)
{
    const views::ThreadRow* row = threads_->model().row(threads_->model().indexOf(id));
    assign_->openFor(id, row ? row->title : QString());
}

void DeskFrame::finish(const ThreadId& id)
{
    // E twice undoes it: the row leaves the list, the open conversation keeps the button.
    views::whenDone(desk_.acts.setState(id, domain::ThreadStatus::done, {}, {}), this,
                    [this](const Result<EntryId>& result) {
                        if (!result)
                            notice_->tell(result.error().text);
                    });
}

void DeskFrame::showPalette()
{
    search_->openSearch();
}

void DeskFrame::showKeys()
{
    keys_->openOverlay();
}

void DeskFrame::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    applyFall();
}

// At locking and closing: a settings file per pixel of a dragged splitter would be many.
void DeskFrame::hideEvent(QHideEvent* event)
{
    saveWidths();
    QWidget::hideEvent(event);
}

void DeskFrame::applyFall()
{
    // Larger text needs the room earlier.
    const int room = width() * 100 / std::max(100, theme_.textPercent());
    fall_ = room >= wideFrom ? Fall::wide : room >= mediumFrom ? Fall::medium : Fall::narrow;
    navigation_->setRail(fall_ != Fall::wide);
    const bool narrow = fall_ == Fall::narrow;
    threads_->setVisible(!room_ && (!narrow || front_ != Pane::conversation));
    conversation_->parentWidget()->setVisible(!narrow || front_ == Pane::conversation);
    conversation_->setBackVisible(narrow);
    conversation_->setPanelOffered(fall_ != Fall::wide);
    if (fall_ == Fall::wide) {
        drawerOpen_ = false;
        if (panel_->parentWidget() != splitter_) {
            splitter_->addWidget(panel_);
            const int list = threads_->isVisible() ? threads_->width() : theme_.grown(listWidth);
            const int wide = theme_.grown(panelWidth);
            splitter_->setSizes({list, std::max(minConversation, splitter_->width() - list - wide), wide});
        }
        panel_->setVisible(!room_);
    } else {
        if (panel_->parentWidget() == splitter_)
            panel_->setParent(this);
        panel_->setVisible(drawerOpen_ && !room_);
        placeDrawer();
    }
    showHints();
}

void DeskFrame::placeDrawer()
{
    if (fall_ == Fall::wide || !drawerOpen_)
        return;
    // Beneath the header: name, pill and the button that closes it stay in sight.
    const int top = theme_.grown(headerHeight);
    const int wide = std::min(theme_.grown(drawerWidth), splitter_->width());
    panel_->setGeometry(width() - wide, top, wide, height() - top - status_->height());
    panel_->raise();
}

void DeskFrame::toggleDrawer()
{
    if (room_)
        return;
    if (fall_ == Fall::wide) {
        focusPane(Pane::panel);
        return;
    }
    drawerOpen_ = !drawerOpen_;
    applyFall();
    focusPane(drawerOpen_ ? Pane::panel : Pane::conversation);
}

void DeskFrame::saveWidths()
{
    if (fall_ == Fall::wide && !room_)
        settings_.setValue(widthsKey(), splitter_->saveState());
}

void DeskFrame::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::chat));
}

} // namespace holdfast::ui
