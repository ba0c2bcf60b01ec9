#include "ui/conversation/conversation_pane.h"

#include "models/views/thread_window.h"
#include "models/views/when_done.h"
#include "ui/composer/composer.h"
#include "ui/conversation/conversation_header.h"
#include "ui/conversation/conversation_view.h"
#include "ui/conversation/file_sheet.h"
#include "ui/conversation/message_words.h"
#include "ui/conversation/notice.h"
#include "ui/conversation/photo_viewer.h"
#include "ui/conversation/pictures.h"
#include "ui/threads/assign_popup.h"

#include <QDesktopServices>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>
#include <QWindow>

namespace holdfast::ui {

namespace {

constexpr int minuteMs = 20'000; // the pill is never wrong by more than this
constexpr int readPauseMs = 500; // what only passed by is not read

} // namespace

ConversationPane::ConversationPane(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* parent)
    : QWidget(parent), theme_(theme), desk_(desk), clock_(clock), pictures_(std::make_unique<Pictures>(desk.reader))
{
    build();
    wire();
    loadStaff();
    composer_->setLink(desk.news.syncState().link);
}

ConversationPane::~ConversationPane()
{
    composer_->saveDrafts();
    // They hold customers' names and photos, and refer to what goes now: nothing of them may outlive the pane.
    delete assign_;
    delete viewer_;
    delete sheet_;
    delete view_; // it paints from pictures_, which go with this object's members
}

void ConversationPane::build()
{
    setMinimumWidth(320);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    window_ = new views::ThreadWindow(desk_.reader, desk_.me.id, this);
    header_ = new ConversationHeader(theme_, this);
    view_ = new ConversationView(theme_, *window_, *pictures_, clock_, desk_.me.id, this);
    notice_ = new Notice(theme_, this);
    composer_ = new Composer(theme_, desk_.reader, desk_.acts, clock_, this);
    column->addWidget(header_);
    column->addWidget(view_, 1);
    column->addWidget(notice_);
    column->addWidget(composer_);
    minute_ = new QTimer(this);
    minute_->setInterval(minuteMs);
    minute_->start();
    readTimer_ = new QTimer(this);
    readTimer_->setSingleShot(true);
    readTimer_->setInterval(readPauseMs);
    composer_->setEnabled(false);
}

void ConversationPane::wire()
{
    connect(header_, &ConversationHeader::backClicked, this, &ConversationPane::backRequested);
    connect(header_, &ConversationHeader::panelClicked, this, &ConversationPane::panelRequested);
    connect(header_, &ConversationHeader::assignClicked, this, &ConversationPane::showAssign);
    connect(header_, &ConversationHeader::doneClicked, this, &ConversationPane::toggleDone);
    connect(minute_, &QTimer::timeout, this, &ConversationPane::refreshClock);
    connect(readTimer_, &QTimer::timeout, this, &ConversationPane::markSeen);
    // What came while another window had the keyboard is read when somebody is back at this one.
    connect(qGuiApp, &QGuiApplication::focusWindowChanged, this, [this] { readTimer_->start(); });
    connect(view_, &ConversationView::seenChanged, this, [this] {
        composer_->setSeen(seen());
        readTimer_->start();
    });
    connect(view_, &ConversationView::photoActivated, this, &ConversationPane::showPhoto);
    connect(view_, &ConversationView::fileActivated, this, &ConversationPane::showFile);
    connect(view_, &ConversationView::messageWanted, this, &ConversationPane::fetchQuoted);
    connect(view_, &ConversationView::firstWanted, this, [this] { goingToFirst_ = true; });
    connect(view_, &ConversationView::holeShown, this, [this](const EntryId& row) { fetchMissing(row, false); });
    connect(view_, &ConversationView::holeWanted, this, [this](const EntryId& row) { fetchMissing(row, true); });
    connect(view_, &ConversationView::answerRequested, this, [this](const EntryId& id) {
        const int row = window_->rowOf(id);
        if (row >= 0)
            composer_->setReplyTo(window_->at(row));
    });
    connect(view_, &ConversationView::retryRequested, this, [this](const EntryId& id) {
        views::whenDone(desk_.acts.retry(id), this, [this](const Result<EntryId>& done) {
            if (!done)
                tell(tr("It could not be tried again. %1").arg(done.error().text));
        });
    });
    connect(view_, &ConversationView::letGoRequested, this, [this](const EntryId& id) {
        views::whenDone(desk_.acts.discard(id), this, [this](const Result<void>& done) {
            if (!done)
                tell(done.error().text);
        });
    });
    connect(view_, &ConversationView::whyRequested, this, [this](const EntryId& id) {
        const int row = window_->rowOf(id);
        if (row >= 0)
            tell(failureAdvice(window_->at(row)));
    });
    connect(composer_, &Composer::written, this, [this] {
        notice_->tell(QString());
        window_->refresh();
        view_->showNewest();
    });
    connect(composer_, &Composer::failed, this, &ConversationPane::tell);
    connect(composer_, &Composer::leave, this, &ConversationPane::focusMessages);
    connect(&desk_.news, &views::DeskNews::threadChanged, this, [this](const ThreadId& id) {
        if (id != thread_)
            return;
        window_->refresh();
        loadHeader();
    });
    connect(&desk_.news, &views::DeskNews::attachmentChanged, this, [this](const BlobId& id) {
        pictures_->forget(id);
        view_->setTransfer(id, std::nullopt);
        window_->refresh();
    });
    connect(&desk_.news, &views::DeskNews::attachmentMoved, view_, &ConversationView::setTransfer);
    connect(&desk_.news, &views::DeskNews::syncStateChanged, this, [this](const views::SyncState& state) {
        composer_->setLink(state.link);
        const bool online = state.link == views::SyncState::Link::online;
        if (!online)
            asked_.clear();
        view_->setOnline(online);
    });
    view_->setOnline(desk_.news.syncState().link == views::SyncState::Link::online);
}

void ConversationPane::begin(const ThreadId& id)
{
    ++generation_;
    asked_.clear();
    goingToFirst_ = false;
    thread_ = id;
    facts_.reset();
    marked_ = {};
    readTimer_->stop();
    notice_->tell(QString());
    header_->clear();
    composer_->close();
    composer_->setEnabled(false);
}

void ConversationPane::open(const ThreadId& id)
{
    if (id == thread_ && !id.isNull())
        return view_->showNewest();
    begin(id);
    loadHeader();
    window_->open(id);
}

void ConversationPane::openAt(const ThreadId& id, const views::MessageKey& key, const EntryId& message)
{
    if (id != thread_) {
        begin(id);
        loadHeader();
        view_->aimAt(message);
        window_->openAt(id, key);
        return;
    }
    view_->aimAt(message);
    window_->goTo(key);
}

void ConversationPane::close()
{
    begin(ThreadId());
    for (QWidget* over : std::initializer_list<QWidget*>{assign_, viewer_, sheet_}) {
        if (over)
            over->hide();
    }
    window_->close();
}

void ConversationPane::loadHeader()
{
    views::whenDone(desk_.reader.thread(thread_), this,
                    [this, mine = generation_](const Result<views::ThreadHeader>& header) {
                        if (mine != generation_)
                            return;
                        if (header)
                            return takeHeader(*header);
                        // Access was lost while it was open: nothing of it may stay on the screen.
                        const bool isGone = header.error().code == ErrorCode::notFound;
                        if (isGone)
                            close();
                        tell(header.error().text);
                        if (isGone)
                            Q_EMIT gone();
                    });
}

void ConversationPane::takeHeader(const views::ThreadHeader& header)
{
    const bool isFirst = !facts_;
    facts_ = header;
    header_->show(header, clock_.now());
    composer_->setSeen(seen());
    if (!isFirst)
        return composer_->setHeader(header);
    view_->setRoom(header.row.type != domain::ThreadType::customerCase);
    composer_->open(header);
    composer_->setSeen(seen());
    composer_->setEnabled(true);
}

void ConversationPane::loadStaff()
{
    views::whenDone(desk_.reader.staff(), this, [this](const Result<QList<views::Staff>>& staff) {
        if (!staff)
            return;
        staff_ = *staff;
        view_->setStaff(staff_);
        composer_->setStaff(staff_);
    });
}

void ConversationPane::fetchQuoted(const EntryId& message)
{
    views::whenDone(desk_.reader.message(message), this,
                    [this, mine = generation_](const Result<views::Message>& found) {
                        if (mine != generation_)
                            return;
                        if (found)
                            window_->goTo(found->key);
                        else
                            tell(tr("The quoted message is not on this computer."));
                    });
}

// An assignment has no row of its own, and central takes it for news: whoever has the newest message on screen, and the
// header beside it, has seen all of the conversation. Rows that are older than the header do not count.
ThreadSeq ConversationPane::seen() const
{
    const ThreadSeq shown = view_->seen();
    if (!facts_ || window_->hasMoreAfter() || window_->count() == 0)
        return shown;
    ThreadSeq newest;
    Timestamp newestAt;
    for (int row = 0; row < window_->count(); ++row) {
        newest.value = std::max(newest.value, window_->at(row).key.threadSeq);
        newestAt = std::max(newestAt, window_->at(row).at);
    }
    const bool allShown = newest <= shown && newestAt >= facts_->row.at;
    return allShown ? std::max(shown, facts_->newest) : shown;
}

void ConversationPane::markSeen()
{
    const ThreadSeq seen = view_->seen();
    const bool looking = isVisible() && window()->isActiveWindow();
    if (!looking || thread_.isNull() || seen <= marked_ || seen.value <= window_->readUpTo().threadSeq)
        return;
    bool news = false;
    for (int row = 0; row < window_->count(); ++row) {
        const views::Message& message = window_->at(row);
        const bool fresh = message.key.threadSeq > std::max(marked_.value, window_->readUpTo().threadSeq) &&
                           message.key.threadSeq <= seen.value;
        news = news || (fresh && views::isForReading(message, desk_.me.id));
    }
    if (!news) // one's own words need no reading
        return;
    marked_ = seen;
    views::whenDone(desk_.acts.markRead(thread_, seen), this, [this, mine = generation_](const Result<void>& done) {
        if (!done && mine == generation_)
            marked_ = {};
    });
}

void ConversationPane::showPhoto(const EntryId& message, int attachment)
{
    const int row = window_->rowOf(message);
    if (row < 0)
        return;
    if (!viewer_) {
        viewer_ = new PhotoViewer(theme_, *pictures_, cover());
        connect(viewer_, &PhotoViewer::saveRequested, this, &ConversationPane::showFile);
    }
    viewer_->openAt(window_->at(row), attachment);
}

void ConversationPane::showFile(const EntryId& message, int attachment)
{
    const int row = window_->rowOf(message);
    if (row < 0)
        return;
    if (!sheet_) {
        sheet_ = new FileSheet(theme_, desk_, cover());
        connect(sheet_, &FileSheet::openWanted, this,
                [](const QString& path) { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
        connect(sheet_, &FileSheet::arrived, this, [this](const BlobId& id) {
            view_->setTransfer(id, std::nullopt);
            window_->refresh();
        });
    }
    sheet_->openFor(thread_, window_->at(row), attachment);
}

void ConversationPane::tell(const QString& words)
{
    notice_->tell(words);
}

void ConversationPane::refreshClock()
{
    if (!facts_)
        return;
    header_->show(*facts_, clock_.now());
    composer_->refreshClock();
}

} // namespace holdfast::ui
