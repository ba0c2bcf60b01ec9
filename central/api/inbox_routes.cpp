#include "central/api/inbox_routes.h"

namespace holdfast::api {

void InboxRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/inbox/replay",
               [this](const auto& request, const auto& responder) { replay(request, responder); });
}

void InboxRoutes::replay(const http::Request& request, const http::Responder& responder)
{
    work_.allowed(request, responder, access::Act::administer, [this, responder](const Session& session) {
        auto waiting = std::make_shared<int>(0);
        const auto compose = [this, session, waiting](store::StoreWriter& writer) -> Result<AdminWork::Entries> {
            *waiting = 0;
            for (const auto state : {store::InboxState::failed, store::InboxState::unplaced}) {
                const Result<int> again = writer.inbox().waitAgain(state);
                if (!again)
                    return tl::unexpected(again.error());
                *waiting += *again;
            }
            if (*waiting == 0)
                return AdminWork::Entries();
            return AdminWork::Entries{
                work_.administered(session, "inbox.replayed", {{QStringLiteral("bodies"), *waiting}})};
        };
        work_.append(responder, compose, [this, waiting](const auto&) {
            if (*waiting > 0)
                replayed_();
            return QJsonObject{{QStringLiteral("waiting"), *waiting}};
        });
    });
}

} // namespace holdfast::api
