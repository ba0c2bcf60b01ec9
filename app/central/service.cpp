#include "app/central/service.h"

#include <future>

namespace holdfast::app {
namespace {

std::vector<whatsapp::Number> numbersOf(const config::Config& config)
{
    std::vector<whatsapp::Number> numbers;
    for (const config::WhatsAppNumber& number : config.numbers)
        numbers.push_back({number.name, number.graphUrl, number.version, number.phoneNumberId, number.wabaId,
                           number.intakeScope, number.accessToken, number.appSecrets, number.verifyToken});
    return numbers;
}

} // namespace

// What starts and still does not do what was meant.
QStringList warningsOf(store::Store& store, const config::Config& config)
{
    QStringList warnings;
    if (!store.wasAnchored())
        warnings.append(QStringLiteral("There is no anchor.note in the key directory: nothing shows whether this store "
                                       "was set back to an earlier point. If nobody took it away, restore the key "
                                       "directory; a new one is written with the next checkpoint."));
    for (const config::WhatsAppNumber& number : config.numbers) {
        std::promise<bool> known;
        store.read<bool>(
            [&number](store::StoreReader& reader) {
                return reader.access().scopeNamed(number.intakeScope).map([](const auto& scope) {
                    return scope.has_value();
                });
            },
            [&known](const Result<bool>& found) { known.set_value(found.value_or(true)); });
        if (!known.get_future().get())
            warnings.append(
                QStringLiteral("[whatsapp:%1] intake_scope: there is no scope \"%2\". What customers write is "
                               "kept, and waits until there is one: holdfast-admin scope add.")
                    .arg(number.name, number.intakeScope));
    }
    return warnings;
}

// Hands accepted entries of desks to the channel; the API knows no channel, the channel no API.
class CentralService::ReplyListener : public api::AcceptedListener
{
public:
    explicit ReplyListener(whatsapp::Channels& channels) : channels_(channels) {}
    Status accepted(store::StoreWriter& writer, const store::EntryToAppend& entry,
                    const store::AppendResult& result) override
    {
        return channels_.accepted(writer, entry, result);
    }
    void committed() override { channels_.committed(); }
    std::vector<Counter> counters() const override
    {
        const whatsapp::Counters counted = channels_.counters();
        return {
            {"holdfast_webhooks_total", "Webhook bodies taken: signed, and committed before the answer.",
             counted.webhooks},
            {"holdfast_webhooks_unsigned_total", "Webhook bodies refused for their signature.", counted.badSignatures},
            {"holdfast_webhooks_refused_total", "Webhook bodies that the store could not take.",
             counted.refusedByStore}};
    }

private:
    whatsapp::Channels& channels_;
};

CentralService::CentralService(const config::Config& config, Clock& clock, RandomSource& random, Tell tell)
    : config_(config), clock_(clock), random_(random), tell_(std::move(tell)), throttle_(clock)
{}

CentralService::~CentralService()
{
    stop();
}

Result<std::unique_ptr<http::Server>> CentralService::listen(const config::Endpoint& endpoint,
                                                             http::Router router) const
{
    http::ServerOptions options;
    options.address = endpoint.address;
    options.port = endpoint.port;
    if (!config_.tlsCertificate.isEmpty())
        options.tls = http::TlsFiles{config_.tlsCertificate, config_.tlsKey};
    auto server = std::make_unique<http::Server>(std::move(options), std::move(router));
    if (const Status started = server->start(); !started)
        return tl::unexpected(started.error());
    return server;
}

Status CentralService::start()
{
    store::StoreConfig storeConfig;
    storeConfig.url = config_.storeUrl;
    storeConfig.keyDirectory = config_.keyDirectory;
    storeConfig.signerFile = config_.signerFile;
    storeConfig.anchorDirectory = config_.anchorDirectory;
    auto opened = store::Store::open(storeConfig, clock_, random_);
    if (!opened)
        return tl::unexpected(opened.error());
    store_ = std::move(*opened);
    store_->watchFault([tell = tell_](const std::optional<QString>& fault) {
        tell(fault ? *fault : QStringLiteral("The store takes entries again."));
    });
    for (const QString& warning : warningsOf(*store_, config_))
        tell_(QStringLiteral("warning: ") + warning);
    housekeeper_ = std::make_unique<store::Housekeeper>(*store_);
    hasher_ = std::make_unique<api::PasswordHasher>(api::PasswordCost{}, random_);
    channels_ = std::make_unique<whatsapp::Channels>(*store_, numbersOf(config_), whatsapp::Rules{});
    listener_ = std::make_unique<ReplyListener>(*channels_);
    api_ = std::make_unique<api::InternalApi>(*store_, *hasher_, throttle_, *listener_);

    http::Router internalRouter, publicRouter;
    api_->addTo(internalRouter);
    channels_->addTo(publicRouter);
    channels_->start();
    housekeeper_->start();
    auto internal = listen(config_.internal, std::move(internalRouter));
    if (!internal)
        return tl::unexpected(internal.error());
    internal_ = std::move(*internal);
    auto facing = listen(config_.publicListener, std::move(publicRouter));
    if (!facing)
        return tl::unexpected(facing.error());
    public_ = std::move(*facing);
    return {};
}

void CentralService::stop()
{
    // From the outside in: nobody may still call what is taken down. Both drain at once, so that the time is bounded.
    if (public_)
        public_->beginStop();
    if (internal_)
        internal_->beginStop();
    if (public_)
        public_->stop();
    if (internal_)
        internal_->stop();
    if (channels_)
        channels_->stop();
    housekeeper_.reset();
    if (hasher_)
        hasher_->stop();
    store_.reset(); // answers what waits, then ends its threads; the routes and the hasher must outlive that
    hasher_.reset();
    public_.reset();
    internal_.reset();
    api_.reset();
    listener_.reset();
    channels_.reset();
}

quint16 CentralService::internalPort() const
{
    return internal_->port();
}

quint16 CentralService::publicPort() const
{
    return public_->port();
}

} // namespace holdfast::app
