#include "ui/shell/not_sent_list.h"

#include "models/views/when_done.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace holdfast::ui {

namespace {

constexpr int cardWidth = 560;
constexpr int cardHeight = 480;
constexpr int cardTop = 72;
constexpr int inset = 20;

} // namespace

NotSentList::NotSentList(const Theme& theme, views::Desk& desk, QWidget* window)
    : Overlay(theme, tr("Not sent"), window), desk_(desk)
{
    auto* column = new QVBoxLayout(&card());
    column->setContentsMargins(0, inset, 0, 16);
    column->setSpacing(10);
    const auto addLabel = [&](Role role, Colour colour) {
        auto* label = new TextLabel(theme, role, colour, &card());
        label->setContentsMargins(inset, 0, inset, 0);
        label->setWordWrap(true);
        column->addWidget(label);
        return label;
    };
    addLabel(Role::title, Colour::text)->setText(tr("Not sent"));
    addLabel(Role::base, Colour::text2)
        ->setText(tr("Kept on this computer until you decide. Nothing of this reached a customer or a colleague."));
    words_ = addLabel(Role::base, Colour::text);
    scroll_ = new QScrollArea(&card());
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setWidgetResizable(true);
    scroll_->setFocusPolicy(Qt::NoFocus);
    scroll_->setAccessibleName(tr("Entries that were not sent"));
    scroll_->viewport()->setAutoFillBackground(false);
    column->addWidget(scroll_, 1);
    close_ = new PushButton(theme, PushButton::Kind::outlined, tr("Close"), &card());
    close_->setKeyHint(QStringLiteral("Esc"));
    connect(close_, &QAbstractButton::clicked, this, &Overlay::closeOverlay);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(inset, 0, inset, 0);
    row->addStretch(1);
    row->addWidget(close_);
    column->addLayout(row);
    setCardGeometry(theme.grown(cardWidth), theme.grown(cardHeight), cardTop);
    connect(&desk.news, &views::DeskNews::syncStateChanged, this, [this] {
        if (isVisible())
            load();
    });
}

void NotSentList::openList()
{
    say(QString());
    show({});
    openOverlay();
    load();
}

void NotSentList::load()
{
    const quint64 mine = ++generation_;
    views::whenDone(desk_.reader.notSent(), this, [this, mine](const Result<QList<views::NotSent>>& entries) {
        if (mine != generation_)
            return;
        if (!entries)
            return say(entries.error().text);
        say(entries->isEmpty() ? tr("Everything was sent.") : QString());
        show(*entries);
    });
}

void NotSentList::show(const QList<views::NotSent>& entries)
{
    // The first entry takes the keyboard when the list fills, and the next one when an entry left.
    const bool hadFocus = card().isAncestorOf(window()->focusWidget());
    auto* list = new QWidget;
    list->setAutoFillBackground(false);
    auto* rows = new QVBoxLayout(list);
    rows->setContentsMargins(inset, 0, inset, 0);
    rows->setSpacing(14);
    for (const views::NotSent& entry : entries)
        rows->addWidget(rowFor(entry));
    rows->addStretch(1);
    scroll_->setWidget(list); // the area owns it and deletes the one before
    list->setAutoFillBackground(false);
    if (hadFocus)
        firstFocus()->setFocus(Qt::OtherFocusReason);
}

QWidget* NotSentList::rowFor(const views::NotSent& entry)
{
    auto* row = new QWidget;
    auto* column = new QVBoxLayout(row);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    const QString text = plainLine(entry.text, 160);
    const auto add = [&](const QString& words, Role role, Colour colour) {
        auto* label = new TextLabel(theme(), role, colour, row);
        label->setWordWrap(true);
        label->setText(words);
        column->addWidget(label);
    };
    add(text.isEmpty() ? tr("Without text") : text, Role::name, Colour::text);
    add(plainLine(entry.why, 300), Role::secondary, Colour::bad);
    add(dateAndTime(entry.at), Role::secondary, Colour::text3);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(12);
    const auto link = [&](const QString& words, const auto& act) {
        auto* button = new PushButton(theme(), PushButton::Kind::link, words, row);
        button->setAccessibleName(tr("%1: %2").arg(words, text));
        connect(button, &QAbstractButton::clicked, this, act);
        buttons->addWidget(button);
    };
    link(tr("Try again"), [this, id = entry.entry] {
        views::whenDone(desk_.acts.retry(id), this, [this](const Result<EntryId>& done) {
            settle(done ? Result<void>() : tl::unexpected(done.error()));
        });
    });
    link(tr("Let it go"), [this, id = entry.entry] {
        views::whenDone(desk_.acts.discard(id), this, [this](const Result<void>& done) { settle(done); });
    });
    link(tr("Show the conversation"), [this, thread = entry.thread] {
        closeOverlay();
        Q_EMIT threadRequested(thread);
    });
    buttons->addStretch(1);
    column->addLayout(buttons);
    return row;
}

void NotSentList::settle(const Result<void>& result)
{
    if (!result)
        return say(result.error().text);
    load();
}

void NotSentList::say(const QString& words)
{
    words_->setText(words);
    words_->setVisible(!words.isEmpty());
    if (words.isEmpty() || !isVisible())
        return;
    QAccessibleEvent event(words_, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

QWidget* NotSentList::firstFocus()
{
    for (PushButton* button : scroll_->findChildren<PushButton*>()) {
        if (button->isVisibleTo(this))
            return button;
    }
    return close_;
}

} // namespace holdfast::ui
