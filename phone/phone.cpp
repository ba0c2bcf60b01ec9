#include "phone/phone.h"

#include "central/http/server.h"
#include "phone/cloud_api.h"
#include "phone/control_endpoint.h"

namespace holdfast::phone {
namespace {

http::ServerOptions optionsFor(const PhoneConfig& config, quint16 port)
{
    http::ServerOptions options;
    options.address = config.address;
    options.port = port;
    options.threads = 1;
    options.limits.drain = std::chrono::milliseconds(500);
    return options; // without TLS the server refuses all but loopback, which is what the phone promises
}

} // namespace

// In the order of their dependencies; destroyed the other way round.
struct Phone::Parts
{
    explicit Parts(PhoneConfig given)
        : config(std::move(given)), media(clock, random), chats(clock),
          sender(config.webhook, clock, faults, scheduler),
          statuses(config.number, clock, chats, faults, scheduler, sender),
          customers(config.number, random, chats, media, faults, sender),
          cloud({config.number, config.accessToken, "1000000000000001", config.enforceWindow},
                {random, chats, media, faults, scheduler, sender, statuses}),
          control({clock, chats, media, faults, sender, statuses, customers}),
          graphServer(optionsFor(config, config.graphPort), cloud.router()),
          controlServer(optionsFor(config, config.controlPort), control.router())
    {
        sender.setTakenObserver([this](const QByteArray& kind, const QByteArray& about) {
            if (kind == "message")
                chats.markTaken(about);
        });
    }

    const PhoneConfig config;
    TestClock clock;
    SystemRandom random;
    Faults faults;
    MediaStore media;
    Chats chats;
    Scheduler scheduler;
    WebhookSender sender;
    StatusFlow statuses;
    Customers customers;
    CloudApi cloud;
    ControlEndpoint control;
    http::Server graphServer;
    http::Server controlServer;
};

Phone::Phone(PhoneConfig config) : parts_(std::make_unique<Parts>(std::move(config))) {}

Phone::~Phone()
{
    stop();
}

Status Phone::start()
{
    const BusinessNumber& number = parts_->config.number;
    if (number.phoneNumberId.isEmpty() || number.wabaId.isEmpty() || parts_->config.accessToken.isEmpty() ||
        parts_->config.webhook.appSecret.isEmpty())
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("The phone needs all of --phone-number-id, --waba-id, --access-token-file and "
                                   "--app-secret-file."));
    if (Status started = parts_->graphServer.start(); !started)
        return started;
    if (Status started = parts_->controlServer.start(); !started)
        return started;
    const QByteArray host = parts_->config.address.contains(u':') ? '[' + parts_->config.address.toLatin1() + ']'
                                                                  : parts_->config.address.toLatin1();
    parts_->cloud.setBaseUrl("http://" + host + ':' + QByteArray::number(graphPort()));
    return {};
}

void Phone::stop()
{
    // First nothing comes in, then nothing is due, then nothing is under way.
    parts_->graphServer.stop();
    parts_->controlServer.stop();
    parts_->scheduler.stop();
    parts_->sender.stop();
}

quint16 Phone::graphPort() const
{
    return parts_->graphServer.port();
}

quint16 Phone::controlPort() const
{
    return parts_->controlServer.port();
}

Chats& Phone::chats()
{
    return parts_->chats;
}

Customers& Phone::customers()
{
    return parts_->customers;
}

StatusFlow& Phone::statuses()
{
    return parts_->statuses;
}

MediaStore& Phone::media()
{
    return parts_->media;
}

const PhoneConfig& Phone::config() const
{
    return parts_->config;
}

TestClock& Phone::clock()
{
    return parts_->clock;
}

} // namespace holdfast::phone
