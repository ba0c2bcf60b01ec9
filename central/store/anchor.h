// The last signed note, in a file outside the database: what tells a restored, older store from the true one.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/log/checkpoint.h"
#include "storage/sql/connection.h"

#include <span>

namespace holdfast::store {

// How the store stands to the anchor. Without an anchor file it is not behind anything.
struct AnchorStanding
{
    bool behind = false;
    log::Checkpoint anchored;
    QByteArray note; // the anchor as it was signed; empty: none
};

class Anchor
{
public:
    explicit Anchor(QString path) : path_(std::move(path)) {}
    // `logKeys`: any of them may have signed the note. fenced: the store has another history than the note.
    [[nodiscard]] Result<AnchorStanding> standing(sql::Connection& db, const OrgId& organisation,
                                                  std::span<const QByteArray> logKeys) const;
    // fenced: as above, or the store is behind the note. No file: nothing to compare with.
    [[nodiscard]] Status check(sql::Connection& db, const OrgId& organisation,
                               std::span<const QByteArray> logKeys) const;
    [[nodiscard]] Status write(const QByteArray& note) const;

private:
    QString path_;
};

} // namespace holdfast::store
