// SQLCipher through its C interface alone: the limit that the product's layers are measured against.
#pragma once

#include <QByteArray>
#include <QString>

#include <sqlcipher/sqlite3.h>

#include <memory>

namespace holdfast::bench {

struct FinalizeStatement
{
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using BareStatement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// A connection with the pragmas of the product's writer; what fails ends the benchmark.
class BareDatabase
{
public:
    BareDatabase(const QString& path, const QByteArray& key, const char* synchronous);
    ~BareDatabase();
    BareDatabase(const BareDatabase&) = delete;
    BareDatabase& operator=(const BareDatabase&) = delete;

    void execute(const QByteArray& sql);
    [[nodiscard]] BareStatement prepare(const QByteArray& sql);
    // Folds the write-ahead log into the file once it is as large as the product lets it get.
    void checkpointIfLarge();
    void check(int code, int good);

private:
    QString path_;
    sqlite3* handle_ = nullptr;
};

} // namespace holdfast::bench
