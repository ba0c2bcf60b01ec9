// A message in words: for screen readers, the clipboard and the places where a picture is not enough.
#pragma once

#include "models/views/values.h"

#include <QString>

namespace holdfast::ui {

// What may be laid out of a text from outside: plain, bounded in characters, lines and marks per letter.
struct ShownText
{
    QString text;   // paragraphs end with QChar::LineSeparator
    int hidden = 0; // characters that are not shown; copying still gives all of them
};
[[nodiscard]] ShownText shownText(const QString& text);

// "Internal note, never sent. Priya Naidoo, 09:40. ..." in the order of the design's section on accessibility.
[[nodiscard]] QString spokenMessage(const views::Message& message, bool isUnread);

[[nodiscard]] bool isPicture(const views::AttachmentView& attachment); // of a type that we decode
[[nodiscard]] QString attachmentName(const views::AttachmentView& attachment);
// "3 pages · 412 KB", or where it is instead: on its way, how far, why not.
[[nodiscard]] QString attachmentWords(const views::AttachmentView& attachment,
                                      const std::optional<views::Transfer>& transfer = std::nullopt);
[[nodiscard]] QString typeWord(const views::AttachmentView& attachment); // "PDF"
// What stands where messages are missing: on their way, not to be had now, or why not. The beginning of a thread has no
// older neighbour, and is told apart.
[[nodiscard]] QString holeWords(const views::Hole& hole, bool isOnline, const QString& failure);
[[nodiscard]] QString unknownWords(const views::Message& message);
[[nodiscard]] QString quoteWords(const views::Quote& quote);
[[nodiscard]] QString failureWords(const views::Message& message);
// What lies behind it and what can be done, for who asks "Why?".
[[nodiscard]] QString failureAdvice(const views::Message& message); // "Not sent: ..."; empty if nothing failed

} // namespace holdfast::ui
