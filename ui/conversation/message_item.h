// One message as it stands on screen: its prepared texts, and where each part of it lies for a width.
#pragma once

#include "models/views/thread_rows.h"
#include "ui/conversation/text_block.h"
#include "ui/theme/theme.h"

#include <QRect>

#include <vector>

namespace holdfast::ui {

// What every message of a view shares.
struct ItemContext
{
    const Theme& theme;
    UserId me;
    bool isRoom = false;
    QHash<UserId, QString> names; // of staff, for mentions
    Timestamp now;
    QHash<BlobId, views::Transfer> transfers; // files on their way from central
    bool isOnline = true;
    QHash<EntryId, QString> holeFailures; // why what is missing did not come, in words
};

// The column that messages stand in, in px of the viewport.
struct Column
{
    int viewport = 0; // width
    int left = 0;
    int width = 0;
    int bubbleMost = 0;
    friend bool operator==(const Column&, const Column&) = default;
};
[[nodiscard]] Column columnFor(int viewportWidth, bool isRoom, const Theme& theme);

// Rectangles with x of the viewport and y of the item; an empty rectangle is a part that the message does not have.
struct ItemGeometry
{
    int height = 0;
    QRect day, unread;
    QRect body; // bubble, note or row
    QRect avatar, author, quote, time, note, more;
    QRect text;
    std::vector<QRect> photos; // shown tiles
    std::vector<QRect> files;
    int photosHidden = 0; // behind "+N" on the last tile
    bool timeOnPhoto = false;
    QRect reasonIcon, reason, retry, letGo, why;
};

class MessageItem
{
public:
    MessageItem(const views::Message& message, const views::RowPlace& place, const ItemContext& context);

    // Texts again: the message, its place, the theme or a name changed.
    void set(const views::Message& message, const views::RowPlace& place, const ItemContext& context);
    int layout(const Column& column, const ItemContext& context); // answers the height
    void drop();
    [[nodiscard]] bool isHeavy() const { return text.isHeavy() || reason.isHeavy(); }

    [[nodiscard]] const views::Message& message() const { return message_; }
    [[nodiscard]] const views::RowPlace& place() const { return place_; }
    [[nodiscard]] const ItemGeometry& geometry() const { return geometry_; }
    [[nodiscard]] bool isOutgoing() const { return message_.kind == views::MessageKind::reply; }
    [[nodiscard]] bool showsTicks() const;
    [[nodiscard]] domain::DeliveryStatus shownStatus() const;
    [[nodiscard]] bool mayLetGo() const { return message_.notSent && message_.key.threadSeq == 0; }
    [[nodiscard]] const std::vector<int>& pictures() const { return pictures_; } // indexes of attachments
    [[nodiscard]] const std::vector<int>& files() const { return files_; }

    // Prepared once per message and theme.
    TextBlock text;
    TextBlock reason;
    QString day, time, authorName, moreWords;
    QString quoteAuthor, quoteText;

private:
    friend class ItemLayout;
    void setTexts(const ItemContext& context);

    views::Message message_;
    views::RowPlace place_;
    std::vector<int> pictures_;
    std::vector<int> files_;
    ItemGeometry geometry_;
    Column column_;
    bool dirty_ = true;
};

// What a link reads, here and for its width.
[[nodiscard]] QString retryWords();
[[nodiscard]] QString letGoWords();
[[nodiscard]] QString whyWords();
[[nodiscard]] QString noteHeading();
// In high contrast a word stands where the ticks are.
[[nodiscard]] int ticksWidth(const MessageItem& item, const Theme& theme);

} // namespace holdfast::ui
