#include "central/api/admin_work.h"

#include "central/api/answers.h"

namespace holdfast::api {

using store::AppendResult;
using store::EntryToAppend;

void AdminWork::allowed(const http::Request& request, const http::Responder& responder, access::Act act,
                        std::function<void(Session)> goOn) const
{
    authenticator_.admit(request, responder, [responder, act, goOn = std::move(goOn)](Session session) {
        if (!session.rights.may(act))
            return responder.respond(answer(notAllowed()));
        goOn(std::move(session));
    });
}

void AdminWork::append(const http::Responder& responder, Compose compose, Answer body) const
{
    store::AppendBatch batch;
    batch.allOrNothing = true;
    batch.compose = std::move(compose);
    store_.append(std::move(batch),
                  [responder, body = std::move(body)](const Result<std::vector<AppendResult>>& results) {
                      if (!results)
                          return responder.respond(answer(results.error()));
                      for (const AppendResult& result : *results) {
                          if (result.outcome == AppendResult::Outcome::refused)
                              return responder.respond(answer({ErrorCode::internal, result.refusal.text}));
                      }
                      responder.respond(answer(body(*results)));
                  });
}

EntryToAppend AdminWork::structural(domain::Kind kind, const QByteArray& content) const
{
    return store::centralEntry(store_.clock(), store_.random(), store_.organisation().structure, kind, content);
}

EntryToAppend AdminWork::recorded(domain::Kind kind, const Session& session, QJsonObject fields) const
{
    fields.insert(QStringLiteral("by"), session.caller.user.toHexString());
    return store::centralEntry(store_.clock(), store_.random(), store_.organisation().auditThread, kind,
                               domain::toJson(domain::RecordedAct{fields}));
}

EntryToAppend AdminWork::administered(const Session& session, const char* act, QJsonObject fields) const
{
    fields.insert(QStringLiteral("act"), QString::fromLatin1(act));
    return recorded(domain::Kind::administered, session, std::move(fields));
}

} // namespace holdfast::api
