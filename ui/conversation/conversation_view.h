// The messages of the open thread: a self-painted scroll area over the windowed model.
#pragma once

#include "models/base/clock.h"
#include "models/views/thread_window.h"
#include "ui/conversation/message_item.h"

#include <QAbstractScrollArea>
#include <QTimer>
#include <QVariantAnimation>

#include <functional>
#include <memory>
#include <vector>

class QMenu;

namespace holdfast::ui {

class NewBelowPill;
class Pictures;

// A place in the text of a message.
struct TextSpot
{
    EntryId message;
    int offset = 0;
    friend bool operator==(const TextSpot&, const TextSpot&) = default;
};

// GUI thread only. Keeps the first visible message where it is, in px, over every change above or of the geometry;
// follows the newest message while it is in sight.
class ConversationView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    ConversationView(const Theme& theme, views::ThreadWindow& window, Pictures& pictures, const Clock& clock, UserId me,
                     QWidget* parent = nullptr);
    ~ConversationView() override;

    void setRoom(bool isRoom);
    void setStaff(const QList<views::Staff>& staff);
    // Scrolls there as soon as the message is held, and flashes it once.
    void aimAt(const EntryId& message);
    void showNewest();
    // The first message on this desk. `again`: it may be an older one than before.
    void showFirst(bool again = false);
    // Of rows that stand for missing messages: whether central can be reached, and why what was asked for did not come.
    void setOnline(bool online);
    void setHoleFailure(const EntryId& hole, const QString& words);
    void setTransfer(const BlobId& id, const std::optional<views::Transfer>& transfer);

    [[nodiscard]] views::ThreadWindow& rows() const { return window_; }
    [[nodiscard]] const EntryId& focusedMessage() const { return focused_; }
    void setFocusedMessage(const EntryId& message);
    // What can be done with a message, the first one by Enter; also offered by the menu and to screen readers.
    enum class Act { openPhoto, openFile, followQuote, retry, letGo, why, answer, fetch };
    [[nodiscard]] QList<Act> actsOf(const EntryId& message) const;
    void perform(const EntryId& message, Act act);
    [[nodiscard]] static QString actWords(Act act);
    [[nodiscard]] QRect bodyOf(const EntryId& message) const; // in the viewport; empty if not held
    [[nodiscard]] ThreadSeq seen() const { return seen_; }    // newest accepted entry that was on screen
    [[nodiscard]] bool isAtNewest() const;
    [[nodiscard]] bool hasSelection() const { return !(from_ == to_); }
    [[nodiscard]] QString selectedText() const; // of the selection, else of the focused message
    void copy() const;
    [[nodiscard]] int heavyCount() const;                 // messages that hold a text layout now
    [[nodiscard]] const MessageItem* item(int row) const; // nullptr outside of the rows
    [[nodiscard]] int itemTop(int row) const;             // in the viewport

Q_SIGNALS:
    void seenChanged();
    void fileActivated(const holdfast::EntryId& message, int attachment);
    void photoActivated(const holdfast::EntryId& message, int attachment);
    void retryRequested(const holdfast::EntryId& message);
    void letGoRequested(const holdfast::EntryId& message);
    void whyRequested(const holdfast::EntryId& message);    // it was not sent: the reason in words
    void answerRequested(const holdfast::EntryId& message); // quote it in a reply
    void messageWanted(const holdfast::EntryId& message);   // a quote leads to one that is not held
    void focusedMessageChanged();
    void firstWanted();                            // the first message, wherever it is
    void holeShown(const holdfast::EntryId& row);  // missing messages came into sight
    void holeWanted(const holdfast::EntryId& row); // somebody asks for them

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Anchor
    {
        EntryId message;
        int y = 0; // of its body in the viewport
        bool atNewest = true;
    };
    struct Hit
    {
        enum class What { nothing, body, text, quote, photo, file, retry, letGo, why } what = What::nothing;
        int row = -1;
        int index = 0; // of the photo, or the offset in the text
        friend bool operator==(const Hit&, const Hit&) = default;
    };

    void wire();
    // Runs `change`, lays out again and puts what was anchored back to its place.
    void keepingPlace(const std::function<void()>& change);
    [[nodiscard]] Anchor anchor() const;
    void restore(const Anchor& anchor);
    void rebuild(bool textsToo);
    void takeItems(); // one item per row; known ones by identity
    void layOut();
    void startAgain();
    void settle(); // after the rows were replaced: target, unread line or newest
    void afterScroll();
    void placePill();
    void updateSeen();
    void scrollTo(int value, bool animated);
    void reveal(int row);
    void flash(const EntryId& message);
    [[nodiscard]] int firstVisible() const;
    [[nodiscard]] int lastVisible() const;
    [[nodiscard]] int contentTop() const; // y of row 0 in the viewport
    [[nodiscard]] ItemContext context() const;

    [[nodiscard]] Hit hitAt(const QPoint& point) const;
    [[nodiscard]] TextSpot spotAt(const QPoint& point) const;
    [[nodiscard]] TextRange selectionIn(int row) const;
    [[nodiscard]] std::pair<TextSpot, TextSpot> orderedSelection() const;
    void clearSelection();
    void activate(const Hit& hit);
    void followQuote(int row);
    void addActs(QMenu& menu, const views::Message& message);
    void moveFocus(int step);
    bool pageKey(int key);
    void dragScroll();

    const Theme& theme_;
    views::ThreadWindow& window_;
    Pictures& pictures_;
    const Clock& clock_;
    const UserId me_;
    QHash<UserId, QString> names_;
    QHash<BlobId, views::Transfer> transfers_;
    QHash<EntryId, QString> holeFailures_;
    bool isOnline_ = true;
    bool toFirst_ = false;                            // once the rows that begin the thread are there
    std::vector<std::unique_ptr<MessageItem>> items_; // one per row of the window
    std::vector<int> tops_;                           // of each item in the content; one more for the end
    Column column_;
    NewBelowPill* pill_ = nullptr;
    QVariantAnimation glide_;
    QTimer flashTimer_;
    QTimer dragTimer_;
    EntryId aim_; // null: none
    EntryId flashed_;
    EntryId focused_;
    TextSpot from_;
    TextSpot to_;
    Hit pressed_;
    QPoint dragAt_;
    ThreadSeq seen_;
    int newBelow_ = 0;
    bool selecting_ = false;
    bool isRoom_ = false;
    bool follows_ = true; // the newest message is in sight: stay with it
    bool restoring_ = false;
    bool keyFocus_ = false; // the ring shows after a key, not after a click
};

} // namespace holdfast::ui
