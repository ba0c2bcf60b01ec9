#include "ui/shell/kept_draft_bar.h"

#include "models/views/when_done.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QAccessible>
#include <QClipboard>
#include <QFuture>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>

namespace holdfast::ui {

KeptDraftBar::KeptDraftBar(const Theme& theme, views::Desk& desk, QWidget* parent)
    : QWidget(parent), theme_(theme), desk_(desk)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 12, 6);
    row->setSpacing(12);
    title_ = new TextLabel(theme, Role::name, Colour::text, this);
    text_ = new TextLabel(theme, Role::secondary, Colour::text2, this);
    text_->setElided(true);
    copy_ = new PushButton(theme, PushButton::Kind::outlined, tr("Copy"), this);
    copy_->setAccessibleName(tr("Copy the kept draft"));
    discard_ = new PushButton(theme, PushButton::Kind::link, tr("Discard"), this);
    discard_->setAccessibleName(tr("Discard the kept draft"));
    row->addWidget(title_);
    row->addWidget(text_, 1);
    row->addWidget(copy_);
    row->addWidget(discard_);
    connect(copy_, &QAbstractButton::clicked, this, &KeptDraftBar::copy);
    connect(discard_, &QAbstractButton::clicked, this, &KeptDraftBar::discard);
    connect(&desk.news, &views::DeskNews::keptDraftsChanged, this, &KeptDraftBar::load);
    hide();
    load();
}

void KeptDraftBar::load()
{
    const quint64 generation = ++generation_;
    views::whenDone(desk_.reader.keptDrafts(), this, [this, generation](const Result<QList<views::KeptDraft>>& drafts) {
        if (drafts && generation == generation_)
            offer(*drafts);
    });
}

void KeptDraftBar::offer(const QList<views::KeptDraft>& drafts)
{
    const views::KeptDraft next = drafts.isEmpty() ? views::KeptDraft() : drafts.first();
    const bool isNew = !drafts.isEmpty() && !(next == draft_);
    draft_ = next;
    title_->setText(drafts.size() > 1 ? tr("Your draft was kept (1 of %1)").arg(drafts.size())
                                      : tr("Your draft was kept"));
    text_->setText(tr("Its conversation is no longer with your teams. %1").arg(plainLine(draft_.text, 200)));
    setAccessibleName(title_->text());
    setVisible(!drafts.isEmpty());
    if (!isNew)
        return;
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void KeptDraftBar::copy()
{
    QGuiApplication::clipboard()->setText(draft_.text);
}

void KeptDraftBar::discard()
{
    views::whenDone(desk_.acts.dropKeptDraft(draft_.number), this, [this](const Result<void>&) { load(); });
}

void KeptDraftBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::surface));
    paintHairline(painter, rect(), Qt::TopEdge, theme_.colour(Colour::line));
}

} // namespace holdfast::ui
