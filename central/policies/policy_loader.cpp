#include "central/policies/policy_loader.h"

#include "models/base/digest.h"

namespace holdfast::policies {
namespace {

constexpr qsizetype batchLines = 128;

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
    QList<QByteArray> lines;
    qsizetype next = 0;
    LoadReport report;
    std::function<void(Result<LoadReport>)> done;
    std::map<QString, QString> names; // of the persons of this file, by reference
    // Of the batch under way; counted into `report` once it is committed.
    qsizetype batchEnd = 0;
    LoadReport batch;
};

void PolicyLoader::load(const QByteArray& lines, std::function<void(Result<LoadReport>)> done)
{
    auto run = std::make_shared<Run>();
    run->lines = lines.split('\n');
    run->done = std::move(done);
    nextBatch(run);
}

void PolicyLoader::nextBatch(const std::shared_ptr<Run>& run)
{
    if (run->next >= run->lines.size())
        return run->done(run->report);
    run->batchEnd = std::min(run->next + batchLines, run->lines.size());
    store::AppendBatch batch;
    batch.allOrNothing = true;
    batch.compose = [this, run](store::StoreWriter& writer) { return compose(writer, *run); };
    store_.append(std::move(batch), [this, run](const Result<std::vector<store::AppendResult>>& results) {
        if (!results)
            return run->done(tl::unexpected(results.error()));
        run->report.accepted += run->batch.accepted;
        run->report.unchanged += run->batch.unchanged;
        std::move(run->batch.rejected.begin(), run->batch.rejected.end(), std::back_inserter(run->report.rejected));
        run->next = run->batchEnd;
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
        const QByteArray digest = sha256({bytes}).toBytes();
        auto known = writer_.people().reference(key.kind, key.reference);
        if (!known)
            return tl::unexpected(known.error());
        if (*known && (*known)->digest == digest)
            return std::optional<store::EntryToAppend>();
        const ThreadId thread = *known ? (*known)->thread : writer_.random().id<ThreadId>();
        Result<store::EntryToAppend> entry = std::holds_alternative<PersonLine>(line)
                                                 ? person(thread, std::get<PersonLine>(line))
                                                 : policy(thread, std::get<PolicyLine>(line));
        if (!entry)
            return tl::unexpected(entry.error());
        if (const Status put = writer_.people().putReference(key.kind, key.reference, thread, digest); !put)
            return tl::unexpected(put.error());
        return std::optional(std::move(*entry));
    }

private:
    Result<store::EntryToAppend> person(const ThreadId& thread, const PersonLine& line)
    {
        auto entry = store::centralEntry(writer_.clock(), writer_.random(), thread, domain::Kind::personFacts,
                                         domain::toJson(line.facts));
        entry.newThreadScope = writer_.organisation().everyone;
        return entry;
    }

    Result<store::EntryToAppend> policy(const ThreadId& thread, PolicyLine& line)
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
        auto entry = store::centralEntry(writer_.clock(), writer_.random(), thread, domain::Kind::policyFacts,
                                         domain::toJson(line.facts));
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
};

} // namespace

Result<std::vector<store::EntryToAppend>> PolicyLoader::compose(store::StoreWriter& writer, Run& run) const
{
    run.batch = {};
    LineComposer composer(writer, run.names);
    std::vector<store::EntryToAppend> entries;
    for (qsizetype i = run.next; i < run.batchEnd; ++i) {
        const QByteArray bytes = run.lines.at(i).trimmed();
        if (bytes.isEmpty())
            continue;
        const auto reject = [&run, i](const Error& error) {
            run.batch.rejected.push_back({static_cast<int>(i) + 1, error.text});
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
