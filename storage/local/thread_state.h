// One row of the thread table, and how row changes fold into it. Pure: no SQL.
#pragma once

#include "models/base/digest.h"
#include "models/domain/project.h"
#include "models/log/checksum.h"

namespace holdfast::local {

struct ThreadState
{
    ThreadId id;
    QString type; // the format's word; empty until the thread's opening is known
    ScopeId scope;
    QString title;
    PersonId person;
    QString channel;
    QString status = QStringLiteral("open");
    Timestamp until;
    QString reason;
    ThreadSeq stateSeq;
    UserId assignee;
    ThreadSeq assignSeq;
    ThreadSeq headSeq;
    Digest headLeaf;
    qint64 newestOrd = 0; // of the newest message; 0: none
    Timestamp newestAt;
    Timestamp customerAt; // newest customer message; 0: none
    ThreadSeq readSeq;    // of this desk's person
    int unread = 0;
    int mentions = 0;
    // No pending entry changes these, so they are not part of toBytes().
    ThreadSeq placeSeq;     // of the newest entry: its header, or the move that it is, says where the thread is
    log::Checksum checksum; // of the entries that are here
    ThreadSeq since;        // of the newest window: what is older is not counted. Not part of the row

    // Decided by the newest tseq, so the order of arrival does not matter. A pending entry (tseq 0) always decides: it
    // is folded after all accepted ones, and on a copy.
    void open(const domain::OpenThread& change);
    void assign(const domain::AssignThread& change);
    void move(const domain::MoveThread& change); // of accepted entries only: until then the thread stays where it is
    void setState(const domain::SetThreadState& change);
    void addMessage(qint64 ord, Timestamp at, domain::Kind kind);
    void advance(const domain::AdvanceThread& change);
    void countUnread(ThreadSeq seq, bool mentionsMe);

    [[nodiscard]] QByteArray toBytes() const; // the accepted state, kept while pending entries are folded over it
    [[nodiscard]] static std::optional<ThreadState> fromBytes(const QByteArray& bytes);
    friend bool operator==(const ThreadState&, const ThreadState&) = default;
};

} // namespace holdfast::local
