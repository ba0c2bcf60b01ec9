#include "storage/local/thread_state.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>

namespace holdfast::local {
namespace {

constexpr quint8 layout = 1;

template <typename Tag>
void put(QDataStream& out, const Id<Tag>& id)
{
    out << id.toBytes();
}

template <typename Tag>
void take(QDataStream& in, Id<Tag>& id)
{
    QByteArray bytes;
    in >> bytes;
    id = Id<Tag>::fromBytes(bytes).value_or(Id<Tag>());
}

} // namespace

void ThreadState::open(const domain::OpenThread& change)
{
    type = domain::wordOf(change.facts.type);
    if (placeSeq.value == 0)
        scope = change.scope;
    title = change.facts.title;
    person = change.facts.person;
    channel = change.facts.channel;
    if (newestOrd == 0)
        newestAt = std::max(newestAt, change.at);
}

void ThreadState::assign(const domain::AssignThread& change)
{
    if (change.threadSeq.value != 0 && change.threadSeq < assignSeq)
        return;
    assignee = change.assignee.value_or(UserId());
    assignSeq = std::max(assignSeq, change.threadSeq);
}

void ThreadState::move(const domain::MoveThread& change)
{
    if (change.threadSeq > placeSeq) {
        scope = change.to;
        placeSeq = change.threadSeq;
    }
    if (change.threadSeq < assignSeq)
        return;
    assignee = UserId();
    assignSeq = change.threadSeq;
}

void ThreadState::setState(const domain::SetThreadState& change)
{
    if (change.threadSeq.value != 0 && change.threadSeq < stateSeq)
        return;
    status = domain::wordOf(change.state.status);
    until = change.state.until;
    reason = change.state.reason;
    stateSeq = std::max(stateSeq, change.threadSeq);
}

void ThreadState::addMessage(qint64 ord, Timestamp at, domain::Kind kind)
{
    if (ord >= newestOrd) {
        newestOrd = ord;
        newestAt = at;
    }
    if (kind == domain::Kind::customerMessage)
        customerAt = std::max(customerAt, at);
}

void ThreadState::advance(const domain::AdvanceThread& change)
{
    if (change.threadSeq > placeSeq) {
        scope = change.scope;
        placeSeq = change.threadSeq;
    }
}

void ThreadState::countUnread(ThreadSeq seq, bool mentionsMe)
{
    if (seq <= readSeq || seq < since)
        return;
    ++unread;
    if (mentionsMe)
        ++mentions;
}

QByteArray ThreadState::toBytes() const
{
    QByteArray bytes;
    QDataStream out(&bytes, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << layout;
    put(out, id);
    put(out, scope);
    put(out, person);
    put(out, assignee);
    out << headLeaf.toBytes() << type << title << channel << status << reason;
    for (const qint64 number : {until.value, newestAt.value, customerAt.value, newestOrd})
        out << number;
    for (const quint64 number : {stateSeq.value, assignSeq.value, headSeq.value, readSeq.value})
        out << number;
    out << qint32(unread) << qint32(mentions);
    return bytes;
}

std::optional<ThreadState> ThreadState::fromBytes(const QByteArray& bytes)
{
    QDataStream in(bytes);
    in.setVersion(QDataStream::Qt_6_4);
    quint8 version = 0;
    ThreadState state;
    QByteArray leaf;
    in >> version;
    take(in, state.id);
    take(in, state.scope);
    take(in, state.person);
    take(in, state.assignee);
    in >> leaf >> state.type >> state.title >> state.channel >> state.status >> state.reason;
    for (qint64* number : {&state.until.value, &state.newestAt.value, &state.customerAt.value, &state.newestOrd})
        in >> *number;
    for (quint64* number : {&state.stateSeq.value, &state.assignSeq.value, &state.headSeq.value, &state.readSeq.value})
        in >> *number;
    qint32 unread = 0;
    qint32 mentions = 0;
    in >> unread >> mentions;
    const std::optional<Digest> head = Digest::fromBytes(leaf);
    if (in.status() != QDataStream::Ok || version != layout || !head)
        return std::nullopt;
    state.headLeaf = *head;
    state.unread = unread;
    state.mentions = mentions;
    return state;
}

} // namespace holdfast::local
