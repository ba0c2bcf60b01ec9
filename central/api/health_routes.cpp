#include "central/api/health_routes.h"

#include "central/api/answers.h"

namespace holdfast::api {
namespace {

struct Figures
{
    quint64 logSize = 0;
    qint64 inboxWaiting = 0;
    qint64 inboxFailed = 0;
    qint64 inboxUnplaced = 0;
    qint64 sends = 0;
    qint64 media = 0;
};

Result<Figures> read(store::StoreReader& reader)
{
    Figures figures;
    auto head = reader.feed().head();
    if (!head)
        return tl::unexpected(head.error());
    figures.logSize = head->size;
    const auto take = [](qint64& target, const Result<qint64>& value) -> Status {
        if (!value)
            return tl::unexpected(value.error());
        target = *value;
        return {};
    };
    Status status = take(figures.inboxWaiting, reader.inbox().count(store::InboxState::waiting));
    if (status)
        status = take(figures.inboxFailed, reader.inbox().count(store::InboxState::failed));
    if (status)
        status = take(figures.inboxUnplaced, reader.inbox().count(store::InboxState::unplaced));
    if (status)
        status = take(figures.sends, reader.sends().count());
    if (status)
        status = take(figures.media, reader.media().count());
    if (!status)
        return tl::unexpected(status.error());
    return figures;
}

// Prometheus text exposition format 0.0.4.
QByteArray exposition(const Figures& figures, const FeedCounters& feed, const store::Incidents& incidents, bool fault,
                      const std::vector<AcceptedListener::Counter>& channel)
{
    QByteArray out;
    const auto figure = [&out](const char* type, const char* name, const char* help, qint64 value) {
        out += QByteArray("# HELP ") + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n' + name + ' ' +
               QByteArray::number(value) + '\n';
    };
    const auto gauge = [&figure](const char* name, const char* help, qint64 value) {
        figure("gauge", name, help, value);
    };
    const auto counter = [&figure](const char* name, const char* help, quint64 value) {
        figure("counter", name, help, static_cast<qint64>(value));
    };
    gauge("holdfast_log_entries", "Entries in the log.", static_cast<qint64>(figures.logSize));
    gauge("holdfast_inbox_waiting", "Webhook bodies not worked on yet.", figures.inboxWaiting);
    gauge("holdfast_inbox_failed", "Webhook bodies kept for replay after a fix.", figures.inboxFailed);
    gauge("holdfast_inbox_unplaced", "Webhook bodies for numbers or scopes that are not set up.",
          figures.inboxUnplaced);
    gauge("holdfast_sends_waiting", "Replies on their way to the provider.", figures.sends);
    gauge("holdfast_media_waiting", "Attachments being pulled or deleted at the provider.", figures.media);
    gauge("holdfast_feed_polls", "Polls of desks that are not answered yet.", static_cast<qint64>(feed.open));
    gauge("holdfast_feed_ring_bytes", "The newest entries, held for desks that are nearly caught up.", feed.ringBytes);
    counter("holdfast_feed_checks_total", "Looks at the sessions of many polls at once.", feed.checks);
    counter("holdfast_feed_looks_total", "Looks for one poll alone.", feed.looks);
    counter("holdfast_feed_shed_total", "Polls sent away with 503.", feed.shed);
    gauge("holdfast_store_fault", "1 while the store takes no entries; /readyz says why.", fault ? 1 : 0);
    counter("holdfast_damaged_values_total", "Reads of stored values that do not open any more.",
            incidents.damagedValues);
    counter("holdfast_conflicting_ids_total", "Entries refused because another one has their id.",
            incidents.conflictingIds);
    counter("holdfast_bad_entry_signatures_total", "Entries refused because their device did not sign them.",
            incidents.badSignatures);
    counter("holdfast_copied_devices_total", "Devices held back because their key is in use on two computers.",
            incidents.copiedDevices);
    for (const AcceptedListener::Counter& one : channel)
        counter(one.name, one.help, one.value);
    return out;
}

} // namespace

void HealthRoutes::addTo(http::Router& router)
{
    router.add("GET", "/healthz", [](const http::Request&, const http::Responder& responder) {
        responder.respond(http::Response::text(200, "ok\n"));
    });
    router.add("GET", "/readyz", [this](const http::Request&, const http::Responder& responder) { ready(responder); });
    router.add("GET", "/metrics",
               [this](const http::Request&, const http::Responder& responder) { metrics(responder); });
}

void HealthRoutes::ready(const http::Responder& responder)
{
    if (const auto fault = store_.fault())
        return responder.respond(http::Response::text(503, fault->toUtf8() + '\n'));
    store_.read<store::LogHead>([](store::StoreReader& reader) { return reader.feed().head(); },
                                [responder](const Result<store::LogHead>& head) {
                                    responder.respond(
                                        head ? http::Response::text(200, "ready\n")
                                             : http::Response::text(503, head.error().text.toUtf8() + '\n'));
                                });
}

void HealthRoutes::metrics(const http::Responder& responder)
{
    store_.read<Figures>(read, [this, responder](const Result<Figures>& figures) {
        responder.respond(figures
                              ? http::Response::text(200, exposition(*figures, feed_.counters(), store_.incidents(),
                                                                     store_.fault().has_value(), channel_.counters()))
                              : answer(figures.error()));
    });
}

} // namespace holdfast::api
