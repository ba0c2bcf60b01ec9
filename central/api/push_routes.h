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
    // `destination`: of a move, the type of the scope that it goes to.
    [[nodiscard]] store::Precondition precondition(const Session& session, const store::EntryToAppend& entry,
                                                   std::optional<domain::ScopeType> destination) const;
    void append(const std::shared_ptr<Push>& push);

    store::Store& store_;
    Authenticator authenticator_;
    AcceptedListener& listener_;
    PushRules rules_;
};

} // namespace holdfast::api
