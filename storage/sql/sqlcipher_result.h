// Rows of one SQLCipher statement for Qt SQL: forward-only, read straight from SQLite's current row.
#pragma once

#include <QByteArray>
#include <QSqlResult>

#include <vector>

struct sqlite3_stmt;

namespace holdfast::sql {

class SqlCipherDriver;

// QString is TEXT, QByteArray BLOB, integers INTEGER; a type beyond these is refused rather than guessed. A text with
// more than one statement is refused. The read lock ends with the last row or QSqlQuery::finish().
class SqlCipherResult final : public QSqlResult
{
public:
    explicit SqlCipherResult(const SqlCipherDriver* driver);
    ~SqlCipherResult() override;

protected:
    bool prepare(const QString& query) override;
    bool exec() override;
    bool reset(const QString& query) override;
    using QSqlResult::bindValue;
    // Qt's own makes a name for every place by QString::arg and looks it up: a seventh of an insert.
    void bindValue(int place, const QVariant& value, QSql::ParamType type) override;
    QVariant data(int column) override;
    bool isNull(int column) override;
    bool fetch(int row) override;
    bool fetchNext() override;
    bool fetchFirst() override;
    bool fetchLast() override;
    int size() override { return -1; }
    int numRowsAffected() override { return affected_; }
    QVariant lastInsertId() const override;
    QSqlRecord record() const override;
    void detachFromResultSet() override;

private:
    [[nodiscard]] bool bindAll();
    [[nodiscard]] int bindOne(int index, const QVariant& value);
    bool refuse(int code, int errorType);
    bool step();
    void finalize();
    void rewind();
    void dropValues();

    const SqlCipherDriver* driver_;
    sqlite3_stmt* statement_ = nullptr;
    std::vector<QByteArray> texts_; // bound UTF-8, alive until the statement is reset
    bool rowWaits_ = false;         // exec() has stepped onto a row that nobody fetched yet
    bool hasRow_ = false;
    int affected_ = -1;
};

} // namespace holdfast::sql
