// Our Qt SQL driver for SQLCipher, on the public Qt API alone.
#pragma once

#include "models/base/error.h"
#include "storage/sql/secret_bytes.h"

#include <QSqlDriver>

#include <memory>

struct sqlite3;

namespace holdfast::sql {

struct SqlCipherSettings
{
    bool readOnly = false;
    bool create = false;
    int cacheKiB = 0;
    int newestVersion = 0;
};

// A connection as of design: keyed, plain text kept off every disk, only a writer ever checkpoints. Lives and is used
// on the thread that made it; interrupt() may come from any thread while it is open.
class SqlCipherDriver final : public QSqlDriver
{
    Q_OBJECT

public:
    SqlCipherDriver(const SqlCipherSettings& settings, SecretBytes key);
    ~SqlCipherDriver() override;

    [[nodiscard]] bool hasFeature(DriverFeature feature) const override;
    // `path` alone counts; the key came with the constructor and is wiped here.
    bool open(const QString& path, const QString& user, const QString& password, const QString& host, int port,
              const QString& options) override;
    void close() override;
    [[nodiscard]] QSqlResult* createResult() const override;
    bool beginTransaction() override;
    bool commitTransaction() override;
    bool rollbackTransaction() override;

    [[nodiscard]] sqlite3* database() const { return database_; }
    [[nodiscard]] const Error& openFailure() const { return openFailure_; }
    void interrupt();

private:
    [[nodiscard]] Status connect(const QString& path);
    bool run(const char* sql);

    SqlCipherSettings settings_;
    SecretBytes key_;
    Error openFailure_;
    sqlite3* database_ = nullptr;
};

} // namespace holdfast::sql
