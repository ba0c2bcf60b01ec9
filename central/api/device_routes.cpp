#include "central/api/device_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

using store::RunStanding;
using store::StoreWriter;

constexpr qsizetype runBytes = 16;

// What beginning a run came to; written by the transaction, read after it.
struct Begun
{
    RunStanding standing = RunStanding::other;
    DeviceSeq newest;
};

http::Response begunAnswer(const Begun& begun)
{
    if (begun.standing != RunStanding::current)
        return http::Response::error(403, "device_copied",
                                     QObject::tr("This desk is in use on two computers at once, so nothing is sent "
                                                 "from either. Your administrator was told."));
    return answer({{QStringLiteral("newest"), static_cast<qint64>(begun.newest.value)}});
}

} // namespace

void DeviceRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/runs", [this](const auto& request, const auto& responder) { beginRun(request, responder); },
               {8 * 1024, admitBearer});
    router.add("POST", "/v1/devices/{id}/release",
               [this](const auto& request, const auto& responder) { release(request, responder); });
}

void DeviceRoutes::beginRun(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    store::RunClaim claim;
    claim.run = body->hex("run", runBytes);
    claim.after = QByteArray::fromHex(body->textOr("after", QString(), 2 * runBytes).toLatin1());
    claim.live = body->flagOr("live", false);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    work_.authenticator().admit(request, responder, [this, claim, responder](const Session& session) mutable {
        if (!session.rights.may(access::Act::push))
            return responder.respond(answer(deviceNeeded()));
        claim.device = session.caller.device;
        begin(claim, responder);
    });
}

// The incident is in the log if and only if the device is held back.
void DeviceRoutes::begin(const store::RunClaim& claim, const http::Responder& responder)
{
    const auto begun = std::make_shared<Begun>();
    const auto isNews = std::make_shared<bool>(false);
    store::AppendBatch batch;
    batch.allOrNothing = true;
    batch.compose = [this, claim, begun, isNews](StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        const auto before = writer.deviceRuns().standing(claim.device, claim.run);
        const auto standing = before ? writer.deviceRuns().begin(claim) : before;
        const auto newest = writer.deviceRuns().newestNumber(claim.device);
        if (!standing || !newest)
            return tl::unexpected(!standing ? standing.error() : newest.error());
        *begun = {*standing, *newest};
        *isNews = *standing == RunStanding::copied && *before != RunStanding::copied;
        return *isNews ? std::vector{incident(claim.device)} : std::vector<store::EntryToAppend>();
    };
    store_.append(std::move(batch), [this, begun, isNews, responder](const auto& results) {
        if (!results)
            return responder.respond(answer(results.error()));
        if (*isNews)
            ++store_.incidents().copiedDevices;
        responder.respond(begunAnswer(*begun));
    });
}

store::EntryToAppend DeviceRoutes::incident(const DeviceId& device) const
{
    const QJsonObject fields{{QStringLiteral("what"), QStringLiteral("device.copied")},
                             {QStringLiteral("device"), device.toHexString()}};
    return store::centralEntry(store_.clock(), store_.random(), store_.organisation().auditThread,
                               domain::Kind::incidentNoted, domain::toJson(domain::RecordedAct{fields}));
}

void DeviceRoutes::release(const http::Request& request, const http::Responder& responder)
{
    const auto device = DeviceId::fromHex(QByteArrayView(request.parameter("id")));
    if (!device)
        return responder.respond(answer({ErrorCode::notFound, QStringLiteral("There is no such device.")}));
    work_.allowed(request, responder, access::Act::administer, [this, device, responder](const Session& session) {
        work_.append(
            responder,
            [this, device, session](StoreWriter& writer) -> Result<AdminWork::Entries> {
                const auto known = writer.access().device(*device);
                if (!known)
                    return tl::unexpected(known.error());
                if (!*known)
                    return fail(ErrorCode::notFound, QStringLiteral("There is no such device."));
                if (!(*known)->copied)
                    return fail(ErrorCode::conflict, QStringLiteral("This device is not held back."));
                if (const Status released = writer.deviceRuns().release(*device); !released)
                    return tl::unexpected(released.error());
                return AdminWork::Entries{work_.administered(session, "device.released",
                                                             {{QStringLiteral("device"), device->toHexString()}})};
            },
            [](const auto&) {
                return QJsonObject{{QStringLiteral("released"), true}};
            });
    });
}

} // namespace holdfast::api
