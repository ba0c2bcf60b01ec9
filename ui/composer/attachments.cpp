#include "ui/composer/attachments.h"

#include "ui/theme/words.h"
#include "ui/widgets/controls.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMimeDatabase>
#include <QPainter>
#include <QPromise>
#include <QVBoxLayout>

#include <memory>

namespace holdfast::ui {

namespace {

constexpr qint64 megabyte = 1024 * 1024;

QString tr(const char* text)
{
    return QCoreApplication::translate("Attachments", text);
}

bool isImage(const QString& mime)
{
    return mime == QLatin1String("image/jpeg") || mime == QLatin1String("image/png");
}

bool isDocument(const QString& mime)
{
    static const QStringList known = {
        QStringLiteral("application/pdf"),
        QStringLiteral("text/plain"),
        QStringLiteral("application/msword"),
        QStringLiteral("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        QStringLiteral("application/vnd.ms-excel"),
        QStringLiteral("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        QStringLiteral("application/vnd.ms-powerpoint"),
        QStringLiteral("application/vnd.openxmlformats-officedocument.presentationml.presentation")};
    return known.contains(mime);
}

LoadedFile loadedFrom(const QString& path)
{
    QFile file(path);
    const QString name = QFileInfo(path).fileName();
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return {name, {}, {}, {}, tr("it could not be read.")};
    // Larger than any limit: do not read it at all.
    if (file.size() > 100 * megabyte)
        return {name, {}, {}, {}, tr("WhatsApp takes documents up to 100 MB; this is %1.").arg(fileSize(file.size()))};
    return checkedFile(name, file.read(100 * megabyte + 1));
}

} // namespace

qint64 sizeLimitOf(const QString& mime)
{
    if (isImage(mime))
        return 5 * megabyte;
    return isDocument(mime) ? 100 * megabyte : 0;
}

LoadedFile checkedFile(const QString& name, const QByteArray& bytes)
{
    LoadedFile file{name, QMimeDatabase().mimeTypeForFileNameAndData(name, bytes).name(), bytes, {}, {}};
    const qint64 limit = sizeLimitOf(file.mime);
    if (bytes.isEmpty())
        file.refused = tr("it is empty.");
    else if (limit == 0)
        file.refused = tr("WhatsApp takes photos as JPEG or PNG, and PDF, text and Office documents.");
    else if (bytes.size() > limit && isImage(file.mime))
        file.refused = tr("WhatsApp takes photos up to 5 MB; this is %1.").arg(fileSize(bytes.size()));
    else if (bytes.size() > limit)
        file.refused = tr("WhatsApp takes documents up to 100 MB; this is %1.").arg(fileSize(bytes.size()));
    if (file.refused.isEmpty())
        file.sha256 = sha256({bytes});
    else
        file.bytes.clear();
    return file;
}

FileLoader::FileLoader()
{
    pool_.setMaxThreadCount(1);
}

FileLoader::~FileLoader()
{
    pool_.clear();
    pool_.waitForDone();
}

QFuture<QList<LoadedFile>> FileLoader::load(const QStringList& paths)
{
    auto promise = std::make_shared<QPromise<QList<LoadedFile>>>();
    promise->start();
    pool_.start([promise, paths] {
        QList<LoadedFile> loaded;
        for (const QString& path : paths)
            loaded.append(loadedFrom(path));
        promise->addResult(loaded);
        promise->finish();
    });
    return promise->future();
}

AttachmentStrip::AttachmentStrip(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    row_ = new QHBoxLayout(this);
    row_->setContentsMargins(8, 2, 8, 4);
    row_->setSpacing(8);
    hide();
}

void AttachmentStrip::show(const QList<views::OutgoingFile>& files)
{
    while (QLayoutItem* old = row_->takeAt(0)) {
        if (old->widget())
            old->widget()->deleteLater();
        delete old;
    }
    for (int i = 0; i < files.size(); ++i) {
        const QString name = plainLine(files.at(i).name, 40);
        auto* card = new PushButton(theme_, PushButton::Kind::outlined,
                                    tr("%1 · %2").arg(name, fileSize(files.at(i).bytes.size())), this);
        card->setLeadingIcon(Icon::close);
        card->setAccessibleName(tr("Remove %1").arg(name));
        card->setToolTip(tr("Remove this file"));
        connect(card, &QAbstractButton::clicked, this, [this, i] { Q_EMIT removed(i); });
        row_->addWidget(card);
    }
    row_->addStretch(1);
    setVisible(!files.isEmpty());
}

QuoteStrip::QuoteStrip(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(19, 6, 8, 2);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    author_ = new TextLabel(theme, Role::secondaryStrong, Colour::accentText, this);
    text_ = new TextLabel(theme, Role::secondary, Colour::text2, this);
    text_->setElided(true);
    column->addWidget(author_);
    column->addWidget(text_);
    row->addLayout(column, 1);
    auto* dismiss = new IconButton(theme, Icon::close, tr("Do not quote this message"), this);
    connect(dismiss, &QAbstractButton::clicked, this, &QuoteStrip::dismissed);
    row->addWidget(dismiss);
    hide();
}

void QuoteStrip::show(const std::optional<views::Message>& message)
{
    if (message) {
        author_->setText(plainLine(message->authorName, 80));
        const QString text = plainLine(message->text, 200);
        text_->setText(text.isEmpty() ? tr("Attachment") : text);
    }
    setVisible(message.has_value());
}

void QuoteStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(QRect(8, 6, 3, height() - 8), theme_.colour(Colour::ring));
}

} // namespace holdfast::ui
