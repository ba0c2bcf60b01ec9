// What happens at central without the simulated desks: others write, rights change, the process dies.
#include "models/log/entry.h"
#include "tests/simulator/central.h"

namespace holdfast::simulation {
namespace {

constexpr qint64 longestDownMs = 20'000;

} // namespace

void Central::restart()
{
    world_.hitAll(Fault::centralRestarted);
    ++process_;
    if (bugs_.forgetsOnRestart)
        log_.forget(world_.random.below(4));
    downUntil_ = world_.agenda.now() + world_.within(50, longestDownMs);
    for (const PollPtr& poll : std::exchange(parked_, {})) {
        if (!poll->answered)
            answer(poll, tl::unexpected(noAnswer(ErrorCode::network)));
    }
}

void Central::appendForeign()
{
    constexpr std::array<log::KindNumber, 6> kinds{kind::message,  kind::message,  kind::message,
                                                   kind::assigned, kind::delivery, kind::read};
    Draft draft;
    draft.id = numbered<EntryId>('f', ++foreign_);
    draft.thread = anyThread();
    draft.kind = kinds[world_.random.below(kinds.size())];
    draft.content = QByteArray::number(world_.random.below(6));
    log::AuthorPart part;
    part.entryId = draft.id;
    part.thread = draft.thread;
    part.kind = draft.kind;
    draft.authorPart = log::encode(part);
    append(draft);
    wake();
}

void Central::sign()
{
    log_.sign();
    wake();
}

void Central::moveThread()
{
    const ThreadId thread = anyThread();
    const ScopeId from = log_.threads().at(thread).scope;
    const ScopeId to = scopes_[world_.random.below(scopes_.size())];
    if (from == to)
        return;
    world_.hitAll(Fault::threadMoved);
    Draft draft;
    draft.id = numbered<EntryId>('m', ++foreign_);
    draft.thread = thread;
    draft.kind = kind::moved;
    draft.content = to.toBytes();
    log::AuthorPart part;
    part.entryId = draft.id;
    part.thread = draft.thread;
    part.kind = draft.kind;
    draft.authorPart = log::encode(part);
    append(draft);
    wake();
}

bool Central::changeGrant(bool given)
{
    const size_t user = world_.random.below(rights_.size());
    const ScopeId scope = scopes_[world_.random.below(scopes_.size())];
    if (rights_[user].contains(scope) == given)
        return false;
    world_.hitAll(given ? Fault::grantGiven : Fault::grantEnded);
    if (given)
        rights_[user].insert(scope);
    else
        rights_[user].erase(scope);
    wake();
    return true;
}

void Central::endToken(int desk)
{
    world_.hit(Fault::tokenEnded, desk);
    sessions_.endToken(desk);
    wake();
}

void Central::signOut(int desk)
{
    world_.hit(Fault::signedOut, desk);
    sessions_.signOut(desk);
    wake();
}

} // namespace holdfast::simulation
