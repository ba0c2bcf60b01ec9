#include "central/store/decision_rows.h"

#include "central/store/bulk.h"
#include "central/store/erasures.h"
#include "central/store/lookups.h"
#include "central/store/removals.h"

namespace holdfast::store {

struct DecisionRows::Visitor
{
    DecisionRows& rows;
    const domain::Entry& entry;
    ThreadFacts& thread;

    [[nodiscard]] const Keyring& keys() const { return rows.context_.keys; }

    void operator()(const domain::OpenThread& change)
    {
        thread.type = change.facts.type;
        thread.person = change.facts.person;
        thread.channel = change.facts.channel;
    }
    void operator()(const domain::PutMessage& change)
    {
        if (change.kind == domain::Kind::customerMessage) {
            thread.newestCustomer = change.threadSeq;
            thread.lastCustomerAt = std::max(thread.lastCustomerAt, change.at);
        } else if (change.kind == domain::Kind::agentReply) {
            thread.newestReply = change.threadSeq;
            thread.newestReplyBy = change.author;
            thread.lastReplyAt = change.at;
            deliver(change.entry, domain::DeliveryStatus::waiting, change.at);
        }
        for (const domain::Attachment& attachment : change.attachments)
            refer(attachment.id, change.entry);
        if (!change.providerId.isEmpty())
            bindProvider(change.providerId, change.entry, change.thread);
    }
    void operator()(const domain::SetDelivery& change)
    {
        deliver(change.message, change.update.status, change.update.at);
        rows.deliverySeen_[{change.message, change.update.status}] = true;
    }
    void operator()(const domain::BindProviderId& change)
    {
        bindProvider(change.providerId, change.message, change.thread);
    }
    void operator()(const domain::SetAttachment& change)
    {
        refer(change.attachment.id, change.message);
        rows.custody_.row()
            .add(entry.pos)
            .add(change.message)
            .add(change.thread)
            .add(wordOf(change.step))
            .add(change.at);
    }
    void operator()(const domain::AssignThread& change)
    {
        thread.assignee = change.assignee;
        thread.newestMove = change.threadSeq;
        thread.newestMoveBy = change.by;
    }
    // A move is for the other team: nobody of the old one answers for the thread any more.
    void operator()(const domain::MoveThread& change)
    {
        thread.scope = change.to;
        thread.movedAt = entry.pos;
        thread.assignee.reset();
        thread.newestMove = change.threadSeq;
        thread.newestMoveBy = change.by;
        rows.rare_.push_back([change, pos = entry.pos](sql::Connection& db) {
            const Status kept =
                db.statement(QStringLiteral("INSERT INTO thread_move (pos, thread, from_scope, to_scope) "
                                            "VALUES (?, ?, ?, ?)"))
                    .exec(pos, change.thread, change.from, change.to);
            return kept ? noteMove(db, change, pos) : kept;
        });
    }
    void operator()(const domain::EraseContents& change)
    {
        const bool everyone = thread.scope == rows.context_.organisation.everyone;
        rows.rare_.push_back([change, everyone, scope = thread.scope, pos = entry.pos](sql::Connection& db) {
            return noteErasure(db, change, pos, scope, everyone);
        });
    }
    void operator()(const domain::SetThreadState& change) { thread.status = change.state.status; }
    void operator()(const domain::LinkPolicy& change)
    {
        rows.rare_.push_back([change](sql::Connection& db) -> Status {
            const QString sql = change.linked
                                    ? QStringLiteral("INSERT INTO thread_policy (thread, policy) VALUES (?, ?) "
                                                     "ON CONFLICT (thread, policy) DO NOTHING")
                                    : QStringLiteral("DELETE FROM thread_policy WHERE thread = ? AND policy = ?");
            return db.statement(sql).exec(change.thread, change.policy);
        });
    }
    void operator()(const domain::PutPerson& change)
    {
        noteFacts(change.person, change.facts.asOf);
        for (const QString& phone : change.facts.phones)
            rows.identities_[lookups::phone(keys(), phone)] = change.person;
        for (const QString& user : change.facts.providerUserIds)
            rows.identities_[lookups::providerUser(keys(), user)] = change.person;
    }
    void operator()(const domain::PutPolicy& change)
    {
        noteFacts(change.policy, change.facts.asOf);
        if (change.facts.holder.isNull())
            return;
        rows.rare_.push_back([policy = change.policy, holder = change.facts.holder](sql::Connection& db) {
            return db
                .statement(QStringLiteral("INSERT INTO policy_holder (policy, holder) VALUES (?, ?) "
                                          "ON CONFLICT (policy) DO UPDATE SET holder = excluded.holder"))
                .exec(policy, holder);
        });
    }
    void operator()(const domain::PutUser& change)
    {
        rows.rare_.push_back([profile = change.profile](sql::Connection& db) {
            return db
                .statement(
                    QStringLiteral("UPDATE user_account SET name = ?, role = ?, team = ?, active = ? WHERE id = ?"))
                .exec(profile.name, profile.role, profile.team, profile.active, profile.user);
        });
    }
    void operator()(const domain::PutScope& change)
    {
        rows.rare_.push_back([scope = change.scope, pos = entry.pos](sql::Connection& db) {
            return db
                .statement(QStringLiteral("INSERT INTO scope (scope, type, name, pos) VALUES (?, ?, ?, ?) "
                                          "ON CONFLICT (scope) DO UPDATE SET type = excluded.type, "
                                          "name = excluded.name"))
                .exec(scope.scope, wordOf(scope.type), scope.name, pos);
        });
    }
    void operator()(const domain::SetGrant& change)
    {
        rows.rare_.push_back([change, pos = entry.pos](sql::Connection& db) {
            const QString sql = change.given
                                    ? QStringLiteral("INSERT INTO access_grant (user_id, scope) VALUES (?, ?) "
                                                     "ON CONFLICT (user_id, scope) DO NOTHING")
                                    : QStringLiteral("DELETE FROM access_grant WHERE user_id = ? AND scope = ?");
            const Status changed = db.statement(sql).exec(change.grant.user, change.grant.scope);
            return changed ? noteGrant(db, change, pos) : changed;
        });
    }
    void operator()(const domain::PutDevice& change)
    {
        rows.rare_.push_back([device = change.device, pos = entry.pos](sql::Connection& db) {
            return db
                .statement(QStringLiteral("INSERT INTO device (device, user_id, public_key, name, revoked, pos) "
                                          "VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT (device) DO NOTHING"))
                .exec(device.device, device.user, device.publicKey, device.name, pos);
        });
    }
    void operator()(const domain::RevokeDevice& change)
    {
        rows.rare_.push_back([device = change.device](sql::Connection& db) {
            return db.statement(QStringLiteral("UPDATE device SET revoked = 1 WHERE device = ?")).exec(device);
        });
    }
    // Everything else follows from the thread's own row, or is for desks only.
    template <typename Other>
    void operator()(const Other&)
    {}

    void deliver(const EntryId& message, domain::DeliveryStatus status, Timestamp at)
    {
        const auto [row, fresh] = rows.deliveries_.try_emplace(message, status, at);
        if (!fresh && domain::supersedes(status, row->second.first))
            row->second = {status, at};
    }
    // From now on the orphan sweep leaves the blob alone.
    void refer(const BlobId& blob, const EntryId& by)
    {
        if (blob.isNull())
            return;
        rows.rare_.push_back([blob, by](sql::Connection& db) {
            return db
                .statement(QStringLiteral("UPDATE blob SET referenced_by = ? WHERE blob = ? AND referenced_by IS NULL"))
                .exec(by, blob);
        });
    }
    void bindProvider(const QString& providerId, const EntryId& message, const ThreadId& of)
    {
        rows.providerMessages_.row().add(lookups::providerMessage(keys(), providerId)).add(message).add(of);
    }
    void noteFacts(const ThreadId& of, Timestamp asOf)
    {
        const auto [row, fresh] = rows.facts_.try_emplace(of, entry.pos, asOf);
        if (!fresh && asOf >= row->second.second)
            row->second = {entry.pos, asOf};
    }
};

void DecisionRows::apply(const domain::Entry& entry, const std::vector<domain::RowChange>& changes, ThreadFacts& thread)
{
    Visitor visitor{*this, entry, thread};
    for (const domain::RowChange& change : changes)
        std::visit(visitor, change);
}

Status DecisionRows::flush()
{
    static const BulkInsert providers(QStringLiteral("provider_message"),
                                      {{"lookup", Cell::bytes}, {"entry_id", Cell::bytes}, {"thread", Cell::bytes}},
                                      QStringLiteral("ON CONFLICT (lookup) DO NOTHING"));
    static const BulkInsert custody(QStringLiteral("custody"), {{"pos", Cell::number},
                                                                {"entry_id", Cell::bytes},
                                                                {"thread", Cell::bytes},
                                                                {"step", Cell::text},
                                                                {"at", Cell::number}});
    static const BulkInsert deliveries(
        QStringLiteral("delivery"), {{"entry_id", Cell::bytes}, {"status", Cell::number}, {"at", Cell::number}},
        QStringLiteral("ON CONFLICT (entry_id) DO UPDATE SET status = excluded.status, at = excluded.at "
                       "WHERE excluded.status > delivery.status"));
    static const BulkInsert seen(QStringLiteral("delivery_seen"), {{"entry_id", Cell::bytes}, {"status", Cell::number}},
                                 QStringLiteral("ON CONFLICT (entry_id, status) DO NOTHING"));
    static const BulkInsert facts(
        QStringLiteral("newest_facts"), {{"thread", Cell::bytes}, {"pos", Cell::number}, {"as_of", Cell::number}},
        QStringLiteral("ON CONFLICT (thread) DO UPDATE SET pos = excluded.pos, as_of = excluded.as_of "
                       "WHERE excluded.as_of >= newest_facts.as_of"));
    static const BulkInsert identities(QStringLiteral("identity"), {{"lookup", Cell::bytes}, {"person", Cell::bytes}},
                                       QStringLiteral("ON CONFLICT (lookup) DO UPDATE SET person = excluded.person"));
    BulkRows deliveryRows;
    for (const auto& [message, state] : deliveries_)
        deliveryRows.row().add(message).add(qint64(state.first)).add(state.second);
    BulkRows seenRows;
    for (const auto& [key, present] : deliverySeen_)
        seenRows.row().add(key.first).add(qint64(key.second));
    BulkRows factRows;
    for (const auto& [thread, newest] : facts_)
        factRows.row().add(thread).add(newest.first).add(newest.second);
    BulkRows identityRows;
    for (const auto& [lookup, person] : identities_)
        identityRows.row().add(lookup).add(person);

    sql::Connection& db = context_.db;
    Status status = providers.run(db, providerMessages_);
    for (const auto& [insert, rows] :
         {std::pair(&custody, &custody_), std::pair(&deliveries, &deliveryRows), std::pair(&seen, &seenRows),
          std::pair(&facts, &factRows), std::pair(&identities, &identityRows)}) {
        if (status)
            status = insert->run(db, *rows);
    }
    for (const Write& write : rare_) {
        if (status)
            status = write(db);
    }
    clear();
    return status;
}

void DecisionRows::clear()
{
    providerMessages_.clear();
    custody_.clear();
    deliveries_.clear();
    deliverySeen_.clear();
    facts_.clear();
    identities_.clear();
    rare_.clear();
}

} // namespace holdfast::store
