#include "ui/panel/panel.h"

#include "models/views/when_done.h"
#include "ui/panel/sections.h"
#include "ui/panel/tab_strip.h"
#include "ui/theme/style.h"
#include "ui/widgets/painting.h"

#include <QApplication>
#include <QFuture>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int documentDepth = 200; // newest messages that are looked through for files
constexpr int logDepth = 100;

} // namespace

Panel::Panel(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* parent)
    : QWidget(parent), theme_(theme), desk_(desk), clock_(clock)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    tabs_ = new TabStrip(theme, {tr("Policy"), tr("Customer"), tr("Documents"), tr("Log")}, this);
    column->addWidget(tabs_);
    scroll_ = new QScrollArea(this);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setAccessibleName(tr("Records of this thread"));
    scroll_->viewport()->setAutoFillBackground(false);
    column->addWidget(scroll_, 1);
    connect(qApp, &QApplication::focusChanged, this, [this] { update(); });
    connect(tabs_, &TabStrip::currentChanged, this, [this] {
        scroll_->verticalScrollBar()->setValue(0);
        loadTab();
    });
    connect(&desk_.news, &views::DeskNews::threadChanged, this, [this](const ThreadId& id) {
        if (id == thread_)
            load();
    });
    connect(&theme, &Theme::changed, this, &Panel::loadTab);
    showNothing();
}

void Panel::showNothing()
{
    showWords(tr("Choose a thread to see its policy, its customer, its documents and its log."));
}

void Panel::open(const ThreadId& id)
{
    if (id == thread_)
        return;
    thread_ = id;
    header_.reset();
    load();
}

void Panel::close()
{
    thread_ = {};
    header_.reset();
    ++generation_;
    showNothing();
}

int Panel::tab() const
{
    return tabs_->current();
}

void Panel::showTab(int tab)
{
    tabs_->setCurrent(tab);
}

void Panel::focusTabs()
{
    tabs_->focusCurrent();
}

void Panel::load()
{
    const quint64 generation = ++generation_;
    views::whenDone(desk_.reader.thread(thread_), this, [this, generation](const Result<views::ThreadHeader>& header) {
        if (generation == generation_)
            showHeader(header);
    });
}

void Panel::showHeader(const Result<views::ThreadHeader>& header)
{
    if (!header) {
        showWords(header.error().text);
        return;
    }
    header_ = *header;
    loadTab();
}

void Panel::loadTab()
{
    const quint64 generation = ++generation_;
    if (thread_.isNull())
        return showNothing();
    if (!header_)
        return load();
    switch (tabs_->current()) {
    case policy:
        setContent(policySections(
            theme_, header_->policies, [this] { Q_EMIT linkRequested(thread_, header_->row.title); }, this));
        break;
    case customer:
        setContent(customerSections(theme_, *header_, this));
        break;
    case documents:
        views::whenDone(desk_.reader.newestMessages(thread_, documentDepth), this,
                        [this, generation](const Result<views::MessagePage>& page) {
                            if (generation != generation_)
                                return;
                            if (!page)
                                return showWords(page.error().text);
                            const auto show = [this](const views::Message& message) {
                                Q_EMIT messageRequested(thread_, message.key, message.id);
                            };
                            setContent(
                                documentSections(theme_, page->messages, page->moreBefore, clock_.now(), show, this));
                        });
        break;
    case log:
        views::whenDone(desk_.reader.threadLog(thread_, logDepth), this,
                        [this, generation](const Result<QList<views::LogLine>>& lines) {
                            if (generation != generation_)
                                return;
                            if (!lines)
                                return showWords(lines.error().text);
                            setContent(logSections(theme_, *lines, clock_.now(), this));
                        });
        break;
    default:
        break;
    }
}

// News rebuild a tab while somebody reads it: place and keyboard focus stay where they are.
void Panel::setContent(QWidget* content)
{
    const bool same = shown_ == std::pair(thread_, tabs_->current());
    shown_ = {thread_, tabs_->current()};
    const int place = same ? scroll_->verticalScrollBar()->value() : 0;
    const QWidget* focus = scroll_->widget() ? scroll_->widget()->focusWidget() : nullptr;
    const QString focused = same && focus && focus->hasFocus() ? focus->accessibleName() : QString();
    content->setAutoFillBackground(false);
    scroll_->setWidget(content); // the area owns it and deletes the one before
    content->setAutoFillBackground(false);
    content->adjustSize();
    scroll_->verticalScrollBar()->setValue(place);
    if (focused.isEmpty())
        return;
    for (QWidget* child : content->findChildren<QWidget*>()) {
        if (child->focusPolicy() != Qt::NoFocus && child->accessibleName() == focused)
            return child->setFocus(Qt::OtherFocusReason);
    }
}

void Panel::showWords(const QString& words)
{
    auto* column = new SectionColumn(theme_, this);
    column->beginSection();
    column->addWords(words);
    column->end();
    setContent(column);
}

void Panel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::surface));
    if (!qobject_cast<const QSplitter*>(parentWidget())) // a drawer over the conversation
        paintHairline(painter, rect(), Qt::LeftEdge, theme_.colour(Colour::line2));
    if (scroll_->hasFocus()) // it scrolls by keys
        paintFocusRing(painter, scroll_->geometry(), 4, theme_);
}

} // namespace holdfast::ui
