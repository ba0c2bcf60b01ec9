// The derived rows of one transaction, collected and then written with one statement per table.
#pragma once

#include "models/domain/project.h"
#include "storage/local/record_index.h"
#include "storage/sql/connection.h"

#include <QHash>

namespace holdfast::local {

class RowBatch
{
public:
    explicit RowBatch(sql::WriteConnection& connection);

    // `row`: the position of an accepted entry; pendingBase + device sequence of a pending one. `ord`: schema.h.
    void add(const domain::PutMessage& change, qint64 row, qint64 ord);
    void add(const domain::KeepUnknown& change, qint64 row, qint64 ord);
    void add(const domain::SetDelivery& change);
    void add(const domain::BindProviderId& change);
    void add(const domain::SetAttachment& change);
    void add(const domain::LinkPolicy& change);
    void addPending(const domain::LinkPolicy& change);
    void add(const domain::MarkRead& change);
    void add(const domain::OpenThread& change);
    void add(const domain::PutPerson& change, Position pos);
    void add(const domain::PutPolicy& change, Position pos);
    void add(const domain::PutUser& change, Position pos);
    void add(const domain::PutScope& change, Position pos);
    void add(const domain::SetGrant& change, Position pos);
    void add(const domain::PutDevice& change);
    void add(const domain::RevokeDevice& change);
    void add(const domain::NoteHeads& change);

    // The links of these threads are decided anew (pending ones first); call after the thread rows are stored.
    [[nodiscard]] Status storeFirstPolicies(const QSet<ThreadId>& threads);
    [[nodiscard]] Status flush();
    [[nodiscard]] const QSet<ThreadId>& linkedThreads() const { return linkedThreads_; }

private:
    struct Versioned // of persons and policies: the newest "as of" of this transaction
    {
        qint64 asOf = 0;
        qint64 pos = 0;
        QString text;       // for the search
        QStringList tokens; // identifiers
    };
    struct MessageRow
    {
        qint64 row = 0;
        EntryId entry;
        ThreadId thread;
        qint64 ord = 0;
        qint64 kind = 0; // 0: unknown
        UserId author;
        PersonId person;
        Timestamp at;
        QString text;
        QString names;
        QString type;
        std::optional<QString> quoted;
        std::optional<EntryId> replyTo;
        std::optional<QByteArray> mentions;
        domain::DeliveryStatus status = domain::DeliveryStatus::waiting;
        qsizetype attachments = 0;
    };
    [[nodiscard]] Status run(const QString& sql, const sql::JsonRows& rows);
    [[nodiscard]] Status flushMessages();
    [[nodiscard]] Status flushRecords(const QString& winnersSql, Record what, QHash<QByteArray, Versioned>& versions);

    sql::WriteConnection& connection_;
    RecordIndex records_;
    std::vector<MessageRow> messages_;
    sql::JsonRows messageRows_, identifiers_, deliveries_, providers_, attachments_, links_, pendingLinks_, markers_,
        members_, persons_, policies_, staff_, scopes_, grants_, devices_, revoked_, heads_;
    QHash<QByteArray, Versioned> personVersions_, policyVersions_;
    QSet<ThreadId> linkedThreads_;
};

} // namespace holdfast::local
