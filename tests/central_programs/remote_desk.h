// A desk without a console: signs in, pushes and polls at whichever central it is told to.
#pragma once

#include "central/http/client.h"
#include "models/base/clock.h"
#include "models/base/random.h"
#include "models/domain/content.h"
#include "models/domain/kinds.h"
#include "models/log/signing.h"

#include <QJsonArray>
#include <QJsonObject>

#include <future>
#include <memory>

namespace holdfast::test {

struct Reply
{
    int status = 0; // 0: no answer came
    QJsonObject body;
    QByteArray text;
};

[[nodiscard]] std::future<Reply> send(http::Client& client, const QByteArray& method, quint16 port, const QString& path,
                                      const QJsonObject& body, const QByteArray& token);

class RemoteDesk
{
public:
    explicit RemoteDesk(http::Client& client) : client_(client) {}

    [[nodiscard]] bool signIn(quint16 port, const QString& login, const QString& password);
    [[nodiscard]] QJsonObject say(const ThreadId& room, const QString& text); // an entry to push
    [[nodiscard]] std::future<Reply> push(quint16 port, const QJsonArray& entries);
    [[nodiscard]] std::future<Reply> poll(quint16 port, int seconds);
    // Takes the cursor and the headers of room messages out of a poll's reply; false when it has none.
    [[nodiscard]] bool take(const Reply& reply);
    [[nodiscard]] bool catchUp(quint16 port);

    [[nodiscard]] const QList<QByteArray>& heard() const { return heard_; }
    [[nodiscard]] QByteArray token() const { return token_; }

private:
    http::Client& client_;
    SystemClock clock_;
    SystemRandom random_;
    OrgId org_;
    UserId user_;
    QByteArray token_;
    std::unique_ptr<log::SigningKey> key_;
    quint64 lastSeq_ = 0;
    QString cursor_;
    QList<QByteArray> heard_;
};

} // namespace holdfast::test
