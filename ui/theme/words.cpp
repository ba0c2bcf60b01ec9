#include "ui/theme/words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTextDocument>

namespace holdfast::ui {
namespace {

constexpr qint64 second = 1'000'000;
constexpr qint64 minute = 60 * second;
constexpr qint64 hour = 60 * minute;

QString tr(const char* text)
{
    return QCoreApplication::translate("Words", text);
}

QDateTime localTime(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(at.value / 1000);
}

QString english(const QDateTime& at, const char* format)
{
    return QLocale(QLocale::English, QLocale::SouthAfrica).toString(at, QString::fromLatin1(format));
}

// Explicit bidirectional controls, which could reorder what stands beside them, and other invisible formatting.
bool isHidden(QChar c)
{
    const ushort code = c.unicode();
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E ||
           code == 0x200F || code == 0x061C || code == 0xFEFF || (code >= 0x2028 && code <= 0x2029);
}

// Never between the two halves of a surrogate pair.
QString cut(QString text, int limit)
{
    if (text.size() <= limit)
        return text;
    qsizetype end = limit;
    if (end > 0 && text.at(end - 1).isHighSurrogate())
        --end;
    return text.left(end) + QChar(0x2026);
}

} // namespace

QString plainLine(const QString& text, int limit)
{
    QString line;
    bool space = false;
    for (const QChar c : text) {
        if (line.size() > limit)
            break;
        if (c.isSpace() && c != QChar::Nbsp) {
            space = !line.isEmpty();
            continue;
        }
        if (isHidden(c) || c.category() == QChar::Other_Control)
            continue;
        if (space)
            line.append(u' ');
        space = false;
        line.append(c);
    }
    return cut(line, limit);
}

QString plainText(const QString& text, int limit)
{
    QString lines;
    for (const QChar c : text) {
        if (lines.size() > limit)
            break;
        if (c == u'\n' || c == u'\t' || (!isHidden(c) && c.category() != QChar::Other_Control))
            lines.append(c);
    }
    return cut(lines, limit);
}

QString plainToolTip(const QString& text)
{
    // Escaped only where it must be: a screen reader reads tooltips as they are written.
    return Qt::mightBeRichText(text) ? QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped()) : text;
}

QString initials(const QString& name)
{
    const QStringList parts = plainLine(name, 200).split(u' ', Qt::SkipEmptyParts);
    QString letters;
    const auto take = [&letters](const QString& part) {
        for (const QChar c : part) {
            if (c.isLetterOrNumber()) {
                letters.append(c.toUpper());
                return;
            }
        }
    };
    if (!parts.isEmpty())
        take(parts.first());
    if (parts.size() > 1)
        take(parts.last());
    return letters.isEmpty() ? QStringLiteral("#") : letters;
}

QString writerWords(const QString& author, bool isNote)
{
    const QString first = plainLine(author, 80).section(u' ', 0, 0);
    if (isNote)
        return first.isEmpty() ? tr("Note, you:") : tr("Note, %1:").arg(first);
    return first.isEmpty() ? tr("You:") : tr("%1:").arg(first);
}

QString clockTime(Timestamp at)
{
    return english(localTime(at), "HH:mm");
}

QString rowTime(Timestamp at, Timestamp now)
{
    const QDateTime then = localTime(at);
    const qint64 days = then.date().daysTo(localTime(now).date());
    if (days <= 0)
        return english(then, "HH:mm");
    if (days < 7)
        return english(then, "ddd");
    return days < 300 ? english(then, "d MMM") : english(then, "MMM yyyy");
}

QString dayWords(Timestamp at, Timestamp now)
{
    const QDateTime then = localTime(at);
    const qint64 days = then.date().daysTo(localTime(now).date());
    const QString day =
        english(then, then.date().year() == localTime(now).date().year() ? "dddd d MMMM" : "dddd d MMMM yyyy");
    if (days == 0)
        return tr("Today, %1").arg(day);
    return days == 1 ? tr("Yesterday, %1").arg(day) : day;
}

QString dateAndTime(Timestamp at)
{
    return english(localTime(at), "d MMMM yyyy, HH:mm");
}

QString grouped(quint64 number)
{
    QString digits = QString::number(number);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, QChar::Nbsp);
    return digits;
}

QString fileSize(qint64 bytes)
{
    if (bytes < 0)
        return {};
    if (bytes < 1000)
        return tr("%1 bytes").arg(bytes);
    if (bytes < 1'000'000)
        return tr("%1 KB").arg((bytes + 500) / 1000);
    return tr("%1 MB").arg(QString::number(static_cast<double>(bytes) / 1e6, 'f', 1));
}

QString windowLeft(Timestamp until, Timestamp now)
{
    const qint64 left = until.value - now.value;
    if (left <= 0)
        return {};
    return left >= hour ? tr("%1 h").arg(left / hour) : tr("%1 m").arg(std::max<qint64>(1, left / minute));
}

WindowState windowState(const std::optional<Timestamp>& until, Timestamp now)
{
    if (!until)
        return WindowState::none;
    const qint64 left = until->value - now.value;
    if (left <= 0)
        return WindowState::closed;
    if (left <= hour)
        return WindowState::urgent;
    return left <= 4 * hour ? WindowState::soon : WindowState::open;
}

QString windowWords(const std::optional<Timestamp>& until, Timestamp now)
{
    switch (windowState(until, now)) {
    case WindowState::none:
        return {};
    case WindowState::closed:
        return tr("WhatsApp reply closed");
    default:
        break;
    }
    const qint64 days = localTime(now).date().daysTo(localTime(*until).date());
    return days == 0 ? tr("WhatsApp reply until %1").arg(clockTime(*until))
                     : tr("WhatsApp reply until %1 tomorrow").arg(clockTime(*until));
}

QString shortWindowWords(const std::optional<Timestamp>& until, Timestamp now)
{
    const WindowState state = windowState(until, now);
    if (state == WindowState::none || state == WindowState::closed)
        return state == WindowState::none ? QString() : tr("Reply closed");
    const bool today = localTime(now).date() == localTime(*until).date();
    return (today ? tr("Reply until %1") : tr("Reply until %1 tomorrow")).arg(clockTime(*until));
}

QString statusWords(domain::DeliveryStatus status)
{
    switch (status) {
    case domain::DeliveryStatus::waiting:
        return tr("Waiting to send");
    case domain::DeliveryStatus::queued:
        return tr("Saved");
    case domain::DeliveryStatus::sent:
        return tr("Sent");
    case domain::DeliveryStatus::failed:
        return tr("Not delivered");
    case domain::DeliveryStatus::delivered:
        return tr("Delivered");
    case domain::DeliveryStatus::read:
        return tr("Read");
    case domain::DeliveryStatus::played:
        return tr("Played");
    }
    return {};
}

} // namespace holdfast::ui
