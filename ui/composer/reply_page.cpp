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
        files_.removeAt(index);
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
    setUpButton(offline ? tr("Send, queued") : tr("Send"), Icon::arrowUp);
    refresh();
}

void ReplyPage::setReplyTo(const std::optional<views::Message>& message)
{
    replyTo_ = message ? std::optional(message->id) : std::nullopt;
    quote_->show(message);
    Q_EMIT looksChanged();
}

QString ReplyPage::blockedReason() const
{
    if (!closed_.isEmpty())
        return closed_;
    return loading_ > 0 ? tr("The files are still being read") : QString();
}

bool ReplyPage::hasContent() const
{
    return !files_.isEmpty() || EditorPage::hasContent();
}

int ReplyPage::limit() const
{
    return files_.isEmpty() ? 4096 : 1024;
}

QFuture<Result<EntryId>> ReplyPage::write(const QString& text)
{
    return writer_.writeReply(text, files_, replyTo_);
}

void ReplyPage::afterWritten()
{
    ++batch_;
    loading_ = 0;
    files_.clear();
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
    if (!closed_.isEmpty() || paths.isEmpty())
        return;
    const qsizetype room = mostFiles - files_.size() - loading_;
    if (paths.size() > room)
        Q_EMIT failed(tr("At most %1 files go with one reply.").arg(mostFiles));
    const QStringList taken = paths.mid(0, std::max<qsizetype>(0, room));
    if (taken.isEmpty())
        return;
    loading_ += static_cast<int>(taken.size());
    refresh();
    views::whenDone(loader_.load(taken), this,
                    [this, mine = batch_, count = taken.size()](const QList<LoadedFile>& loaded) {
                        if (mine != batch_)
                            return;
                        loading_ -= static_cast<int>(count);
                        take(loaded);
                    });
}

void ReplyPage::take(const QList<LoadedFile>& loaded)
{
    QStringList refused;
    for (const LoadedFile& file : loaded) {
        if (file.refused.isEmpty())
            files_.append({file.name, file.mime, file.bytes});
        else
            refused.append(plainLine(file.name, 60) + QStringLiteral(": ") + file.refused);
    }
    if (!refused.isEmpty())
        Q_EMIT failed(refused.join(QStringLiteral("  ")));
    showExtras();
}

void ReplyPage::showExtras()
{
    strip_->show(files_);
    refresh();
}

} // namespace holdfast::ui
