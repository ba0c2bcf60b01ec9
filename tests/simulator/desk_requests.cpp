// What a simulated desk asks of central for the decisions of the core.
#include "tests/simulator/simulated_desk.h"

namespace holdfast::simulation {
namespace {

constexpr qint64 requestTimeoutMs = 20'000;
constexpr qint64 longestThoughtMs = 20'000; // of a person before a password
constexpr qint64 lookMs = 5;

const QByteArray forgedNote = "not a note of this log";

} // namespace

void SimulatedDesk::perform(const sync::action::AskTokens& a)
{
    Exchange<sync::Tokens> exchange;
    exchange.timeoutMs = requestTimeoutMs;
    exchange.serve = [this, a](const Reply<sync::Tokens>& reply) { central_.renew(a.refresh, reply); };
    exchange.deliver = [this, a](const sync::Outcome<sync::Tokens>& tokens) {
        deliver(sync::event::TokensAnswered{a.request, tokens});
    };
    link_.call(exchange);
}

void SimulatedDesk::perform(const sync::action::AskChanges& a)
{
    expect(a.cursor == disk_.cursor, "a cursor is used whose rows are not on the disk");
    const qint64 waitMs = a.waitSeconds * 1000;
    Exchange<sync::Changes> exchange;
    exchange.timeoutMs = requestTimeoutMs + waitMs;
    exchange.serve = [this, a, waitMs](const Reply<sync::Changes>& reply) {
        central_.changes(a.token, a.cursor, waitMs, reply);
    };
    exchange.deliver = [this, a](const sync::Outcome<sync::Changes>& changes) {
        deliver(sync::event::ChangesAnswered{a.request, changes});
    };
    exchange.forge = [this, a](sync::Changes changes) {
        mayFault_ = true;
        changes.checkpoint = forgedNote;
        if (changes.cursor.isEmpty())
            changes.cursor = a.cursor;
        return changes;
    };
    link_.call(exchange);
}

void SimulatedDesk::perform(const sync::action::AskPush& a)
{
    expect(!a.entries.isEmpty() && a.entries.size() <= sync::pushBatch, "a batch is empty or too large");
    for (qsizetype i = 1; i < a.entries.size(); ++i)
        expect(a.entries[i - 1].deviceSeq < a.entries[i].deviceSeq, "a batch is not in order");
    Exchange<sync::PushAnswer> exchange;
    if (!world_.weather.hangs)
        exchange.timeoutMs = requestTimeoutMs;
    exchange.serve = [this, a](const Reply<sync::PushAnswer>& reply) { central_.push(a.token, a.entries, reply); };
    exchange.deliver = [this, a](const sync::Outcome<sync::PushAnswer>& answer) {
        deliver(sync::event::PushAnswered{a.request, answer});
    };
    exchange.forge = [this, a](sync::PushAnswer answer) {
        mayFault_ = true;
        for (qsizetype i = answer.results.size(); i < a.entries.size(); ++i) {
            answer.results.append(sync::PushResult());
            answer.results.last().entry = a.entries[i].entry;
        }
        for (sync::PushResult& result : answer.results) {
            result.verdict = sync::PushResult::Verdict::accepted;
            result.receipt = QByteArray(64, '?');
        }
        return answer;
    };
    link_.call(exchange);
}

void SimulatedDesk::perform(const sync::action::AskProofs& a)
{
    Exchange<sync::Proofs> exchange;
    exchange.timeoutMs = requestTimeoutMs;
    exchange.serve = [this, a](const Reply<sync::Proofs>& reply) {
        central_.proofs(a.token, a.from, a.threads, reply);
    };
    exchange.deliver = [this, a](const sync::Outcome<sync::Proofs>& proofs) {
        deliver(sync::event::ProofsAnswered{a.request, proofs});
    };
    exchange.forge = [this](sync::Proofs proofs) {
        mayFault_ = true;
        proofs.checkpoint = forgedNote;
        return proofs;
    };
    link_.call(exchange);
}

void SimulatedDesk::perform(const sync::action::UploadBlobs& a)
{
    // An upload is many requests and ends once.
    const auto ended = [this, a, told = std::make_shared<bool>(false)](const sync::Outcome<bool>& outcome) {
        if (std::exchange(*told, true))
            return;
        if (outcome)
            uploaded_.insert(a.entry);
        deliver(sync::event::UploadsEnded{a.entry, outcome});
    };
    const OutboxRow* row = disk_.find(a.entry);
    if (!row || row->entry.content == poison::noBlob) {
        later(world_.within(1, lookMs), [ended] { ended(tl::unexpected(noAnswer(ErrorCode::notFound))); });
        return;
    }
    Exchange<bool> exchange;
    exchange.timeoutMs = requestTimeoutMs;
    exchange.serve = [this, a, thread = row->thread, token = token_](const Reply<bool>& reply) {
        central_.upload(token, a.entry, thread, reply);
    };
    exchange.deliver = ended;
    link_.call(exchange);
}

void SimulatedDesk::perform(const sync::action::AskSignIn&)
{
    expect(!central_.sessions().isGood(disk_.refresh), "the password is asked for although the sign-in is good");
    asksPerson_ = true;
    askPerson();
}

void SimulatedDesk::askPerson()
{
    Exchange<sync::Tokens> exchange;
    exchange.timeoutMs = requestTimeoutMs;
    exchange.serve = [this](const Reply<sync::Tokens>& reply) { central_.signIn(number_, reply); };
    exchange.deliver = [this, told = std::make_shared<bool>(false)](const sync::Outcome<sync::Tokens>& tokens) {
        if (std::exchange(*told, true))
            return;
        if (!tokens)
            return askPerson();
        asksPerson_ = false;
        deliver(sync::event::SignedIn{*tokens});
    };
    later(world_.within(500, longestThoughtMs), [this, exchange] { link_.call(exchange); });
}

} // namespace holdfast::simulation
