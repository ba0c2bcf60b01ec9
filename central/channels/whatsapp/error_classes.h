// What the provider's error codes mean for a message: whether it may be sent again, and by whom.
#pragma once

namespace holdfast::whatsapp {

enum class ErrorClass {
    throttled, // rejected before it was processed: central tries again by itself
    pairLimit, // the same, for this customer alone; waits four times longer each time
    uncertain, // the message may have gone out
    ours,      // token, account, payment: can be sent again once that was put right
    message,   // this message cannot be sent to this customer
};

// `code` 0: the answer named none, so the HTTP status decides.
[[nodiscard]] ErrorClass classOf(int httpStatus, int code);
// Of a message that failed for good: whether the agent may try it again as it is.
[[nodiscard]] bool mayRetry(int code);

} // namespace holdfast::whatsapp
