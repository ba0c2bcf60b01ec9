// Where people write: a reply or an internal note beside a customer's thread, a message in a room.
#pragma once

#include "models/base/clock.h"
#include "models/views/desk.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <memory>

class QStackedLayout;

namespace holdfast::ui {

class EditorPage;
class NotePage;
class ReplyPage;
class RoomPage;
class SegmentedControl;

// GUI thread only. Each mode is a page of its own class with its own text, draft and way out (see writers.h).
class Composer : public QWidget
{
    Q_OBJECT
public:
    enum class Mode { reply, note, room };

    Composer(const Theme& theme, views::DeskReader& reader, views::DeskActs& acts, const Clock& clock,
             QWidget* parent = nullptr);
    ~Composer() override;

    // Saves what was written in the thread before, then restores this one's drafts.
    void open(const views::ThreadHeader& header);
    void close();
    void setHeader(const views::ThreadHeader& header); // the same thread, newer facts (window, name)
    void setStaff(const QList<views::Staff>& staff);   // for mentions
    void setLink(views::SyncState::Link link);
    void setSeen(ThreadSeq seen);                   // newest entry that was on screen; goes with the next reply
    void setReplyTo(const views::Message& message); // quotes it in the next reply
    void setEnterSends(bool enterSends);
    void refreshClock(); // the 24 hours may have ended

    [[nodiscard]] Mode mode() const;
    void setMode(Mode mode);                   // `note` and `reply` in a customer's thread only
    [[nodiscard]] QString submitWords() const; // what submitting does in this mode: "save note"
    void focusText();
    [[nodiscard]] bool hasTextFocus() const;
    void saveDrafts(); // now, not after the pause

Q_SIGNALS:
    void written(const holdfast::EntryId& id); // durable on this desk
    void failed(const QString& words);
    void leave(); // Esc
    void modeChanged();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Paths; // adapters from the pages' writers to the desk's acts, for the open thread
    void build();
    void wire(EditorPage& page);
    [[nodiscard]] EditorPage& current() const;
    void applyHeader();

    const Theme& theme_;
    views::DeskReader& reader_;
    views::DeskActs& acts_;
    const Clock& clock_;
    std::unique_ptr<Paths> paths_;
    SegmentedControl* modes_ = nullptr;
    QStackedLayout* texts_ = nullptr;
    QStackedLayout* tools_ = nullptr;
    ReplyPage* reply_ = nullptr;
    NotePage* note_ = nullptr;
    RoomPage* room_ = nullptr;
    std::optional<views::ThreadHeader> header_;
    views::SyncState::Link link_ = views::SyncState::Link::offline;
};

} // namespace holdfast::ui
