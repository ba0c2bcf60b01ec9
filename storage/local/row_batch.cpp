#include "storage/local/row_batch.h"

#include "models/domain/identifier.h"
#include "storage/local/attachment_state.h"
#include "storage/local/row_batch_sql.h"

namespace holdfast::local {
namespace {

QString namesOf(const QList<domain::Attachment>& attachments)
{
    QStringList names;
    for (const domain::Attachment& attachment : attachments) {
        if (!attachment.name.isEmpty())
            names.append(attachment.name);
    }
    return names.join(u'\n');
}

std::optional<QByteArray> joinedIds(const QList<UserId>& users)
{
    if (users.isEmpty())
        return std::nullopt;
    QByteArray bytes;
    for (const UserId& user : users)
        bytes += user.toBytes();
    return bytes;
}

QString searchText(const domain::PolicyFacts& facts)
{
    QStringList words{facts.number, facts.product, facts.holderName, facts.status};
    for (const QList<domain::Fact>* section : {&facts.facts, &facts.cover}) {
        for (const domain::Fact& fact : *section)
            words.append(fact.value);
    }
    for (const domain::PolicyFacts::Member& member : facts.dependants)
        words.append(member.name);
    for (const domain::PolicyFacts::Claim& claim : facts.claims)
        words.append(claim.number + u' ' + claim.kind);
    words.removeAll(QString());
    return words.join(u'\n');
}

// The log's word on a picture's side, in px: what no picture has is not known.
qint64 sideOf(int px)
{
    constexpr int most = 65'535;
    return px > 0 && px <= most ? px : 0;
}

// A policy number is found by its own normal form even where it is too short to look like an identifier.
QStringList identifiersOf(const domain::PolicyFacts& facts, const QString& text)
{
    QStringList tokens = domain::identifiersIn(text);
    tokens.append(domain::normalisedIdentifier(facts.number));
    for (const domain::PolicyFacts::Claim& claim : facts.claims)
        tokens.append(domain::normalisedIdentifier(claim.number));
    tokens.removeAll(QString());
    return tokens;
}

} // namespace

RowBatch::RowBatch(sql::WriteConnection& connection) : connection_(connection), records_(connection) {}

void RowBatch::add(const domain::PutMessage& change, qint64 row, qint64 ord)
{
    const std::optional<QString> quoted =
        change.quotedProviderId.isEmpty() ? std::nullopt : std::optional(change.quotedProviderId);
    messages_.push_back({row, change.entry, change.thread, ord, qint64(change.kind), change.author, change.person,
                         change.at, change.text, namesOf(change.attachments), change.type, quoted, change.replyTo,
                         joinedIds(change.mentions), change.status, change.attachments.size()});
    messageRows_.row().add(row);
    const QStringList tokens = domain::identifiersIn(change.text);
    for (const QString& token : tokens)
        identifiers_.row().add(token).add(row);
    if (!change.providerId.isEmpty())
        providers_.row().add(change.providerId).add(change.entry);
    // A customer's file is good once central has it and its hash was checked; a colleague's when it was written.
    const bool fromCustomer = change.kind == domain::Kind::customerMessage;
    for (qsizetype i = 0; i < change.attachments.size(); ++i) {
        const domain::Attachment& file = change.attachments[i];
        const StoredState state = !fromCustomer && file.sha256 ? StoredState::good : StoredState::expected;
        attachments_.row().add(change.entry).add(file.id).add(qint64(i)).add(file.size).add(file.mime).add(file.name);
        attachments_.add(file.sha256)
            .add(qint64(state))
            .add(QString())
            .add(sideOf(file.width))
            .add(sideOf(file.height));
    }
}

void RowBatch::add(const domain::KeepUnknown& change, qint64 row, qint64 ord)
{
    MessageRow message;
    message.row = row;
    message.entry = change.entry;
    message.thread = change.thread;
    message.ord = ord;
    message.at = change.at;
    message.text = change.why;
    message.type = QStringLiteral("unknown");
    messages_.push_back(std::move(message));
    messageRows_.row().add(row);
}

void RowBatch::add(const domain::SetDelivery& change)
{
    const domain::DeliveryUpdate& update = change.update;
    deliveries_.row().add(change.message).add(qint64(update.status)).add(update.at).add(qint64(update.errorCode));
    deliveries_.add(update.errorText).add(qint64(update.mayRetry));
}

void RowBatch::add(const domain::BindProviderId& change)
{
    providers_.row().add(change.providerId).add(change.message);
}

void RowBatch::add(const domain::SetAttachment& change)
{
    const domain::Attachment& file = change.attachment;
    attachments_.row().add(change.message).add(file.id).add(qint64(-1)).add(file.size).add(file.mime).add(file.name);
    attachments_.add(file.sha256).add(qint64(storedStateAfter(change.step))).add(change.detail);
    attachments_.add(sideOf(file.width)).add(sideOf(file.height));
}

void RowBatch::add(const domain::LinkPolicy& change)
{
    links_.row().add(change.thread).add(change.policy).add(qint64(change.linked)).add(change.threadSeq);
    linkedThreads_.insert(change.thread);
}

void RowBatch::addPending(const domain::LinkPolicy& change)
{
    pendingLinks_.row().add(change.thread).add(change.policy).add(qint64(change.linked));
    linkedThreads_.insert(change.thread);
}

void RowBatch::add(const domain::MarkRead& change)
{
    markers_.row().add(change.thread).add(change.user).add(change.upTo);
}

void RowBatch::add(const domain::OpenThread& change)
{
    for (const UserId& member : change.facts.members)
        members_.row().add(change.thread).add(member);
    if (!change.facts.title.isEmpty())
        records_.put(Record::thread, change.thread.toBytes(), change.facts.title,
                     domain::identifiersIn(change.facts.title));
}

void RowBatch::add(const domain::PutPerson& change, Position pos)
{
    const domain::PersonFacts& facts = change.facts;
    const QString phone = facts.phones.value(0);
    persons_.row().add(change.person).add(facts.name).add(phone).add(facts.asOf).add(pos).add(domain::toJson(facts));
    const QString text = facts.name + u'\n' + facts.email;
    QStringList tokens = domain::identifiersIn(facts.phones.join(u'\n') + u'\n' + facts.name);
    tokens.append(domain::normalisedIdentifier(facts.idNumber));
    tokens.removeAll(QString());
    Versioned next{facts.asOf.value, static_cast<qint64>(pos.value), text, tokens};
    Versioned& newest = personVersions_[change.person.toBytes()];
    if (std::tie(next.asOf, next.pos) >= std::tie(newest.asOf, newest.pos))
        newest = std::move(next);
}

void RowBatch::add(const domain::PutPolicy& change, Position pos)
{
    const domain::PolicyFacts& facts = change.facts;
    policies_.row().add(change.policy).add(facts.number).add(facts.line).add(facts.holder).add(change.scope);
    policies_.add(facts.asOf).add(pos).add(domain::toJson(facts));
    const QString text = searchText(facts);
    Versioned next{facts.asOf.value, static_cast<qint64>(pos.value), text, identifiersOf(facts, text)};
    Versioned& newest = policyVersions_[change.policy.toBytes()];
    if (std::tie(next.asOf, next.pos) >= std::tie(newest.asOf, newest.pos))
        newest = std::move(next);
}

void RowBatch::add(const domain::PutUser& change, Position pos)
{
    const domain::UserProfile& user = change.profile;
    staff_.row().add(user.user).add(user.login).add(user.name).add(user.role).add(user.team).add(qint64(user.active));
    staff_.add(pos);
}

void RowBatch::add(const domain::PutScope& change, Position pos)
{
    scopes_.row().add(change.scope.scope).add(domain::wordOf(change.scope.type)).add(change.scope.name).add(pos);
}

void RowBatch::add(const domain::SetGrant& change, Position pos)
{
    grants_.row().add(change.grant.scope).add(change.grant.user).add(qint64(change.given)).add(pos);
}

void RowBatch::add(const domain::PutDevice& change)
{
    devices_.row().add(change.device.device).add(change.device.user).add(change.device.publicKey);
    devices_.add(change.device.name);
}

void RowBatch::add(const domain::RevokeDevice& change)
{
    revoked_.row().add(change.device);
}

void RowBatch::add(const domain::NoteHeads& change)
{
    heads_.row().add(change.pos).add(change.heads.covers).add(change.heads.headsRoot);
}

Status RowBatch::run(const QString& sql, const sql::JsonRows& rows)
{
    return rows.isEmpty() ? Status() : connection_.statement(sql).exec(rows);
}

// A person or policy is searched by its newest facts; what arrived late lost against what is stored.
Status RowBatch::flushRecords(const QString& winnersSql, Record what, QHash<QByteArray, Versioned>& versions)
{
    if (versions.isEmpty())
        return {};
    sql::JsonRows candidates;
    for (auto it = versions.cbegin(); it != versions.cend(); ++it)
        candidates.row().add(it.key()).add(it->pos);
    sql::Statement winners = connection_.statement(winnersSql);
    winners.bind(0, candidates);
    return winners.forEach([this, what, &versions](sql::Statement& row) {
        const QByteArray id = row.bytes(0);
        records_.put(what, id, versions[id].text, versions[id].tokens);
    });
}

// Row by row, as the entries: most bytes, and no hex within JSON.
Status RowBatch::flushMessages()
{
    sql::Statement insert = connection_.statement(rows::message);
    for (const MessageRow& message : messages_) {
        const Status stored =
            insert.exec(message.row, message.entry, message.thread, message.ord, message.kind, message.author,
                        message.person, message.at, message.text, message.names, message.type, message.quoted,
                        message.replyTo, message.mentions, message.status, message.attachments);
        if (!stored)
            return stored;
    }
    return {};
}

Status RowBatch::flush()
{
    if (const Status done = flushMessages(); !done)
        return done;
    const std::initializer_list<std::pair<const QString*, const sql::JsonRows*>> steps{
        {&rows::messageTerms, &messageRows_},
        {&rows::messageIdentifier, &identifiers_},
        {&rows::delivery, &deliveries_},
        {&rows::provider, &providers_},
        {&rows::attachment, &attachments_},
        {&rows::link, &links_},
        {&rows::pendingLink, &pendingLinks_},
        {&rows::marker, &markers_},
        {&rows::member, &members_},
        {&rows::person, &persons_},
        {&rows::policy, &policies_},
        {&rows::staff, &staff_},
        {&rows::scope, &scopes_},
        {&rows::grant, &grants_},
        {&rows::device, &devices_},
        {&rows::revoked, &revoked_},
        {&rows::heads, &heads_},
    };
    for (const auto& [sql, rows] : steps) {
        if (const Status done = run(*sql, *rows); !done)
            return done;
    }
    if (const Status done = flushRecords(rows::personWinners, Record::person, personVersions_); !done)
        return done;
    if (const Status done = flushRecords(rows::policyWinners, Record::policy, policyVersions_); !done)
        return done;
    return records_.flush();
}

Status RowBatch::storeFirstPolicies(const QSet<ThreadId>& threads)
{
    sql::JsonRows rows;
    for (const ThreadId& thread : threads)
        rows.row().add(thread);
    return run(rows::firstPolicy, rows);
}

} // namespace holdfast::local
