// The composer's Reply mode: text and files that go to the customer over WhatsApp.
#pragma once

#include "models/views/desk.h"
#include "ui/composer/attachments.h"
#include "ui/composer/editor_page.h"

#include <QHash>

class QFileDialog;

namespace holdfast::ui {

class IconButton;

// Chosen files and the quoted message stay with their thread, in memory only, as the text's draft does on disk.
class ReplyPage : public EditorPage
{
    Q_OBJECT
public:
    ReplyPage(const Theme& theme, ReplyWriter& writer, QWidget* parent);

    void beginReply(const ThreadId& thread, std::unique_ptr<DraftKeeper> drafts);
    // `closed`: WhatsApp's 24 hours are over, or never began. Words say why.
    void setClosed(const QString& why);
    void setOffline(bool offline);
    void setReplyTo(const std::optional<views::Message>& message);
    void addFiles(const QStringList& paths); // read and checked on a worker

    [[nodiscard]] QString blockedReason() const override;
    [[nodiscard]] const QList<views::OutgoingFile>& files() const { return extras_.files; }

protected:
    QFuture<Result<EntryId>> write(const QString& text) override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] int limit() const override; // a caption is shorter than a message
    void afterWritten() override;
    void leaving() override;

private:
    struct Extras
    {
        QList<views::OutgoingFile> files;
        std::optional<views::Message> quoted;
    };
    void choose();
    void take(const ThreadId& thread, const QList<LoadedFile>& loaded);
    void giveBack(const ThreadId& thread, const Extras& extras); // what could not be written
    void showExtras();

    ReplyWriter& writer_;
    FileLoader loader_;
    AttachmentStrip* strip_ = nullptr;
    QuoteStrip* quote_ = nullptr;
    IconButton* attach_ = nullptr;
    std::optional<ThreadId> thread_;
    Extras extras_;         // of the open thread
    qsizetype sending_ = 0; // while writing: so many of the files, from the first, go with the text
    QHash<ThreadId, Extras> aside_;
    QHash<ThreadId, int> loading_; // files that are being read
    QString closed_;
    bool offline_ = false;
};

} // namespace holdfast::ui
