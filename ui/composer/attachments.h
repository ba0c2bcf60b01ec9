// What goes with a reply besides its text: files, checked against WhatsApp's limits, and a quoted message.
#pragma once

#include "models/views/desk.h"
#include "ui/theme/theme.h"

#include <QFuture>
#include <QThreadPool>
#include <QWidget>

class QHBoxLayout;

namespace holdfast::ui {

class TextLabel;

struct LoadedFile
{
    QString name;
    QString mime;
    QByteArray bytes;
    Digest sha256;
    QString refused; // words: why it cannot go; empty: it can
};

// The type of a file by its bytes and name, and whether WhatsApp takes it: images 5 MB (JPEG, PNG), documents 100 MB
// (PDF, text, Office). Any thread.
[[nodiscard]] LoadedFile checkedFile(const QString& name, const QByteArray& bytes);
[[nodiscard]] qint64 sizeLimitOf(const QString& mime); // bytes; 0: a type that WhatsApp does not take

// Reads files on a worker. GUI thread only; its worker is done when it is gone.
class FileLoader
{
public:
    FileLoader();
    ~FileLoader();
    [[nodiscard]] QFuture<QList<LoadedFile>> load(const QStringList& paths);

private:
    QThreadPool pool_;
};

// The chosen files as removable cards.
class AttachmentStrip : public QWidget
{
    Q_OBJECT
public:
    AttachmentStrip(const Theme& theme, QWidget* parent);
    void show(const QList<views::OutgoingFile>& files);

Q_SIGNALS:
    void removed(int index);

private:
    const Theme& theme_;
    QHBoxLayout* row_ = nullptr;
};

// The message that the next reply answers.
class QuoteStrip : public QWidget
{
    Q_OBJECT
public:
    QuoteStrip(const Theme& theme, QWidget* parent);
    void show(const std::optional<views::Message>& message);

Q_SIGNALS:
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    TextLabel* author_ = nullptr;
    TextLabel* text_ = nullptr;
};

} // namespace holdfast::ui
