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
class PaletteInput;

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
    // Finds a policy to link to this thread: only policies are listed, Enter links.
    void openForPolicy(const ThreadId& thread);
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
    void begin();
    void ask();
    void take(const Result<views::SearchPage>& page, const QString& text);
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
    ThreadId linkTo_; // zero: an ordinary search
    quint64 generation_ = 0;
};

} // namespace holdfast::ui
