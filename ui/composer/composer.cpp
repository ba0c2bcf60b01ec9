#include "ui/composer/composer.h"

#include "ui/composer/note_page.h"
#include "ui/composer/reply_page.h"
#include "ui/composer/room_page.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace holdfast::ui {

namespace {

class Drafts : public DraftKeeper
{
public:
    Drafts(views::DeskReader& reader, views::DeskActs& acts, const ThreadId& thread, bool note)
        : reader_(reader), acts_(acts), thread_(thread), note_(note)
    {}
    QFuture<Result<QString>> load() override { return reader_.draft(thread_, note_); }
    QFuture<Result<void>> save(const QString& text) override { return acts_.saveDraft(thread_, note_, text); }

private:
    views::DeskReader& reader_;
    views::DeskActs& acts_;
    const ThreadId thread_;
    const bool note_;
};

class Notes : public NoteWriter
{
public:
    explicit Notes(views::DeskActs& acts) : acts_(acts) {}
    QFuture<Result<EntryId>> writeNote(const QString& text, const QList<UserId>& mentions) override
    {
        return acts_.note(thread, text, mentions);
    }
    ThreadId thread;

private:
    views::DeskActs& acts_;
};

class Rooms : public RoomWriter
{
public:
    explicit Rooms(views::DeskActs& acts) : acts_(acts) {}
    QFuture<Result<EntryId>> writeToRoom(const QString& text, const QList<UserId>& mentions) override
    {
        return acts_.roomMessage(thread, text, mentions);
    }
    ThreadId thread;

private:
    views::DeskActs& acts_;
};

class Replies : public ReplyWriter
{
public:
    explicit Replies(views::DeskActs& acts) : acts_(acts) {}
    QFuture<Result<EntryId>> writeReply(const QString& text, const QList<views::OutgoingFile>& files,
                                        std::optional<EntryId> replyTo) override
    {
        return acts_.reply(thread, text, files, replyTo, seen);
    }
    ThreadId thread;
    ThreadSeq seen;

private:
    views::DeskActs& acts_;
};

} // namespace

struct Composer::Paths
{
    explicit Paths(views::DeskActs& acts) : notes(acts), rooms(acts), replies(acts) {}
    Notes notes;
    Rooms rooms;
    Replies replies;
};

Composer::Composer(const Theme& theme, views::DeskReader& reader, views::DeskActs& acts, const Clock& clock,
                   QWidget* parent)
    : QWidget(parent), theme_(theme), reader_(reader), acts_(acts), clock_(clock), paths_(std::make_unique<Paths>(acts))
{
    build();
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

Composer::~Composer() = default;

void Composer::build()
{
    reply_ = new ReplyPage(theme_, paths_->replies, this);
    note_ = new NotePage(theme_, paths_->notes, this);
    room_ = new RoomPage(theme_, paths_->rooms, this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 2, 14, 12); // inset 12 and 10, and the 2 px edge
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, 0, 8, 6);
    row->setSpacing(8);
    modes_ = new SegmentedControl(theme_, tr("Reply or note"), this);
    modes_->addSegment(tr("Reply"));
    modes_->addSegment(tr("Note"), Icon::eyeOff);
    row->addWidget(modes_);
    texts_ = new QStackedLayout;
    tools_ = new QStackedLayout;
    for (EditorPage* page : std::initializer_list<EditorPage*>{reply_, note_, room_}) {
        texts_->addWidget(page);
        tools_->addWidget(&page->tools());
        wire(*page);
    }
    row->addLayout(tools_, 1);
    column->addLayout(texts_);
    column->addLayout(row);
    connect(modes_, &SegmentedControl::currentChanged, this,
            [this](int index) { setMode(index == 1 ? Mode::note : Mode::reply); });
    setMode(Mode::reply);
}

void Composer::wire(EditorPage& page)
{
    connect(&page, &EditorPage::written, this, &Composer::written);
    connect(&page, &EditorPage::failed, this, &Composer::failed);
    connect(&page, &EditorPage::leave, this, &Composer::leave);
    connect(&page, &EditorPage::looksChanged, this, [this] {
        updateGeometry();
        update();
    });
}

EditorPage& Composer::current() const
{
    return *static_cast<EditorPage*>(texts_->currentWidget());
}

Composer::Mode Composer::mode() const
{
    if (texts_->currentWidget() == room_)
        return Mode::room;
    return texts_->currentWidget() == note_ ? Mode::note : Mode::reply;
}

void Composer::setMode(Mode mode)
{
    const bool inRoom = header_ && header_->row.type != domain::ThreadType::customerCase;
    const Mode allowed = inRoom ? Mode::room : mode == Mode::room ? Mode::reply : mode;
    const bool hadFocus = hasTextFocus();
    EditorPage* page = allowed == Mode::room   ? static_cast<EditorPage*>(room_)
                       : allowed == Mode::note ? static_cast<EditorPage*>(note_)
                                               : reply_;
    texts_->setCurrentWidget(page);
    tools_->setCurrentWidget(&page->tools());
    // A page that is not shown takes no room and no focus, so that the composer is as high as what it shows.
    for (EditorPage* each : std::initializer_list<EditorPage*>{reply_, note_, room_})
        each->setSizePolicy(QSizePolicy::Preferred, each == page ? QSizePolicy::Fixed : QSizePolicy::Ignored);
    modes_->setVisible(!inRoom);
    modes_->setCurrent(allowed == Mode::note ? 1 : 0);
    if (hadFocus)
        focusText();
    updateGeometry();
    update();
    Q_EMIT modeChanged();
}

QString Composer::submitWords() const
{
    switch (mode()) {
    case Mode::note:
        return tr("save note");
    case Mode::room:
        return tr("send to colleagues");
    case Mode::reply:
        break;
    }
    return tr("send to customer");
}

void Composer::open(const views::ThreadHeader& header)
{
    const ThreadId id = header.row.id;
    close();
    paths_->replies.thread = paths_->notes.thread = paths_->rooms.thread = id;
    paths_->replies.seen = {};
    header_ = header;
    if (header.row.type == domain::ThreadType::customerCase) {
        reply_->beginReply(id, std::make_unique<Drafts>(reader_, acts_, id, false));
        note_->begin(std::make_unique<Drafts>(reader_, acts_, id, true));
    } else {
        room_->begin(std::make_unique<Drafts>(reader_, acts_, id, false));
    }
    setMode(Mode::reply);
    applyHeader();
}

void Composer::close()
{
    reply_->end();
    note_->end();
    room_->end();
    header_.reset();
}

void Composer::setHeader(const views::ThreadHeader& header)
{
    if (!header_ || header_->row.id != header.row.id)
        return;
    header_ = header;
    applyHeader();
}

void Composer::applyHeader()
{
    if (!header_)
        return;
    const QString title = plainLine(header_->row.title, 60);
    const bool direct = header_->row.type == domain::ThreadType::direct;
    room_->setPlaceholder(direct ? tr("Message %1. Type @ and a name to mention a colleague").arg(title)
                                 : tr("Message #%1. Type @ and a name to mention a colleague").arg(title));
    const WindowState state = ui::windowState(header_->row.windowUntil, clock_.now());
    const bool closed = state == WindowState::closed || state == WindowState::none;
    QString why;
    if (state == WindowState::closed)
        why = tr("WhatsApp reply closed, use a template. Templates cannot be sent from here yet.");
    else if (state == WindowState::none)
        why = tr("The customer has not written yet; WhatsApp then takes templates only, which cannot be sent from "
                 "here yet.");
    reply_->setClosed(why);
    const QString first = title.section(u' ', 0, 0);
    reply_->setPlaceholder(closed ? why : tr("Reply to %1 on WhatsApp").arg(first));
}

void Composer::refreshClock()
{
    applyHeader();
}

void Composer::setStaff(const QList<views::Staff>& staff)
{
    note_->setStaff(staff);
    room_->setStaff(staff);
}

void Composer::setLink(views::SyncState::Link link)
{
    if (link == link_)
        return;
    link_ = link;
    reply_->setOffline(link == views::SyncState::Link::offline);
}

void Composer::setSeen(ThreadSeq seen)
{
    paths_->replies.seen = seen;
}

void Composer::setReplyTo(const views::Message& message)
{
    setMode(Mode::reply);
    if (mode() == Mode::reply)
        reply_->setReplyTo(message);
    focusText();
}

void Composer::setEnterSends(bool enterSends)
{
    for (EditorPage* page : std::initializer_list<EditorPage*>{reply_, note_, room_})
        page->setEnterSends(enterSends);
}

void Composer::focusText()
{
    current().field().setFocus(Qt::ShortcutFocusReason);
}

bool Composer::hasTextFocus() const
{
    return texts_->currentWidget() && current().field().hasFocus();
}

void Composer::saveDrafts()
{
    reply_->saveDraft();
    note_->saveDraft();
    room_->saveDraft();
}

void Composer::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isNote = mode() == Mode::note;
    const bool focused = hasTextFocus();
    const QRectF box = QRectF(rect()).adjusted(12, 0, -12, -10);
    const qreal wide = focused ? 2 : 1;
    QPen pen(theme_.colour(isNote ? Colour::noteLine : focused ? Colour::ring : Colour::field), wide);
    if (isNote)
        pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.setBrush(theme_.colour(isNote ? Colour::noteFill : Colour::surface));
    painter.drawRoundedRect(box.adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2), 8, 8);
}

} // namespace holdfast::ui
