// POST /v1/entries: what desks wrote comes in. Each entry is answered by itself; a bad one never holds up the others.
#pragma once

#include "central/api/authenticator.h"

#include <chrono>
#include <span>

namespace holdfast::api {

// What must be committed together with accepted entries: the channel puts replies into its send queue.
class AcceptedListener
{
public:
    virtual ~AcceptedListener() = default;
    // In the appender's transaction. An error undoes the append.
    [[nodiscard]] virtual Status accepted(store::StoreWriter& writer, const store::EntryToAppend& entry,
                                          const store::AppendResult& result) = 0;
    // After COMMIT, on a thread of the store: there may be work.
    virtual void committed() = 0;
    // For /metrics.
    struct Counter
    {
        const char* name;
        const char* help;
        quint64 value = 0;
    };
    [[nodiscard]] virtual std::vector<Counter> counters() const { return {}; }
};

struct PushRules
{
    std::chrono::minutes replyMayWait{30}; // an older reply is held back: refused "too_old"
    std::chrono::hours window{24};         // WhatsApp's customer service window
};

class PushRoutes
{
public:
    PushRoutes(store::Store& store, AcceptedListener& listener, PushRules rules)
        : store_(store), authenticator_(store), listener_(listener), rules_(rules)
    {}
    void addTo(http::Router& router);

private:
    struct Incoming;
    struct Push;
    void push(const http::Request& request, const http::Responder& responder);
    [[nodiscard]] Status admit(store::StoreReader& reader, Push& push) const;
    [[nodiscard]] Result<std::optional<store::Refusal>> check(store::StoreReader& reader, const Session& session,
                                                              const Incoming& incoming,
                                                              store::EntryToAppend& entry) const;
    // Decided again in the appender's transaction: a grant, the account or the device may be gone since admit().
    [[nodiscard]] Result<std::vector<store::EntryToAppend>> compose(store::StoreWriter& writer, const Push& push) const;
    [[nodiscard]] Result<store::Precondition> precondition(store::StoreReader& reader,
                                                           const std::shared_ptr<const access::Rights>& rights,
                                                           const store::EntryToAppend& entry) const;
    void append(const std::shared_ptr<Push>& push);

    store::Store& store_;
    Authenticator authenticator_;
    AcceptedListener& listener_;
    PushRules rules_;
};

} // namespace holdfast::api
