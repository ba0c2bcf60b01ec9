// Faults that tests and demonstrations order in advance; each is used up by the next thing that it fits.
#pragma once

#include <QByteArray>
#include <QString>

#include <deque>
#include <mutex>
#include <optional>

namespace holdfast::phone {

struct SendFault
{
    enum class Kind {
        refuse,             // an error answer, nothing accepted
        timeout,            // no answer, nothing accepted
        timeoutAfterAccept, // no answer, but the message went out
        cutAfterAccept,     // the connection ends without an answer, but the message went out
        slow,               // accepted and answered after `delayMs`
    } kind = Kind::refuse;
    int httpStatus = 500;
    int code = 131000;
    int delayMs = 0;
};

struct MediaFault
{
    enum class Kind {
        notFound,          // the id is answered 404
        expiredUrl,        // the address is over when it is given
        wrongHash,         // other bytes are downloaded than were announced
        wrongDeclaredHash, // the webhook announces another hash than the bytes have
    } kind = Kind::notFound;
};

struct WebhookFault
{
    enum class Kind {
        wrongSignature,
        noSignature,
        truncated,
        duplicate,
        reorderStatuses,
        delay
    } kind = Kind::duplicate;
    int delayMs = 0;
    bool retry = false; // whether a refused one is delivered again, then properly
};

class Faults // thread-safe
{
public:
    void add(const SendFault& fault, int count);
    void add(const MediaFault& fault, int count);
    void add(const WebhookFault& fault, int count);
    void clear();

    [[nodiscard]] std::optional<SendFault> takeSend();
    [[nodiscard]] bool takeMedia(MediaFault::Kind kind);
    [[nodiscard]] std::optional<WebhookFault> takeDelivery(); // all but reorderStatuses
    [[nodiscard]] bool takeReorder();
    [[nodiscard]] int waiting() const;

private:
    mutable std::mutex mutex_;
    std::deque<SendFault> sends_;
    std::deque<MediaFault> media_;
    std::deque<WebhookFault> webhooks_;
};

} // namespace holdfast::phone
