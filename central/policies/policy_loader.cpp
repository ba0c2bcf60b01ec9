#include "central/policies/policy_loader.h"

#include "models/log/entry.h"

#include <algorithm>

namespace holdfast::policies {
namespace {

constexpr int batchLines = 128;

struct Keyed
{
    QString kind; // of the reference: "person" or "policy"
    QString reference;
};

Keyed keyOf(const Line& line)
{
    if (const auto* person = std::get_if<PersonLine>(&line))
        return {QStringLiteral("person"), person->reference};
    return {QStringLiteral("policy"), std::get<PolicyLine>(line).facts.number};
}

} // namespace

struct PolicyLoader::Run
{
    QByteArray lines;
    qsizetype next = 0; // offset of the next line
    int line = 0;       // lines before it
    LoadReport report;
    std::function<void(Result<LoadReport>)> done;
    std::map<QString, QString> names; // of the persons of this file, by reference
    // Of the batch under way; counted into `report` once it is committed.
    qsizetype batchEnd = 0;
    int batchLastLine = 0;
    LoadReport batch;
};

void PolicyLoader::load(const QByteArray& lines, std::function<void(Result<LoadReport>)> done)
{
    if (lines.count('\n') > maxLines)
        return done(fail(ErrorCode::tooLarge,
                         QStringLiteral("These are more than 100,000 lines. Send them in several parts.")));
    auto run = std::make_shared<Run>();
    run->lines = lines;
    run->done = std::move(done);
    nextBatch(run);
}

void PolicyLoader::nextBatch(const std::shared_ptr<Run>& run)
{
    if (run->next >= run->lines.size())
        return run->done(run->report);
    store::AppendBatch batch;
    batch.allOrNothing = true;
    batch.compose = [this, run](store::StoreWriter& writer) { return compose(writer, *run); };
    store_.append(std::move(batch), [this, run](const Result<std::vector<store::AppendResult>>& results) {
        if (!results)
            return run->done(tl::unexpected(results.error()));
        const auto refused = std::find_if(results->begin(), results->end(), [](const store::AppendResult& result) {
            return result.outcome == store::AppendResult::Outcome::refused;
        });
        if (refused != results->end())
            return run->done(fail(ErrorCode::internal, refused->refusal.text));
        LoadReport& report = run->report;
        report.accepted += run->batch.accepted;
        report.unchanged += run->batch.unchanged;
        report.rejectedCount += run->batch.rejectedCount;
        for (LoadReport::Rejected& rejected : run->batch.rejected) {
            if (report.rejected.size() < maxRejectedKept)
                report.rejected.push_back(std::move(rejected));
        }
        run->next = run->batchEnd;
        run->line = run->batchLastLine;
        nextBatch(run);
    });
}

namespace {

// Turns one line into an entry inside the transaction.
class LineComposer
{
public:
    LineComposer(store::StoreWriter& writer, std::map<QString, QString>& names) : writer_(writer), names_(names) {}

    // Nothing: the line is unchanged since it was accepted last.
    [[nodiscard]] Result<std::optional<store::EntryToAppend>> compose(Line line, const QByteArray& bytes)
    {
        const Keyed key = keyOf(line);
        if (const auto* named = std::get_if<PersonLine>(&line))
            names_[named->reference] = named->facts.name;
        auto known = writer_.people().reference(key.kind, key.reference);
        if (!known)
            return tl::unexpected(known.error());
        if (*known && (*known)->digest == writer_.people().lineDigest(bytes))
            return std::optional<store::EntryToAppend>();
        const auto thread = *known ? std::optional((*known)->thread) : std::nullopt;
        Result<store::EntryToAppend> entry = std::holds_alternative<PersonLine>(line)
                                                 ? person(thread, std::get<PersonLine>(line))
                                                 : policy(thread, std::get<PolicyLine>(line));
        if (!entry)
            return tl::unexpected(entry.error());
        if (entry->content.size() > log::maxContentBytes)
            return fail(ErrorCode::invalidInput, QStringLiteral("The line holds more than an entry can."));
        if (const Status put = writer_.people().putReference(key.kind, key.reference, entry->author.thread, bytes);
            !put)
            return tl::unexpected(put.error());
        return std::optional(std::move(*entry));
    }

private:
    Result<store::EntryToAppend> person(std::optional<ThreadId> thread, PersonLine& line)
    {
        if (!thread) {
            auto met = metBefore(line.facts.phones);
            if (!met)
                return tl::unexpected(met.error());
            thread = *met;
        }
        if (thread) {
            if (const Status kept = keepWhatChannelsKnow(*thread, line.facts); !kept)
                return tl::unexpected(kept.error());
        }
        auto entry =
            store::centralEntry(writer_.clock(), writer_.random(), thread ? *thread : writer_.random().id<ThreadId>(),
                                domain::Kind::personFacts, domain::toJson(line.facts));
        entry.newThreadScope = writer_.organisation().everyone;
        return entry;
    }

    // Somebody who wrote before the policy system named him is that person, with his case; but two persons of the
    // policy system who share a phone stay two.
    Result<std::optional<ThreadId>> metBefore(const QStringList& phones)
    {
        for (const QString& phone : phones) {
            const auto person = writer_.people().personByPhone(phone);
            if (!person)
                return tl::unexpected(person.error());
            if (!*person)
                continue;
            const auto referenced = writer_.people().isReferenced(**person);
            if (!referenced)
                return tl::unexpected(referenced.error());
            if (!*referenced) {
                adopted_.insert(**person);
                return std::optional<ThreadId>(**person);
            }
        }
        return std::optional<ThreadId>();
    }

    // The policy system knows no provider ids; and its facts count from now on, also where they are older than the
    // moment at which the person was first met.
    Status keepWhatChannelsKnow(const ThreadId& thread, domain::PersonFacts& facts)
    {
        const auto stored = writer_.people().person(thread);
        if (!stored && stored.error().code == ErrorCode::notFound)
            return {};
        if (!stored)
            return tl::unexpected(stored.error());
        facts.providerUserIds = stored->providerUserIds;
        if (adopted_.contains(thread))
            facts.asOf = std::max(facts.asOf, stored->asOf);
        return {};
    }

    Result<store::EntryToAppend> policy(const std::optional<ThreadId>& thread, PolicyLine& line)
    {
        auto holder = writer_.people().reference(QStringLiteral("person"), line.holderReference);
        if (!holder)
            return tl::unexpected(holder.error());
        if (!*holder)
            return fail(ErrorCode::invalidInput,
                        QStringLiteral("The policy's holder is not known: send the person first."));
        line.facts.holder = (*holder)->thread;
        auto name = nameOf(line.holderReference, line.facts.holder);
        if (!name)
            return tl::unexpected(name.error());
        line.facts.holderName = *name;
        ScopeId scope = writer_.organisation().everyone;
        if (!line.team.isEmpty()) {
            auto team = writer_.access().scopeNamed(line.team);
            if (!team)
                return tl::unexpected(team.error());
            if (!*team)
                return fail(ErrorCode::invalidInput, QStringLiteral("The policy's team is not known."));
            scope = (*team)->scope.scope;
        }
        auto entry =
            store::centralEntry(writer_.clock(), writer_.random(), thread ? *thread : writer_.random().id<ThreadId>(),
                                domain::Kind::policyFacts, domain::toJson(line.facts));
        entry.newThreadScope = scope;
        return entry;
    }

    // From this file, or as the store knows the person since an earlier one.
    Result<QString> nameOf(const QString& reference, const PersonId& person)
    {
        if (const auto found = names_.find(reference); found != names_.end())
            return found->second;
        auto facts = writer_.people().person(person);
        if (!facts)
            return tl::unexpected(facts.error());
        return facts->name;
    }

    store::StoreWriter& writer_;
    std::map<QString, QString>& names_;
    std::set<ThreadId> adopted_; // met by a channel before this batch named them
};

} // namespace

Result<std::vector<store::EntryToAppend>> PolicyLoader::compose(store::StoreWriter& writer, Run& run) const
{
    run.batch = {};
    LineComposer composer(writer, run.names);
    std::vector<store::EntryToAppend> entries;
    run.batchEnd = run.next;
    run.batchLastLine = run.line;
    while (run.batchEnd < run.lines.size() && run.batchLastLine - run.line < batchLines) {
        const qsizetype from = run.batchEnd;
        const qsizetype end = run.lines.indexOf('\n', from);
        run.batchEnd = end < 0 ? run.lines.size() : end + 1;
        const int number = ++run.batchLastLine;
        const QByteArray bytes = run.lines.mid(from, (end < 0 ? run.lines.size() : end) - from).trimmed();
        if (bytes.isEmpty())
            continue;
        const auto reject = [&run, number](const Error& error) {
            ++run.batch.rejectedCount;
            run.batch.rejected.push_back({number, error.text});
        };
        auto line = parseLine(bytes);
        if (!line) {
            reject(line.error());
            continue;
        }
        auto entry = composer.compose(std::move(*line), bytes);
        if (!entry && entry.error().code != ErrorCode::invalidInput)
            return tl::unexpected(entry.error());
        if (!entry) {
            reject(entry.error());
        } else if (*entry) {
            ++run.batch.accepted;
            entries.push_back(std::move(**entry));
        } else {
            ++run.batch.unchanged;
        }
    }
    return entries;
}

} // namespace holdfast::policies
