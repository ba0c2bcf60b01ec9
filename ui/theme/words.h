// Words and numbers as every view writes them, and the one way to make outside text safe to draw in a line.
#pragma once

#include "models/base/ids.h"
#include "models/domain/content.h"

#include <QString>

#include <optional>

namespace holdfast::ui {

// One line for painting: control and bidirectional override characters dropped, white space folded, at most
// `limit` characters. What is not text stays visible as text; nothing is ever interpreted as markup.
[[nodiscard]] QString plainLine(const QString& text, int limit = 300);
// The same for several lines: keeps line feeds, at most `limit` characters.
[[nodiscard]] QString plainText(const QString& text, int limit = 16 * 1024);

// For setToolTip(), which takes what looks like markup for markup.
[[nodiscard]] QString plainToolTip(const QString& text);

// "TM" from "Thandiwe Mokoena", "#" from nothing.
[[nodiscard]] QString initials(const QString& name);

// Who wrote the words of a snippet that are not the customer's: "You:", "Lerato:", "Note, Lerato:"; `author` empty: the
// person here.
[[nodiscard]] QString writerWords(const QString& author, bool isNote);

[[nodiscard]] QString clockTime(Timestamp at);               // "14:04", local time
[[nodiscard]] QString rowTime(Timestamp at, Timestamp now);  // "14:04", "Tue", "3 Sep", "Mar 2025"
[[nodiscard]] QString dayWords(Timestamp at, Timestamp now); // "Today, Wednesday 14 October"
[[nodiscard]] QString dateAndTime(Timestamp at);             // "14 October 2026, 14:04"
[[nodiscard]] QString grouped(quint64 number);               // "1 284 310" with no-break spaces
[[nodiscard]] QString fileSize(qint64 bytes);                // "412 KB"

// How long a WhatsApp answer is still possible, in one unit: "23 h", "11 m"; empty when closed.
[[nodiscard]] QString windowLeft(Timestamp until, Timestamp now);
enum class WindowState { none, open, soon, urgent, closed }; // soon: 4 h or less, urgent: 1 h or less
[[nodiscard]] WindowState windowState(const std::optional<Timestamp>& until, Timestamp now);
// "WhatsApp reply until 14:04", "WhatsApp reply closed"; empty for none.
[[nodiscard]] QString windowWords(const std::optional<Timestamp>& until, Timestamp now);
[[nodiscard]] QString shortWindowWords(const std::optional<Timestamp>& until,
                                       Timestamp now); // "Reply until 14:04", "Reply closed"

[[nodiscard]] QString statusWords(domain::DeliveryStatus status); // "Waiting to send", "Delivered" ...

} // namespace holdfast::ui
