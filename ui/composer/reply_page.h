// The composer's Reply mode: text and files that go to the customer over WhatsApp.
#pragma once

#include "models/views/desk.h"
#include "ui/composer/attachments.h"
#include "ui/composer/editor_page.h"

class QFileDialog;

namespace holdfast::ui {

class IconButton;

class ReplyPage : public EditorPage
{
    Q_OBJECT
public:
    ReplyPage(const Theme& theme, ReplyWriter& writer, QWidget* parent);

    // `closed`: WhatsApp's 24 hours are over, or never began. Words say why.
    void setClosed(const QString& why);
    void setOffline(bool offline);
    void setReplyTo(const std::optional<views::Message>& message);
    void addFiles(const QStringList& paths); // read and checked on a worker

    [[nodiscard]] QString blockedReason() const override;
    [[nodiscard]] const QList<views::OutgoingFile>& files() const { return files_; }

protected:
    QFuture<Result<EntryId>> write(const QString& text) override;
    [[nodiscard]] bool hasContent() const override;
    [[nodiscard]] int limit() const override; // a caption is shorter than a message
    void afterWritten() override;

private:
    void choose();
    void take(const QList<LoadedFile>& loaded);
    void showExtras();

    ReplyWriter& writer_;
    FileLoader loader_;
    AttachmentStrip* strip_ = nullptr;
    QuoteStrip* quote_ = nullptr;
    IconButton* attach_ = nullptr;
    QList<views::OutgoingFile> files_;
    std::optional<EntryId> replyTo_;
    QString closed_;
    int loading_ = 0;
    quint64 batch_ = 0; // files of an earlier thread are dropped
    bool offline_ = false;
};

} // namespace holdfast::ui
