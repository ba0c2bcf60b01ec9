// What a desk checks of every entry that arrives: form, commitment, chain, author's signature.
#pragma once

#include "models/domain/project.h"
#include "models/log/entry.h"
#include "storage/local/feed.h"
#include "storage/local/schema.h"
#include "storage/sql/connection.h"

#include <QHash>

namespace holdfast::local {

// Decoded header fields with the bytes they came from.
struct DecodedEntry
{
    FeedEntry raw;
    log::Header header;
    log::AuthorPart part;
    Digest leaf;
    bool contentFits = true;                     // the commitment opens, or the content was erased
    Checked checked = Checked::unknownDevice;    // as far as the keys known when it was prepared tell
    std::vector<domain::RowChange> changes = {}; // once `checked` is known
};

// What the entry means, by what `checked` and `contentFits` say of it.
[[nodiscard]] std::vector<domain::RowChange> changesOf(const DecodedEntry& entry);

// Pure. invalidInput for headers that are not of the format, and for numbers beyond 2^62.
[[nodiscard]] Result<DecodedEntry> decodeEntry(FeedEntry raw);

// What the entry means for the derived tables. Of one that failed a check nothing is believed: it only shows that
// something stands there.
[[nodiscard]] std::vector<domain::RowChange> changesOf(const domain::Entry& entry, Checked checked);

// Keys of enrolled devices. Filled from the database on first use. Writer thread.
class DeviceKeys
{
public:
    explicit DeviceKeys(const OrgId& org);

    [[nodiscard]] Status load(sql::Connection& connection);
    void add(const domain::DeviceEnrolled& device); // keeps the first key of a device
    void forget();                                  // after a transaction that was rolled back
    [[nodiscard]] Checked check(const DecodedEntry& entry) const;

private:
    struct Device
    {
        UserId user;
        QByteArray publicKey;
    };
    OrgId org_;
    QHash<DeviceId, Device> devices_;
    bool isLoaded_ = false;
};

} // namespace holdfast::local
