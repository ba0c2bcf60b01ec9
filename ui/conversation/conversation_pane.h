// One open conversation: header, messages and composer. Hosted by the window; everything else stays inside.
#pragma once

#include "models/base/clock.h"
#include "models/views/desk.h"
#include "ui/theme/theme.h"

#include <QPointer>
#include <QWidget>

#include <memory>

class QTimer;

namespace holdfast::views {
class ThreadWindow;
}

namespace holdfast::ui {

class AssignPopup;
class Composer;
class ConversationHeader;
class ConversationView;
class FileSheet;
class Notice;
class Pictures;
class PhotoViewer;

// GUI thread only. Never waits: reads and acts continue with whenDone(), and answers for a thread that is no
// longer open are dropped.
class ConversationPane : public QWidget
{
    Q_OBJECT
public:
    ConversationPane(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* parent = nullptr);
    ~ConversationPane() override;

    void open(const ThreadId& id); // at the unread line, or at the newest message
    // From search: the message is scrolled to and flashes once.
    void openAt(const ThreadId& id, const views::MessageKey& key, const EntryId& message);
    void close();
    [[nodiscard]] const ThreadId& thread() const { return thread_; }

    void focusMessages();
    void focusReply(); // key R; rooms: the message field
    void focusNote();  // key N; nothing in rooms

    void showAssign();  // key A
    void toggleDone();  // key E
    void retryFailed(); // Ctrl+R: the focused message, else the newest that may be retried

    // Photo, file and assign card cover this; it must go with the pane. Without one they cover the pane itself.
    void setCover(QWidget& host) { cover_ = &host; }
    void setBackVisible(bool visible);   // one pane at a time: Back in the header
    void setPanelOffered(bool offered);  // a button for the panel, where it is a drawer
    void setEnterSends(bool enterSends); // a setting; off: Enter makes a line, Ctrl+Enter sends
    void setLetterKeys(bool on);         // a setting: R, N, A and E while no text field has focus

    [[nodiscard]] ConversationView& view() { return *view_; }
    [[nodiscard]] Composer& composer() { return *composer_; }
    [[nodiscard]] views::ThreadWindow& rows() { return *window_; }

Q_SIGNALS:
    void backRequested();
    void panelRequested();
    void gone(); // the open conversation is no longer on this desk

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    void wire();
    void begin(const ThreadId& id);
    void loadHeader();
    void loadStaff();
    void takeHeader(const views::ThreadHeader& header);
    void fetchQuoted(const EntryId& message);
    void fetchMissing(const EntryId& row, bool again);
    bool letterKey(int key);
    [[nodiscard]] ThreadSeq seen() const;
    void markSeen();
    void showPhoto(const EntryId& message, int attachment);
    void showFile(const EntryId& message, int attachment);
    [[nodiscard]] QWidget* cover() { return cover_ ? cover_.data() : this; }
    void tell(const QString& words); // a failure, in place above the composer
    void refreshClock();

    const Theme& theme_;
    views::Desk& desk_;
    const Clock& clock_;
    std::unique_ptr<Pictures> pictures_;
    views::ThreadWindow* window_ = nullptr;
    ConversationHeader* header_ = nullptr;
    ConversationView* view_ = nullptr;
    Composer* composer_ = nullptr;
    Notice* notice_ = nullptr;
    QPointer<QWidget> cover_;
    QPointer<AssignPopup> assign_; // made when first used, as children of cover_; they go before this
    QPointer<PhotoViewer> viewer_;
    QPointer<FileSheet> sheet_;
    QTimer* minute_ = nullptr;
    QTimer* readTimer_ = nullptr;
    ThreadId thread_;
    std::optional<views::ThreadHeader> facts_;
    QList<views::Staff> staff_;
    quint64 generation_ = 0; // of the open thread; answers of an older one are dropped
    ThreadSeq marked_;
    QHash<EntryId, views::Hole> asked_; // rows of missing messages that were asked for, as they were then
    bool goingToFirst_ = false;         // Home was pressed, and the first message may be missing
    bool letterKeys_ = true;
};

} // namespace holdfast::ui
