// What the routes of administrators share: who may, one transaction, and the record of who did it.
#pragma once

#include "central/api/authenticator.h"

#include <QJsonObject>

namespace holdfast::api {

class AdminWork
{
public:
    using Entries = std::vector<store::EntryToAppend>;
    using Compose = std::function<Result<Entries>(store::StoreWriter&)>;
    using Answer = std::function<QJsonObject(const std::vector<store::AppendResult>&)>;

    explicit AdminWork(store::Store& store) : store_(store), authenticator_(store) {}

    // Goes on only for a caller who may do `act`; 401 and 403 otherwise.
    void allowed(const http::Request& request, const http::Responder& responder, access::Act act,
                 std::function<void(Session)> goOn) const;
    // Answers with `body` once everything that `compose` gave is in the log; else nothing of it happened.
    void append(const http::Responder& responder, Compose compose, Answer body) const;

    [[nodiscard]] store::EntryToAppend structural(domain::Kind kind, const QByteArray& content) const;
    // Into the audit; names the caller as "by".
    [[nodiscard]] store::EntryToAppend recorded(domain::Kind kind, const Session& session,
                                                QJsonObject fields = {}) const;
    // "An administrator did `act`": beside every structural entry, which does not say whose it is.
    [[nodiscard]] store::EntryToAppend administered(const Session& session, const char* act,
                                                    QJsonObject fields = {}) const;

    [[nodiscard]] const Authenticator& authenticator() const { return authenticator_; }
    [[nodiscard]] store::Store& store() const { return store_; }

private:
    store::Store& store_;
    Authenticator authenticator_;
};

} // namespace holdfast::api
