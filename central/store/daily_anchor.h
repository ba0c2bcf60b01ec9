// One checkpoint a day, in a directory outside the store that is meant for write-once storage: what tells a log that
// was written anew by somebody who has the log's key from the true one.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QString>

namespace holdfast::store {

class DailyAnchor
{
public:
    explicit DailyAnchor(QString directory) : directory_(std::move(directory)) {} // empty: none is kept
    // The first note of a UTC day becomes YYYY-MM-DD.note, read-only; later ones of that day change nothing.
    // notFound, in words, when the directory is not there.
    [[nodiscard]] Status check() const;
    [[nodiscard]] Status keep(const QByteArray& note, Timestamp now) const;

private:
    QString directory_;
};

struct KeptAnchor
{
    QString name; // of its file
    QByteArray note;
};

// In the order of their names; notFound when there is none.
[[nodiscard]] Result<std::vector<KeptAnchor>> keptAnchors(const QString& directory);

} // namespace holdfast::store
