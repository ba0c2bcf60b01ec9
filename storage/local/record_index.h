// The search index of names, policies and rooms.
#pragma once

#include "storage/local/schema.h"
#include "storage/sql/connection.h"

#include <QStringList>

#include <vector>

namespace holdfast::local {

// Collects, then replaces in bulk: the old terms leave the index with the old text. Used inside a transaction.
class RecordIndex
{
public:
    explicit RecordIndex(sql::WriteConnection& connection);

    void put(Record what, const QByteArray& id, const QString& text, const QStringList& identifiers);
    void remove(Record what, const QByteArray& id); // nothing happens if there is no such record
    [[nodiscard]] Status flush();

private:
    struct Entry
    {
        Record what;
        QByteArray id;
        QString text;
        QStringList identifiers;
    };
    sql::WriteConnection& connection_;
    std::vector<Entry> entries_;
    sql::JsonRows removed_;
};

} // namespace holdfast::local
