#include "central/channels/whatsapp/channels.h"

#include "central/channels/whatsapp/graph.h"
#include "central/channels/whatsapp/inbox_worker.h"
#include "central/channels/whatsapp/media_puller.h"
#include "central/channels/whatsapp/sender.h"
#include "central/channels/whatsapp/webhook_routes.h"

namespace holdfast::whatsapp {
namespace {

constexpr std::chrono::milliseconds graceForCalls{5000};

} // namespace

class Channels::Impl
{
public:
    Impl(store::Store& store, std::vector<Number> given, const Rules& rules)
        : numbers(std::move(given)), graph(numbers, rules), media(BlockingStore(store), graph, numbers, rules),
          inbox(BlockingStore(store), numbers, rules,
                [this] {
                    media.wake();
                    sender.wake(); // a status may have let the next message go
                }),
          sender(BlockingStore(store), graph, numbers, rules, [this] { inbox.answerCame(); }),
          routes(store, numbers, [this] { inbox.wake(); })
    {}

    const std::vector<Number> numbers;
    Graph graph;
    MediaPuller media;
    InboxWorker inbox;
    Sender sender;
    WebhookRoutes routes;
    bool running = false; // of the owner's thread
};

Channels::Channels(store::Store& store, std::vector<Number> numbers, Rules rules)
    : impl_(std::make_unique<Impl>(store, std::move(numbers), rules))
{}

Channels::~Channels()
{
    stop();
}

void Channels::addTo(http::Router& router)
{
    impl_->routes.addTo(router);
}

Status Channels::accepted(store::StoreWriter& writer, const store::EntryToAppend& entry, const store::AppendResult&)
{
    if (entry.author.kind != domain::number(domain::Kind::agentReply))
        return {};
    const domain::Content content = domain::parseContent(entry.author.kind, entry.content);
    const auto* reply = std::get_if<domain::AgentReply>(&content);
    if (!reply)
        return fail(ErrorCode::invalidInput, QStringLiteral("The reply cannot be read."));
    const auto thread = writer.threads().facts(entry.author.thread);
    if (!thread)
        return tl::unexpected<Error>(thread.error());
    return enqueue(writer, entry.author.entryId, entry.author.thread, thread->channel,
                   ordersOf(*reply, writer.clock().now()));
}

void Channels::committed()
{
    impl_->sender.wake();
    impl_->inbox.wake(); // bodies may wait again
}

void Channels::start()
{
    if (std::exchange(impl_->running, true))
        return;
    impl_->inbox.start();
    impl_->sender.start();
    impl_->media.start();
}

void Channels::stop()
{
    if (!std::exchange(impl_->running, false))
        return;
    impl_->inbox.stop();
    // What is cut off ends as uncertain or is repeated, as its row in the queue says.
    impl_->graph.stop(graceForCalls);
    impl_->sender.stop();
    impl_->media.stop();
}

Counters Channels::counters() const
{
    return impl_->routes.counters();
}

} // namespace holdfast::whatsapp
