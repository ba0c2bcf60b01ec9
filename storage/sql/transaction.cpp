#include "storage/sql/transaction.h"

#include "storage/sql/session.h"

#include <utility>

namespace holdfast::sql {

Transaction::Transaction(Session& session) : session_(&session) {}

Result<Transaction> Transaction::begin(WriteConnection& connection)
{
    if (const Status begun = connection.session().begin(); !begun)
        return tl::unexpected(begun.error());
    return Transaction(connection.session());
}

Transaction::Transaction(Transaction&& other) noexcept : session_(std::exchange(other.session_, nullptr)) {}

Transaction::~Transaction()
{
    rollback();
}

Status Transaction::commit()
{
    Session* session = std::exchange(session_, nullptr);
    if (!session)
        return fail(ErrorCode::internal, QStringLiteral("The transaction has ended. This is a defect of Holdfast."));
    return session->commit();
}

void Transaction::rollback()
{
    if (Session* session = std::exchange(session_, nullptr))
        session->rollback();
}

Snapshot::Snapshot(Session& session) : session_(&session) {}

Result<Snapshot> Snapshot::begin(Connection& connection)
{
    if (const Status begun = connection.session().beginSnapshot(); !begun)
        return tl::unexpected(begun.error());
    return Snapshot(connection.session());
}

Snapshot::Snapshot(Snapshot&& other) noexcept : session_(std::exchange(other.session_, nullptr)) {}

Snapshot::~Snapshot()
{
    if (session_)
        session_->rollback();
}

} // namespace holdfast::sql
