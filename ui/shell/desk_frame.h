// An open desk: navigation, threads, conversation and panel as columns that fall in steps as the window narrows.
#pragma once

#include "models/base/clock.h"
#include "models/views/session.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QSettings;

namespace holdfast::ui {

class AssignPopup;
class ConversationPane;
class KeyList;
class Navigation;
class NotSentList;
class NoConversation;
class Notice;
class Panel;
class SearchPalette;
class Splitter;
class StatusBar;
class ThreadPane;

class DeskFrame : public QWidget
{
    Q_OBJECT
public:
    // wide: all columns. medium: rail, list, conversation, panel as drawer. narrow: rail and one pane at a time.
    enum class Fall { wide, medium, narrow };

    DeskFrame(Theme& theme, views::Desk& desk, const Clock& clock, QSettings& settings, QWidget* window);
    ~DeskFrame() override;

    void openThread(const ThreadId& id, bool focusIt);
    void openConversation(const ThreadId& id); // a room or a direct conversation
    void openView(views::View view);
    void showPalette();
    void showKeys();
    void toggleDrawer(); // F9, in `medium` and `narrow`

    [[nodiscard]] Fall fall() const { return fall_; }
    [[nodiscard]] Navigation& navigation() { return *navigation_; }
    [[nodiscard]] ThreadPane& threads() { return *threads_; }
    [[nodiscard]] ConversationPane& conversation() { return *conversation_; }
    [[nodiscard]] Panel& panel() { return *panel_; }
    [[nodiscard]] StatusBar& statusBar() { return *status_; }
    [[nodiscard]] SearchPalette& palette() { return *search_; }

Q_SIGNALS:
    void lockRequested();
    void schemeRequested(holdfast::ui::Scheme scheme);
    void textPercentRequested(int percent);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    enum class Pane { navigation, threads, conversation, panel, status };
    void build();
    void wire();
    void addKeys();
    void addCommands();
    void applyFall();
    void placeDrawer();
    void showPane(Pane pane); // narrow: brings it to the front
    void stepPane(int by);
    void focusPane(Pane pane);
    [[nodiscard]] bool isShown(Pane pane) const;
    [[nodiscard]] Pane focusedPane() const;
    [[nodiscard]] bool isCovered() const; // by a card or a photo, which has the keyboard to itself
    void setLetterKeys(bool on);
    void setEnterSends(bool enterSends);
    [[nodiscard]] bool typing() const; // a text field has the focus
    void showHints();
    void assign(const ThreadId& id);
    void finish(const ThreadId& id);
    void leaveConversation();
    void openFound(const ThreadId& thread, const views::MessageKey& key, const EntryId& message);
    void saveWidths();

    Theme& theme_;
    views::Desk& desk_;
    const Clock& clock_;
    QSettings& settings_;
    Navigation* navigation_ = nullptr;
    Splitter* splitter_ = nullptr;
    ThreadPane* threads_ = nullptr;
    ConversationPane* conversation_ = nullptr;
    Panel* panel_ = nullptr;
    Notice* notice_ = nullptr; // what failed and belongs to no open conversation
    StatusBar* status_ = nullptr;
    SearchPalette* search_ = nullptr;
    KeyList* keys_ = nullptr;
    NotSentList* notSent_ = nullptr;
    AssignPopup* assign_ = nullptr;
    NoConversation* empty_ = nullptr; // beside the list while nothing is open
    Fall fall_ = Fall::wide;
    Pane front_ = Pane::threads; // of `narrow`
    bool drawerOpen_ = false;
    bool letterKeys_ = true;
    bool room_ = false; // the open conversation has no customer: no panel
};

} // namespace holdfast::ui
