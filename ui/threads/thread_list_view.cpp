#include "ui/threads/thread_list_view.h"

#include "ui/threads/thread_delegate.h"

#include <QIdentityProxyModel>
#include <QKeyEvent>
#include <QScrollBar>

namespace holdfast::ui {
namespace {

// Says a row in words with the time of asking; the rows themselves know no clock.
class SpokenRows : public QIdentityProxyModel
{
public:
    SpokenRows(ThreadListModel& model, const Clock& clock, QObject* parent)
        : QIdentityProxyModel(parent), model_(model), clock_(clock)
    {
        setSourceModel(&model);
    }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override
    {
        if (role != Qt::AccessibleTextRole)
            return QIdentityProxyModel::data(index, role);
        const views::ThreadRow* row = model_.row(mapToSource(index));
        return row ? threadRowWords(*row, clock_.now()) : QString();
    }

private:
    ThreadListModel& model_;
    const Clock& clock_;
};

} // namespace

ThreadListView::ThreadListView(const Theme& theme, const Clock& clock, ThreadListModel& model, QWidget* parent)
    : QListView(parent), model_(model)
{
    setModel(new SpokenRows(model, clock, this));
    setItemDelegate(new ThreadDelegate(theme, clock, model, this));
    setUniformItemSizes(true);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalScrollBar()->setSingleStep(20);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    setAccessibleName(tr("Threads"));
    connect(this, &QListView::doubleClicked, this, [this] {
        if (const views::ThreadRow* row = currentRow())
            Q_EMIT openRequested(row->id, true);
    });
    connect(&theme, &Theme::changed, this, [this] {
        scheduleDelayedItemsLayout();
        viewport()->update();
    });
}

const views::ThreadRow* ThreadListView::currentRow() const
{
    return model_.row(model_.index(currentIndex().row()));
}

void ThreadListView::step(int rows)
{
    const int count = model()->rowCount();
    if (count == 0)
        return;
    const int wanted = std::clamp(currentIndex().isValid() ? currentIndex().row() + rows : 0, 0, count - 1);
    setCurrentIndex(model()->index(wanted, 0));
    if (const views::ThreadRow* row = currentRow())
        Q_EMIT openRequested(row->id, false);
}

void ThreadListView::mousePressEvent(QMouseEvent* event)
{
    QListView::mousePressEvent(event);
    const views::ThreadRow* row = currentRow();
    if (row && event->button() == Qt::LeftButton && indexAt(event->position().toPoint()).isValid())
        Q_EMIT openRequested(row->id, false);
}

void ThreadListView::focusInEvent(QFocusEvent* event)
{
    QListView::focusInEvent(event);
    // Keyboard people must land on something that they can see.
    if (!currentIndex().isValid() && model()->rowCount() > 0 && event->reason() != Qt::MouseFocusReason)
        setCurrentIndex(model()->index(0, 0));
}

void ThreadListView::keyPressEvent(QKeyEvent* event)
{
    const views::ThreadRow* row = currentRow();
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (!plain) {
        QListView::keyPressEvent(event);
        return;
    }
    if (!letterKeys_ && event->key() >= Qt::Key_A && event->key() <= Qt::Key_Z)
        return event->ignore();
    switch (event->key()) {
    case Qt::Key_J:
    case Qt::Key_Down:
        step(1);
        return;
    case Qt::Key_K:
    case Qt::Key_Up:
        step(-1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (row)
            Q_EMIT openRequested(row->id, true);
        return;
    case Qt::Key_A:
        if (row)
            Q_EMIT assignRequested(row->id);
        return;
    case Qt::Key_E:
        if (row)
            Q_EMIT doneRequested(row->id);
        return;
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        QListView::keyPressEvent(event);
        return;
    default:
        event->ignore(); // letters go on to the window, not to a search by first letter
    }
}

} // namespace holdfast::ui
