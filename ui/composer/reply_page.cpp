#include "ui/composer/reply_page.h"

#include "models/views/when_done.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace holdfast::ui {

namespace {

constexpr int mostFiles = 10;

}

ReplyPage::ReplyPage(const Theme& page, ReplyWriter& writer, QWidget* parent)
    : EditorPage(page, tr("Reply to the customer on WhatsApp"), parent), writer_(writer)
{
    attach_ = new IconButton(page, Icon::paperclip, tr("Attach photos or documents"), &tools());
    toolRow().insertWidget(0, attach_);
    connect(attach_, &QAbstractButton::clicked, this, &ReplyPage::choose);
    quote_ = new QuoteStrip(page, this);
    strip_ = new AttachmentStrip(page, this);
    auto* column = qobject_cast<QVBoxLayout*>(layout());
    column->insertWidget(0, quote_);
    column->addWidget(strip_);
    connect(strip_, &AttachmentStrip::removed, this, [this](int index) {
        extras_.files.removeAt(index);
        showExtras();
    });
    connect(quote_, &QuoteStrip::dismissed, this, [this] { setReplyTo(std::nullopt); });
    setUpButton(tr("Send"), Icon::arrowUp);
    showExtras();
}

void ReplyPage::setClosed(const QString& why)
{
    if (why == closed_)
        return;
    closed_ = why;
    field().setEnabled(why.isEmpty());
    attach_->setEnabled(why.isEmpty());
    attach_->setToolTip(plainToolTip(why.isEmpty() ? tr("Attach photos or documents") : why));
    refresh();
}

void ReplyPage::setOffline(bool offline)
{
    offline_ = offline;
    setUpButton(offline ? tr("Send when online") : tr("Send"), Icon::arrowUp);
    refresh();
}

void ReplyPage::setReplyTo(const std::optional<views::Message>& message)
{
    extras_.quoted = message;
    quote_->show(message);
    Q_EMIT looksChanged();
}

QString ReplyPage::blockedReason() const
{
    if (!closed_.isEmpty())
        return closed_;
    return thread_ && loading_.contains(*thread_) ? tr("The files are still being read") : QString();
}

bool ReplyPage::hasContent() const
{
    return !extras_.files.isEmpty() || EditorPage::hasContent();
}

int ReplyPage::limit() const
{
    return extras_.files.isEmpty() ? 4096 : 1024;
}

void ReplyPage::beginReply(const ThreadId& thread, std::unique_ptr<DraftKeeper> drafts)
{
    begin(std::move(drafts));
    thread_ = thread;
    extras_ = aside_.take(thread);
    setReplyTo(extras_.quoted);
    showExtras();
}

QFuture<Result<EntryId>> ReplyPage::write(const QString& text)
{
    sending_ = extras_.files.size();
    strip_->setEnabled(false); // what is on its way can no longer be taken out
    const auto replyTo = extras_.quoted ? std::optional(extras_.quoted->id) : std::nullopt;
    const QFuture<Result<EntryId>> written = writer_.writeReply(text, extras_.files, replyTo);
    views::whenDone(written, this, [this, thread = *thread_, sent = extras_](const Result<EntryId>& result) {
        if (!result)
            giveBack(thread, sent);
    });
    return written;
}

void ReplyPage::giveBack(const ThreadId& thread, const Extras& extras)
{
    if (thread == thread_ && sending_ > 0) // they are still shown
        sending_ = 0;
    else if (thread == thread_)
        extras_.files = extras.files + extras_.files;
    else
        aside_[thread] = {extras.files + aside_.value(thread).files, extras.quoted};
    showExtras();
}

void ReplyPage::afterWritten()
{
    extras_.files.remove(0, std::exchange(sending_, 0)); // what was chosen meanwhile stays
    setReplyTo(std::nullopt);
    showExtras();
}

void ReplyPage::leaving()
{
    if (isWriting()) {
        extras_.files.remove(0, sending_);
        extras_.quoted.reset();
    }
    if (thread_ && (!extras_.files.isEmpty() || extras_.quoted))
        aside_.insert(*thread_, extras_);
    thread_.reset();
    extras_ = {};
    sending_ = 0;
    setReplyTo(std::nullopt);
    showExtras();
}

void ReplyPage::choose()
{
    auto* dialog = new QFileDialog(this, tr("Attach photos or documents"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Photos and documents (*.jpg *.jpeg *.png *.pdf *.txt *.doc *.docx *.xls *.xlsx *.ppt "
                               "*.pptx)"),
                            tr("Photos (*.jpg *.jpeg *.png)"),
                            tr("Documents (*.pdf *.txt *.doc *.docx *.xls *.xlsx "
                               "*.ppt *.pptx)")});
    connect(dialog, &QFileDialog::filesSelected, this, &ReplyPage::addFiles);
    dialog->open();
}

void ReplyPage::addFiles(const QStringList& paths)
{
    if (!closed_.isEmpty() || paths.isEmpty() || !thread_)
        return;
    const qsizetype room = mostFiles - extras_.files.size() - loading_.value(*thread_);
    if (paths.size() > room)
        Q_EMIT failed(tr("At most %1 files go with one reply.").arg(mostFiles));
    const QStringList taken = paths.mid(0, std::max<qsizetype>(0, room));
    if (taken.isEmpty())
        return;
    loading_[*thread_] += static_cast<int>(taken.size());
    refresh();
    views::whenDone(loader_.load(taken), this, [this, thread = *thread_](const QList<LoadedFile>& loaded) {
        if ((loading_[thread] -= static_cast<int>(loaded.size())) <= 0)
            loading_.remove(thread);
        take(thread, loaded);
    });
}

void ReplyPage::take(const ThreadId& thread, const QList<LoadedFile>& loaded)
{
    QList<views::OutgoingFile>& files = thread == thread_ ? extras_.files : aside_[thread].files;
    QStringList refused;
    for (const LoadedFile& file : loaded) {
        if (file.refused.isEmpty())
            files.append({file.name, file.mime, file.bytes, file.sha256});
        else
            refused.append(plainLine(file.name, 60) + QStringLiteral(": ") + file.refused);
    }
    if (!refused.isEmpty())
        Q_EMIT failed(refused.join(QStringLiteral("  ")));
    showExtras();
}

void ReplyPage::showExtras()
{
    strip_->setEnabled(sending_ == 0);
    strip_->show(extras_.files);
    refresh();
}

} // namespace holdfast::ui
