#include "ui/conversation/message_item.h"

#include "ui/conversation/item_layout.h"
#include "ui/conversation/message_words.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QCoreApplication>

namespace holdfast::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Message", text);
}

bool isWordEnd(const QString& text, qsizetype at)
{
    return at >= text.size() || !text.at(at).isLetterOrNumber();
}

// "@Lerato Khumalo" or "@Lerato" where the message really mentions that person.
QList<QTextLayout::FormatRange> mentionsIn(const QString& text, const views::Message& message,
                                           const ItemContext& context)
{
    QList<QTextLayout::FormatRange> found;
    for (const UserId& user : message.mentions) {
        const QString name = context.names.value(user);
        for (const QString& word : {name, name.section(u' ', 0, 0)}) {
            const QString mark = u'@' + word;
            const qsizetype at = word.isEmpty() ? -1 : text.indexOf(mark, 0, Qt::CaseInsensitive);
            if (at < 0 || !isWordEnd(text, at + mark.size()))
                continue;
            QTextLayout::FormatRange range;
            range.start = static_cast<int>(at);
            range.length = static_cast<int>(mark.size());
            range.format.setFontWeight(QFont::DemiBold);
            const bool inNote = message.kind == views::MessageKind::note;
            // Without tints the weight is joined by a line under the name.
            if (context.theme.isHighContrast())
                range.format.setFontUnderline(true);
            else
                range.format.setBackground(context.theme.colour(inNote ? Colour::hit : Colour::selected));
            if (!inNote && !context.theme.isHighContrast())
                range.format.setForeground(context.theme.colour(Colour::accentText));
            found.append(range);
            break;
        }
    }
    return found;
}

} // namespace

Column columnFor(int viewportWidth, bool isRoom, const Theme& theme)
{
    constexpr int widest = 920; // a line of text stays readable
    Column column;
    column.viewport = viewportWidth;
    const int inset = isRoom ? 16 : 20;
    const int most = isRoom ? viewportWidth - 2 * inset : std::min(viewportWidth - 2 * inset, theme.grown(widest));
    column.width = std::max(120, most);
    column.left = std::max(inset, (viewportWidth - column.width) / 2);
    const bool wide = viewportWidth >= widest + 2 * inset;
    const int bubble = std::min(theme.grown(wide ? 560 : 448), viewportWidth * 76 / 100);
    column.bubbleMost = std::min(column.width, bubble);
    return column;
}

MessageItem::MessageItem(const views::Message& message, const views::RowPlace& place, const ItemContext& context)
{
    set(message, place, context);
}

void MessageItem::set(const views::Message& message, const views::RowPlace& place, const ItemContext& context)
{
    message_ = message;
    place_ = place;
    pictures_.clear();
    files_.clear();
    for (int i = 0; i < static_cast<int>(message.attachments.size()); ++i) {
        using State = views::AttachmentView::State;
        const views::AttachmentView& attachment = message.attachments.at(i);
        const bool showable = attachment.state == State::good || attachment.state == State::expected;
        (isPicture(attachment) && showable ? pictures_ : files_).push_back(i);
    }
    setTexts(context);
    dirty_ = true;
}

void MessageItem::setTexts(const ItemContext& context)
{
    using views::MessageKind;
    const Theme& theme = context.theme;
    const bool isHole = message_.kind == MessageKind::hole;
    const bool isProcess = message_.kind == MessageKind::process;
    const bool isUnknown = message_.kind == MessageKind::unknown;
    const QString said = isHole ? holeWords(message_.hole, context.isOnline, context.holeFailures.value(message_.id))
                         : isUnknown ? unknownWords(message_)
                                     : message_.text;
    const ShownText shown = shownText(said);
    time = clockTime(message_.at);
    const QString words = isProcess ? shown.text + QStringLiteral(" - ") + time : shown.text;
    const Role role = isProcess || isHole ? Role::secondary : Role::message;
    text.setCentred(isProcess || isHole);
    text.set(words, theme.font(role), theme.lineHeight(role), mentionsIn(words, message_, context));
    moreWords = shown.hidden == 0 ? QString()
                                  : tr("%1 more characters are not shown. Copy the message to read them.")
                                        .arg(grouped(static_cast<quint64>(shown.hidden)));
    day = place_.startsDay ? dayWords(message_.at, context.now) : QString();
    const bool byColleague = message_.kind == MessageKind::reply && message_.author != context.me;
    const bool named = context.isRoom || message_.kind == MessageKind::note || (byColleague && place_.startsRun);
    authorName = named ? plainLine(message_.authorName, 80) : QString();
    quoteAuthor = message_.quote ? plainLine(message_.quote->author, 80) : QString();
    quoteText = message_.quote ? quoteWords(*message_.quote) : QString();
    QFont failure = theme.font(Role::secondary);
    failure.setWeight(QFont::Medium);
    reason.set(failureWords(message_), failure, theme.lineHeight(Role::secondary));
}

int MessageItem::layout(const Column& column, const ItemContext& context)
{
    if (dirty_ || !(column == column_)) {
        column_ = column;
        dirty_ = false;
        geometry_ = ItemLayout(*this, column, context).run();
    }
    return geometry_.height;
}

void MessageItem::drop()
{
    text.drop();
    reason.drop();
}

bool MessageItem::showsTicks() const
{
    return message_.kind == views::MessageKind::reply || message_.pending;
}

domain::DeliveryStatus MessageItem::shownStatus() const
{
    if (message_.notSent)
        return domain::DeliveryStatus::failed;
    return message_.pending ? domain::DeliveryStatus::waiting : message_.status;
}

QString retryWords()
{
    return tr("Retry");
}

QString letGoWords()
{
    return tr("Let it go");
}

QString whyWords()
{
    return tr("Why?");
}

QString noteHeading()
{
    return tr("Internal - never sent");
}

int ticksWidth(const MessageItem& item, const Theme& theme)
{
    if (!item.showsTicks() || item.message().notSent)
        return 0;
    return theme.isHighContrast() ? 6 + textWidth(statusWords(item.shownStatus()), Role::smallPlain, theme)
                                  : ticksWidth(theme) + 4;
}

} // namespace holdfast::ui
