// The last signed note, in a file outside the database: what tells a restored, older store from the true one.
#pragma once

#include "central/store/organisation.h"
#include "models/base/error.h"
#include "models/log/checkpoint.h"
#include "storage/sql/connection.h"

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
    // fenced: the store has another history than the note.
    [[nodiscard]] Result<AnchorStanding> standing(sql::Connection& db, const Organisation& organisation) const;
    // fenced: the store is behind the note, or has another history. No file: nothing to compare with.
    [[nodiscard]] Status check(sql::Connection& db, const Organisation& organisation) const;
    [[nodiscard]] Status write(const QByteArray& note) const;

private:
    QString path_;
};

} // namespace holdfast::store
