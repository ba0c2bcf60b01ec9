#include "storage/sql/session.h"

#include "storage/sql/sql_errors.h"
#include "storage/sql/sqlcipher_driver.h"

#include <QLoggingCategory>
#include <QSqlError>
#include <QUuid>

namespace holdfast::sql {
namespace {

// For developers: QT_LOGGING_RULES="holdfast.sql.debug=true". Carries statement texts, which hold no values.
Q_LOGGING_CATEGORY(sqlLog, "holdfast.sql", QtInfoMsg)

constexpr size_t cacheLimit = 256;

} // namespace

Session::Session(Dialect dialect, QSqlDatabase database, SqlCipherDriver* driver, bool hardened)
    : dialect_(dialect), database_(std::move(database)), driver_(driver), hardened_(hardened)
{}

Session::~Session()
{
    assertThread();
    if (inTransaction_)
        rollback();
    cache_.clear();
    const QString name = database_.connectionName();
    database_.close();
    database_ = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

QString Session::uniqueName()
{
    return QUuid::createUuid().toString();
}

void Session::assertThread() const
{
    Q_ASSERT_X(thread_ == std::this_thread::get_id(), "sql::Connection", "used outside the thread that opened it");
}

CachedQuery& Session::borrow(const QString& sql)
{
    assertThread();
    Uses& uses = cache_[sql];
    for (const auto& candidate : uses) {
        if (!candidate->inUse) {
            candidate->inUse = true;
            candidate->lastUse = ++clock_;
            if (candidate->prepareFailure)
                prepare(*candidate, sql);
            return *candidate;
        }
    }
    auto fresh = std::make_unique<CachedQuery>(*this, database_);
    // QPSQL loses a forward-only result when another statement runs meanwhile.
    fresh->query.setForwardOnly(dialect_ == Dialect::sqlCipher);
    fresh->query.setNumericalPrecisionPolicy(QSql::LowPrecisionInt64);
    fresh->inUse = true;
    fresh->lastUse = ++clock_;
    prepare(*fresh, sql);
    ++cached_;
    return *uses.emplace_back(std::move(fresh));
}

void Session::prepare(CachedQuery& query, const QString& sql) const
{
    query.prepareFailure.reset();
    if (query.query.prepare(sql))
        return;
    query.prepareFailure = errorOf(dialect_, query.query.lastError());
    qCDebug(sqlLog) << "cannot prepare" << sql << query.query.lastError().nativeErrorCode();
}

void Session::giveBack(CachedQuery& query)
{
    assertThread();
    query.query.finish();
    query.inUse = false;
    // PostgreSQL cannot drop a statement within a failed transaction.
    if (!inTransaction_ && cached_ > cacheLimit)
        dropOldest();
}

void Session::dropOldest()
{
    auto oldest = cache_.end();
    size_t place = 0;
    for (auto entry = cache_.begin(); entry != cache_.end(); ++entry) {
        for (size_t i = 0; i < entry->second.size(); ++i) {
            const CachedQuery& candidate = *entry->second[i];
            if (candidate.inUse || (oldest != cache_.end() && candidate.lastUse >= oldest->second[place]->lastUse))
                continue;
            oldest = entry;
            place = i;
        }
    }
    if (oldest == cache_.end())
        return;
    oldest->second.erase(oldest->second.begin() + qsizetype(place));
    --cached_;
    if (oldest->second.empty())
        cache_.erase(oldest);
}

void Session::forgetIdle()
{
    assertThread();
    for (auto entry = cache_.begin(); entry != cache_.end();) {
        cached_ -= std::erase_if(entry->second, [](const auto& query) { return !query->inUse; });
        entry = entry->second.empty() ? cache_.erase(entry) : std::next(entry);
    }
}

void Session::interrupt()
{
    if (driver_)
        driver_->interrupt();
}

Status Session::run(const QString& sql)
{
    assertThread();
    QSqlQuery query(database_);
    if (query.exec(sql))
        return {};
    qCDebug(sqlLog) << "cannot run" << sql << query.lastError().nativeErrorCode();
    return tl::unexpected(errorOf(dialect_, query.lastError()));
}

Status Session::begin()
{
    assertThread();
    if (inTransaction_)
        return fail(ErrorCode::internal,
                    QStringLiteral("A transaction is open already. This is a defect of Holdfast."));
    const bool begun = database_.transaction();
    return started(begun, database_.lastError());
}

Status Session::beginSnapshot()
{
    if (inTransaction_)
        return fail(ErrorCode::internal,
                    QStringLiteral("A transaction is open already. This is a defect of Holdfast."));
    const Status begun =
        run(dialect_ == Dialect::postgres ? QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                                          : QStringLiteral("BEGIN"));
    inTransaction_ = begun.has_value();
    return begun;
}

Status Session::started(bool begun, const QSqlError& error)
{
    inTransaction_ = begun;
    if (begun)
        return {};
    return tl::unexpected(errorOf(dialect_, error));
}

Status Session::commit()
{
    assertThread();
    if (database_.commit()) {
        inTransaction_ = false;
        return {};
    }
    const Error failure = errorOf(dialect_, database_.lastError());
    rollback();
    return tl::unexpected(failure);
}

void Session::rollback()
{
    assertThread();
    database_.rollback(); // fails only when nothing is left to roll back
    inTransaction_ = false;
}

} // namespace holdfast::sql
