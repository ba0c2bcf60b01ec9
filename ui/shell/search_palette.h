// Ctrl+K: search and commands over the window. Results appear while typing; late answers are dropped.
#pragma once

#include "models/base/clock.h"
#include "models/views/desk.h"
#include "ui/shell/overlay.h"

#include <functional>

class QListView;

namespace holdfast::ui {

class FilterRow;
class ResultModel;
class TextLabel;
class PaletteFooter;
class PaletteInput;

// What the palette lists.
enum class Scope { all, messages, people, policies, commands };

struct Command
{
    QString name;
    QString key; // shown, not bound: "Ctrl+Shift+L"
    std::function<void()> run;
};

class SearchPalette : public Overlay
{
    Q_OBJECT
public:
    SearchPalette(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* window);

    void setCommands(QList<Command> commands);
    void openSearch();
    // Finds a policy to link to this thread: only policies are listed, at first those of `holder`; Enter links.
    void openForPolicy(const ThreadId& thread, const QString& holder);
    [[nodiscard]] ResultModel& results() { return *results_; }
    [[nodiscard]] QWidget& input();

Q_SIGNALS:
    void threadRequested(const holdfast::ThreadId& id);
    void messageRequested(const holdfast::ThreadId& id, const holdfast::views::MessageKey& key,
                          const holdfast::EntryId& message);

protected:
    QWidget* firstFocus() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void begin(Scope scope);
    void ask();
    void take(const Result<views::SearchPage>& page, const QString& text);
    void showTold(int hits, bool more);
    void showCounts();
    void step(int by);
    void activate();
    void link(const views::SearchHit& hit);
    [[nodiscard]] bool paletteKey(QKeyEvent* event);

    views::Desk& desk_;
    const Clock& clock_;
    PaletteInput* input_ = nullptr;
    FilterRow* scopes_ = nullptr;
    TextLabel* told_ = nullptr;
    TextLabel* words_ = nullptr;
    ResultModel* results_ = nullptr;
    QListView* list_ = nullptr;
    PaletteFooter* footer_ = nullptr;
    ThreadId linkTo_; // zero: an ordinary search
    QString holder_;  // while linking: whose policies are proposed before anything is typed
    quint64 generation_ = 0;
};

} // namespace holdfast::ui
