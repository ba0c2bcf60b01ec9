// The public side: the provider's handshake, and its webhooks into the raw inbox.
#pragma once

#include "central/channels/whatsapp/channels.h"

#include <atomic>

namespace holdfast::whatsapp {

class WebhookRoutes // thread-safe; its handlers refer to it
{
public:
    // `arrived` is called after a body was committed, on a thread of the store.
    WebhookRoutes(store::Store& store, const std::vector<Number>& numbers, std::function<void()> arrived);

    void addTo(http::Router& router);
    [[nodiscard]] Counters counters() const;

private:
    [[nodiscard]] http::Response verify(const http::Request& request) const;
    void take(const http::Request& request, const http::Responder& responder);
    [[nodiscard]] bool isSigned(const http::Request& request) const;

    store::Store& store_;
    const std::vector<Number>& numbers_;
    const std::function<void()> arrived_;
    std::atomic<quint64> taken_ = 0;
    std::atomic<quint64> unsigned_ = 0;
    std::atomic<quint64> refused_ = 0;
};

extern const QString inboxChannel; // of this provider's bodies in the raw inbox

} // namespace holdfast::whatsapp
