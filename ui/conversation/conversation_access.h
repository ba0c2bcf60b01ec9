// The conversation for screen readers: one child per held message, with an identity that follows the message.
#pragma once

#include "models/base/ids.h"

#include <QAccessible>

namespace holdfast::ui {

class ConversationView;

void installConversationAccess(); // once per process is enough; further calls change nothing

// The accessible child of a message; its unique id stays the same while the message is held, wherever its row goes.
// Null if the view was never asked for its interface or the message is not held.
[[nodiscard]] QAccessibleInterface* messageAccess(ConversationView& view, const EntryId& message);

void dropMessageAccess(ConversationView& view); // of messages that are no longer held
void announceArrived(ConversationView& view, int count);

} // namespace holdfast::ui
