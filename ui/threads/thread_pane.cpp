#include "ui/threads/thread_pane.h"

#include "ui/threads/filter_row.h"
#include "ui/threads/thread_list_model.h"
#include "ui/threads/thread_list_view.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int headerHeight = 48;
constexpr int slowAfterMs = 2'000;
constexpr int minuteMs = 60'000;

} // namespace

QString viewName(views::View view)
{
    switch (view) {
    case views::View::myQueue:
        return ThreadPane::tr("My queue");
    case views::View::unassigned:
        return ThreadPane::tr("Unassigned");
    case views::View::all:
        return ThreadPane::tr("All");
    }
    return {};
}

ThreadPane::ThreadPane(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* parent)
    : QWidget(parent), theme_(theme), desk_(desk), clock_(clock)
{
    build();
    connect(model_, &ThreadListModel::stateChanged, this, &ThreadPane::showState);
    connect(filters_, &FilterRow::currentChanged, this,
            [this](int index) { model_->show(model_->view(), index == 1); });
    connect(&desk_.news, &views::DeskNews::threadsChanged, this, [this] { model_->reload(); });
    connect(list_, &ThreadListView::openRequested, this, &ThreadPane::openRequested);
    connect(list_, &ThreadListView::assignRequested, this, &ThreadPane::assignRequested);
    connect(list_, &ThreadListView::doneRequested, this, &ThreadPane::doneRequested);
    connect(action_, &PushButton::clicked, this, [this] {
        if (model_->state() == ThreadListModel::State::failed)
            model_->reload();
        else
            Q_EMIT viewRequested(views::View::unassigned);
    });
    // The clocks of the rows run by themselves.
    auto* minute = new QTimer(this);
    connect(minute, &QTimer::timeout, list_, [this] { list_->viewport()->update(); });
    minute->start(minuteMs);
}

void ThreadPane::build()
{
    setMinimumWidth(220);
    model_ = new ThreadListModel(desk_.reader, this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    auto* header = new QWidget(this);
    header->setFixedHeight(theme_.grown(headerHeight));
    connect(&theme_, &Theme::changed, header, [this, header] { header->setFixedHeight(theme_.grown(headerHeight)); });
    auto* headerRow = new QHBoxLayout(header);
    headerRow->setContentsMargins(12, 0, 12, 1);
    headerRow->setSpacing(8);
    title_ = new TextLabel(theme_, Role::title, Colour::text, header);
    count_ = new TextLabel(theme_, Role::base, Colour::text3, header);
    headerRow->addWidget(title_);
    headerRow->addWidget(count_);
    headerRow->addStretch();
    column->addWidget(header);

    filters_ = new FilterRow(theme_, this);
    filters_->addFilter(tr("All"));
    filters_->addFilter(tr("Unread"));
    column->addWidget(filters_);

    message_ = new QWidget(this);
    auto* messageRow = new QVBoxLayout(message_);
    messageRow->setContentsMargins(12, 12, 12, 4);
    messageRow->setSpacing(8);
    words_ = new TextLabel(theme_, Role::base, Colour::text2, message_);
    words_->setWordWrap(true);
    action_ = new PushButton(theme_, PushButton::Kind::outlined, tr("Try again"), message_);
    messageRow->addWidget(words_);
    messageRow->addWidget(action_, 0, Qt::AlignLeft);
    message_->hide();
    column->addWidget(message_);

    list_ = new ThreadListView(theme_, clock_, *model_, this);
    column->addWidget(list_, 1);

    slow_ = new QTimer(this);
    slow_->setSingleShot(true);
    slow_->setInterval(slowAfterMs);
    connect(slow_, &QTimer::timeout, this, [this] {
        if (model_->state() != ThreadListModel::State::loading)
            return;
        words_->setText(tr("Reading the threads of this computer. This takes longer than usual."));
        action_->hide();
        message_->show();
    });
}

void ThreadPane::show(views::View view)
{
    title_->setText(viewName(view));
    list_->setAccessibleName(tr("Threads, %1").arg(viewName(view)));
    model_->show(view, filters_->current() == 1);
}

views::View ThreadPane::view() const
{
    return model_->view();
}

void ThreadPane::setUnassignedCount(int count)
{
    unassigned_ = count;
    showState();
}

void ThreadPane::select(const ThreadId& id)
{
    selected_ = id;
    const QModelIndex index = model_->indexOf(id);
    if (index.isValid())
        list_->setCurrentIndex(list_->model()->index(index.row(), 0));
    else
        list_->setCurrentIndex({});
}

void ThreadPane::clearSelection()
{
    selected_ = {};
    list_->setCurrentIndex({});
}

void ThreadPane::showState()
{
    const bool loading = model_->state() == ThreadListModel::State::loading;
    const bool failed = model_->state() == ThreadListModel::State::failed;
    const bool empty = !loading && !failed && model_->rowCount() == 0;
    if (loading)
        slow_->start();
    else
        slow_->stop();
    count_->setText(loading ? QString() : QString::number(model_->total()));
    filters_->setWords(1, model_->unread() > 0 ? tr("Unread %1").arg(model_->unread()) : tr("Unread"));
    const bool toUnassigned =
        empty && !model_->unreadOnly() && model_->view() == views::View::myQueue && unassigned_ > 0;
    if (failed)
        words_->setText(model_->errorText());
    else if (empty && model_->unreadOnly())
        words_->setText(tr("Everything here is read."));
    else if (toUnassigned)
        words_->setText(tr("Nothing is waiting for you. Take one from Unassigned (%1).").arg(unassigned_));
    else if (empty)
        words_->setText(model_->view() == views::View::myQueue ? tr("Nothing is waiting for you.")
                                                               : tr("Nothing is waiting here."));
    action_->setText(failed ? tr("Try again") : tr("Open Unassigned"));
    action_->setAccessibleName(action_->text());
    action_->setVisible(failed || toUnassigned);
    message_->setVisible(failed || empty);
    if (!selected_.isNull() && !list_->currentIndex().isValid())
        select(selected_);
}

void ThreadPane::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::surface));
    paintHairline(painter, QRect(0, 0, width(), theme_.grown(headerHeight)), Qt::BottomEdge,
                  theme_.colour(Colour::line));
}

} // namespace holdfast::ui
