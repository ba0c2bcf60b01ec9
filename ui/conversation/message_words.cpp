#include "ui/conversation/message_words.h"

#include "ui/theme/words.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

namespace holdfast::ui {

namespace {

constexpr int mostCharacters = 16 * 1024;
constexpr int mostLines = 400;
constexpr int mostMarks = 8; // combining marks on one letter; real scripts use at most about five

QString tr(const char* text)
{
    return QCoreApplication::translate("Message", text);
}

bool isMark(QChar c)
{
    return c.category() == QChar::Mark_NonSpacing || c.category() == QChar::Mark_Enclosing;
}

QString transferWords(const std::optional<views::Transfer>& transfer)
{
    if (!transfer)
        return tr("not on this computer yet");
    if (!transfer->failure.isEmpty())
        return tr("not fetched: %1").arg(plainLine(transfer->failure, 200));
    return transfer->total > 0 ? tr("fetching, %1 %").arg(transfer->received * 100 / transfer->total) : tr("fetching");
}

QString spokenAttachment(const views::AttachmentView& attachment)
{
    using State = views::AttachmentView::State;
    const QString what = isPicture(attachment) ? tr("photo") : tr("file %1").arg(attachmentName(attachment));
    if (attachment.state == State::good && attachment.isHere)
        return what;
    return what + QStringLiteral(", ") + attachmentWords(attachment);
}

// Codes of the Cloud API that an agent can do something about.
QString adviceOf(int code)
{
    switch (code) {
    case 131026:
        return tr("This number is not on WhatsApp, its WhatsApp is too old, or its owner has not accepted the current "
                  "terms. Ask for another number, or phone the customer.");
    case 131047:
        return tr("More than 24 hours have passed since the customer last wrote. WhatsApp then takes templates only, "
                  "until the customer writes again.");
    case 131049:
        return tr("WhatsApp held it back because this customer had many messages from companies lately. Try again "
                  "tomorrow, or phone the customer.");
    case 131050:
        return tr("The customer has stopped such messages from this company in WhatsApp.");
    case 131051:
        return tr("WhatsApp does not take this kind of message. Send it as text, a photo or a document.");
    case 131052:
    case 131053:
        return tr("WhatsApp could not take the file. Save it in a usual format, smaller if it is large, and attach it "
                  "again.");
    case 131056:
    case 130429:
    case 131048:
        return tr("Too many messages went out in a short time. Wait a few minutes.");
    case 131031:
    case 131042:
    case 131045:
    case 368:
        return tr("The company's WhatsApp account does not let messages through now. Tell your administrator the code "
                  "%1.")
            .arg(code);
    case 131000:
    case 131016:
        return tr("WhatsApp had a fault of its own. It often passes within minutes.");
    default:
        return {};
    }
}

QString spokenStart(const views::Message& message)
{
    switch (message.kind) {
    case views::MessageKind::note:
        return tr("Internal note, never sent");
    case views::MessageKind::process:
        return tr("Event");
    case views::MessageKind::unknown:
        return tr("Unknown message");
    case views::MessageKind::hole: // says what it is itself
    case views::MessageKind::customer:
    case views::MessageKind::reply:
    case views::MessageKind::room:
        break;
    }
    return {};
}

} // namespace

QString holeWords(const views::Hole& hole, bool isOnline, const QString& failure)
{
    const bool isBeginning = hole.first.value == 1;
    if (!failure.isEmpty()) {
        const QString why = plainLine(failure, 200);
        return isBeginning ? tr("Older messages could not be fetched. %1 Click here to try again.").arg(why)
                           : tr("Messages in between could not be fetched. %1 Click here to try again.").arg(why);
    }
    if (isOnline)
        return isBeginning ? tr("Older messages are being fetched") : tr("Messages in between are being fetched");
    return isBeginning ? tr("Older messages are not on this computer yet. They come when central can be reached.")
                       : tr("Messages in between are not on this computer yet. They come when central can be reached.");
}

ShownText shownText(const QString& text)
{
    const QString plain = plainText(text, mostCharacters);
    ShownText shown;
    shown.text.reserve(plain.size());
    int marks = 0;
    int lines = 0;
    for (qsizetype i = 0; i < plain.size(); ++i) {
        const QChar c = plain.at(i);
        marks = isMark(c) ? marks + 1 : 0;
        if (marks > mostMarks)
            continue;
        if (c == u'\n' && ++lines >= mostLines) {
            shown.hidden = static_cast<int>(text.size() - i);
            return shown;
        }
        shown.text.append(c == u'\n' ? QChar(QChar::LineSeparator) : c);
    }
    shown.hidden = static_cast<int>(std::max<qsizetype>(0, text.size() - mostCharacters));
    return shown;
}

bool isPicture(const views::AttachmentView& attachment)
{
    static const QStringList types = {QStringLiteral("image/jpeg"), QStringLiteral("image/png"),
                                      QStringLiteral("image/webp"), QStringLiteral("image/gif")};
    return types.contains(attachment.attachment.mime.section(u';', 0, 0).trimmed().toLower());
}

QString typeWord(const views::AttachmentView& attachment)
{
    const QString suffix = plainLine(QFileInfo(attachment.attachment.name).suffix(), 4).toUpper();
    if (!suffix.isEmpty())
        return suffix;
    const QString mime = attachment.attachment.mime;
    if (mime.startsWith(QLatin1String("audio/")))
        return tr("AUDIO");
    if (mime.startsWith(QLatin1String("video/")))
        return tr("VIDEO");
    return mime == QLatin1String("application/pdf") ? QStringLiteral("PDF") : tr("FILE");
}

QString attachmentName(const views::AttachmentView& attachment)
{
    const QString name = plainLine(attachment.attachment.name, 160);
    if (!name.isEmpty())
        return name;
    const QString mime = attachment.attachment.mime;
    if (isPicture(attachment))
        return tr("Photo");
    if (mime.startsWith(QLatin1String("audio/")))
        return tr("Voice note");
    return mime.startsWith(QLatin1String("video/")) ? tr("Video") : tr("Document");
}

QString attachmentWords(const views::AttachmentView& attachment, const std::optional<views::Transfer>& transfer)
{
    using State = views::AttachmentView::State;
    const QString detail = plainLine(attachment.detail, 200);
    switch (attachment.state) {
    case State::expected:
        return tr("On its way from WhatsApp");
    case State::mismatch:
        return tr("Kept aside: not the file that was announced") +
               (detail.isEmpty() ? QString() : QStringLiteral(". ") + detail);
    case State::failed:
        return detail.isEmpty() ? tr("Could not be fetched from WhatsApp") : detail;
    case State::good:
        break;
    }
    QStringList words;
    if (attachment.pages > 0)
        words.append(attachment.pages == 1 ? tr("1 page") : tr("%1 pages").arg(attachment.pages));
    if (attachment.attachment.size >= 0)
        words.append(fileSize(attachment.attachment.size));
    if (!attachment.isHere)
        words.append(transferWords(transfer));
    return words.join(QStringLiteral(" · "));
}

QString unknownWords(const views::Message& message)
{
    const QString type = plainLine(message.type, 40);
    return type.isEmpty() || type == QLatin1String("unknown")
               ? tr("A message of a kind that this version cannot show. It is kept as it came.")
               : tr("A message of the kind “%1”, which this version cannot show. It is kept as it came.").arg(type);
}

QString quoteWords(const views::Quote& quote)
{
    const QString text = plainLine(quote.text, 200);
    if (!text.isEmpty())
        return text;
    return quote.thumbnail ? tr("Photo") : tr("Message");
}

QString failureWords(const views::Message& message)
{
    if (!message.notSent)
        return {};
    const QString why = plainLine(*message.notSent, 300);
    const bool refusedHere = message.key.threadSeq == 0;
    const QString what = refusedHere ? tr("Not sent") : tr("Not delivered");
    if (why.startsWith(what))
        return why;
    return why.isEmpty() ? what : what + QStringLiteral(": ") + why;
}

QString failureAdvice(const views::Message& message)
{
    if (!message.notSent)
        return {};
    const QString kept =
        message.mayRetry ? tr("The text is kept here; Retry sends it again.") : tr("The text is kept here.");
    const QString why = failureWords(message);
    // The desk ends a provider's reason with its code.
    static const QRegularExpression code(QStringLiteral("\\((\\d{1,9})\\)$"));
    const QString advice = adviceOf(code.match(why).captured(1).toInt());
    if (message.key.threadSeq == 0)
        return why + QStringLiteral(" ") + tr("It never left this company. %1").arg(kept);
    return advice.isEmpty() ? tr("WhatsApp's own words: %1. %2").arg(plainLine(*message.notSent, 300), kept)
                            : advice + u' ' + kept;
}

QString spokenMessage(const views::Message& message, bool isUnread)
{
    QStringList parts;
    if (isUnread)
        parts.append(tr("Unread"));
    const QString start = spokenStart(message);
    if (!start.isEmpty())
        parts.append(start);
    if (!message.authorName.isEmpty())
        parts.append(plainLine(message.authorName, 120));
    if (message.quote)
        parts.append(tr("answers %1: %2").arg(plainLine(message.quote->author, 120), quoteWords(*message.quote)));
    for (const views::AttachmentView& attachment : message.attachments)
        parts.append(spokenAttachment(attachment));
    const QString text = plainText(message.text, 4096);
    if (message.kind == views::MessageKind::unknown)
        parts.append(unknownWords(message));
    else if (!text.isEmpty())
        parts.append(text);
    parts.append(clockTime(message.at));
    const QString failure = failureWords(message);
    if (!failure.isEmpty())
        parts.append(failure);
    else if (message.kind == views::MessageKind::reply || message.pending)
        parts.append(message.pending ? statusWords(domain::DeliveryStatus::waiting) : statusWords(message.status));
    return parts.join(QStringLiteral(", "));
}

} // namespace holdfast::ui
