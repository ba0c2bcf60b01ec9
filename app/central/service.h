// The service put together: store, channels, two listeners.
#pragma once

#include "central/api/internal_api.h"
#include "central/channels/whatsapp/channels.h"
#include "central/config/config.h"
#include "central/http/server.h"
#include "central/store/housekeeper.h"

#include <memory>

namespace holdfast::app {

class CentralService
{
public:
    // Words for whoever watches central; from any of its threads.
    using Tell = std::function<void(const QString&)>;
    CentralService(const config::Config& config, Clock& clock, RandomSource& random, Tell tell);
    ~CentralService();

    [[nodiscard]] Status start(); // listening when it returns
    void stop();                  // drains requests, then calls under way, then closes the store
    [[nodiscard]] quint16 internalPort() const;
    [[nodiscard]] quint16 publicPort() const;

private:
    class ReplyListener;
    [[nodiscard]] Result<std::unique_ptr<http::Server>> listen(const config::Endpoint& endpoint,
                                                               http::Router router) const;

    const config::Config config_;
    Clock& clock_;
    RandomSource& random_;
    const Tell tell_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Housekeeper> housekeeper_;
    std::unique_ptr<api::PasswordHasher> hasher_;
    api::SignInThrottle throttle_;
    std::unique_ptr<whatsapp::Channels> channels_;
    std::unique_ptr<ReplyListener> listener_;
    std::unique_ptr<api::InternalApi> api_;
    std::unique_ptr<http::Server> internal_;
    std::unique_ptr<http::Server> public_;
};

} // namespace holdfast::app
