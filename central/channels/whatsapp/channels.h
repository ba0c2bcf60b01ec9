// Our WhatsApp numbers: webhooks in, replies out, media custody. The one door of this folder.
#pragma once

#include "central/http/router.h"
#include "central/store/store.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <chrono>
#include <memory>
#include <vector>

namespace holdfast::whatsapp {

struct Number
{
    QString name;     // the channel's name in entries: "main"
    QString graphUrl; // "https://graph.facebook.com"; plain http on loopback only
    QString version;  // "v25.0"
    QString phoneNumberId;
    QString wabaId;
    QString intakeScope; // name of the scope of new cases
    QByteArray accessToken;
    QList<QByteArray> appSecrets; // any of them may have signed
    QByteArray verifyToken;
};

struct Rules
{
    std::chrono::seconds uncertainWait{60}; // after a time-out or 5xx: wait so long for the status that tells
    std::chrono::seconds callTimeout{30};
    QString caFile;                            // PEM; empty: the system's authorities
    std::chrono::milliseconds retryBase{1000}; // first wait before trying again; doubles (pair limit: fourfold)
    std::chrono::milliseconds unknownStatusWait{20'000}; // a status of a message not known yet is tried again so long
};

struct Counters
{
    quint64 webhooks = 0;       // signed, committed, answered 200
    quint64 badSignatures = 0;  // answered 401, nothing stored
    quint64 refusedByStore = 0; // answered 503
};

class Channels
{
public:
    Channels(store::Store& store, std::vector<Number> numbers, Rules rules);
    ~Channels(); // stops
    Channels(const Channels&) = delete;
    Channels& operator=(const Channels&) = delete;

    // GET and POST /webhooks/whatsapp, and nothing else.
    void addTo(http::Router& router);

    // In the appender's transaction, for every accepted entry of a desk: a reply to a customer goes into the send
    // queue.
    [[nodiscard]] Status accepted(store::StoreWriter& writer, const store::EntryToAppend& entry,
                                  const store::AppendResult& result);
    void committed(); // there may be work now

    // Takes up what an earlier process left: bodies not parsed, sends, media.
    void start();
    void stop(); // returns when no call is under way any more
    [[nodiscard]] Counters counters() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace holdfast::whatsapp
