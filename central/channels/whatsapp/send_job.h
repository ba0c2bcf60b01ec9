// The durable order to send one message to a customer: states, payload and order within its conversation.
#pragma once

#include "central/store/store.h"
#include "models/domain/content.h"

namespace holdfast::whatsapp {

inline const QString sendWaiting = QStringLiteral("waiting");
inline const QString sendUploading = QStringLiteral("uploading"); // its file is on the way to the provider
inline const QString sendCalling = QStringLiteral("calling");     // a call may be under way, or was when we were killed
inline const QString sendUncertain = QStringLiteral("uncertain"); // no answer: a status may still tell
inline const QString sendGivenUp = QStringLiteral("given-up");    // the agent was asked; a late status still counts

// Due time of what waits behind another message of its conversation.
constexpr Timestamp never{4'000'000'000'000'000'000};

struct SendOrder
{
    QString text; // body or caption
    std::optional<domain::Attachment> attachment;
    std::optional<EntryId> replyTo;
    QString mediaId; // at the provider, once uploaded
    Timestamp since;
    int part = 1; // of `parts`: a reply with several files goes out as several messages
    int parts = 1;
};

[[nodiscard]] QByteArray toPayload(const SendOrder& order);
[[nodiscard]] Result<SendOrder> sendOrderFrom(const QByteArray& payload);

// The messages that a reply becomes.
[[nodiscard]] std::vector<SendOrder> ordersOf(const domain::AgentReply& reply, Timestamp now);
// A random token that also says which part of how many it is for.
[[nodiscard]] QString newCallback(RandomSource& random, const SendOrder& order);
[[nodiscard]] bool isLastPart(const QString& callback); // true for what has no such mark

[[nodiscard]] Status enqueue(store::StoreWriter& writer, const EntryId& entry, const ThreadId& thread,
                             const QString& channel, const std::vector<SendOrder>& orders);
// Takes the job out of the queue and lets the next one of its conversation go.
[[nodiscard]] Status settle(store::StoreWriter& writer, const store::Job& job);
[[nodiscard]] Status letNextGo(store::StoreWriter& writer, const ThreadId& thread);
// Takes the parts of a reply that were not sent yet out of the queue, but for `part` itself.
[[nodiscard]] Status dropWaitingParts(store::StoreWriter& writer, const ThreadId& thread, const EntryId& reply,
                                      const std::optional<QByteArray>& part);

} // namespace holdfast::whatsapp
