// The fourth column: what the records say about the open thread. Tabs Policy, Customer, Documents, Log.
#pragma once

#include "models/base/clock.h"
#include "models/views/desk.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <utility>

class QScrollArea;

namespace holdfast::ui {

class TabStrip;

class Panel : public QWidget
{
    Q_OBJECT
public:
    enum Tab { policy, customer, documents, log };

    Panel(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* parent);

    void open(const ThreadId& id);
    void close();
    void showTab(int tab); // Ctrl+1 to Ctrl+4
    [[nodiscard]] int tab() const;
    void focusTabs();

Q_SIGNALS:
    void linkRequested(const holdfast::ThreadId& id, const QString& holder); // find a policy to link
    void messageRequested(const holdfast::ThreadId& id, const holdfast::views::MessageKey& key,
                          const holdfast::EntryId& message);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void load();
    void loadTab();
    void showHeader(const Result<views::ThreadHeader>& header);
    void setContent(QWidget* content);
    void showWords(const QString& words);
    void showNothing(); // no thread is open

    const Theme& theme_;
    views::Desk& desk_;
    const Clock& clock_;
    TabStrip* tabs_ = nullptr;
    QScrollArea* scroll_ = nullptr;
    ThreadId thread_;
    std::optional<views::ThreadHeader> header_;
    std::pair<ThreadId, int> shown_; // thread and tab of the content
    quint64 generation_ = 0;         // of the open thread and tab; answers of an older one are dropped
};

} // namespace holdfast::ui
