#include "central/api/erase_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

constexpr qsizetype maxEntries = 1000;

Result<store::ErasureRequest> readRequest(const QByteArray& bytes)
{
    auto body = JsonBody::parse(bytes);
    if (!body)
        return tl::unexpected(body.error());
    store::ErasureRequest request;
    for (const QJsonValue& value : body->arrayOr("entries", maxEntries)) {
        const auto entry = EntryId::fromHex(QStringView(value.toString()));
        if (!entry)
            return fail(ErrorCode::invalidInput, QStringLiteral("An entry id is not 32 hex digits."));
        request.entries.push_back(*entry);
    }
    const auto idOr = [&body](const char* field) {
        const QString text = body->textOr(field, QString(), 32);
        return text.isEmpty() ? std::optional<ThreadId>()
                              : std::optional(ThreadId::fromHex(QStringView(text)).value_or(ThreadId()));
    };
    request.thread = idOr("thread");
    request.person = idOr("person");
    request.reason = body->textOr("reason", QString(), 40);
    if (const Status status = body->check(); !status)
        return tl::unexpected(status.error());
    const int named = (request.entries.empty() ? 0 : 1) + (request.thread ? 1 : 0) + (request.person ? 1 : 0);
    if (named != 1)
        return fail(ErrorCode::invalidInput, QStringLiteral("Name either entries, or a thread, or a person to erase."));
    return request;
}

// For the audit: what was named; the entries that erased say the rest.
QJsonObject actFields(const store::ErasureRequest& request)
{
    QJsonObject fields;
    if (request.thread)
        fields.insert(QStringLiteral("thread"), request.thread->toHexString());
    if (request.person)
        fields.insert(QStringLiteral("person"), request.person->toHexString());
    if (!request.entries.empty())
        fields.insert(QStringLiteral("entries"), qint64(request.entries.size()));
    if (!request.reason.isEmpty())
        fields.insert(QStringLiteral("reason"), request.reason);
    return fields;
}

} // namespace

void EraseRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/erase", [this](const auto& request, const auto& responder) { erase(request, responder); },
               {256 * 1024, admitBearer});
}

void EraseRoutes::erase(const http::Request& request, const http::Responder& responder)
{
    auto wanted = readRequest(request.body);
    if (!wanted)
        return responder.respond(answer(wanted.error()));
    work_.allowed(request, responder, access::Act::erase,
                  [this, wanted = std::move(*wanted), responder](const Session& session) {
                      work_.store().erase(wanted, work_.administered(session, "contents.erased", actFields(wanted)),
                                          [responder](const Result<store::ErasureReport>& report) {
                                              if (!report)
                                                  return responder.respond(answer(report.error()));
                                              responder.respond(answer({{QStringLiteral("threads"), report->threads},
                                                                        {QStringLiteral("entries"), report->entries},
                                                                        {QStringLiteral("blobs"), report->blobs},
                                                                        {QStringLiteral("settled"), report->settled}}));
                                          });
                  });
}

} // namespace holdfast::api
