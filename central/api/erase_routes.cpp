// Erasing contents: the one act of AdminRoutes that cannot be undone.
#include "central/api/admin_routes.h"
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

} // namespace

void AdminRoutes::erase(const http::Request& request, const http::Responder& responder)
{
    auto wanted = readRequest(request.body);
    if (!wanted)
        return responder.respond(answer(wanted.error()));
    allowed(request, responder, access::Act::erase, [this, wanted = *wanted, responder](const Session&) {
        store_.erase(wanted, [responder](const Result<store::ErasureReport>& report) {
            if (!report)
                return responder.respond(answer(report.error()));
            responder.respond(answer({{QStringLiteral("threads"), report->threads},
                                      {QStringLiteral("entries"), report->entries},
                                      {QStringLiteral("blobs"), report->blobs}}));
        });
    });
}

} // namespace holdfast::api
