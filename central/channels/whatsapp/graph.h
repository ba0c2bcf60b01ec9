// The provider's HTTP interface, for threads that may wait.
#pragma once

#include "central/channels/whatsapp/channels.h"
#include "central/http/client.h"

#include <QJsonObject>

#include <condition_variable>
#include <mutex>

namespace holdfast::whatsapp {

struct GraphAnswer
{
    int status = 0;
    QJsonObject body;  // empty when the answer was no JSON object
    QByteArray bytes;  // of a download
    int errorCode = 0; // 0: none named
    int errorSubcode = 0;
    QString errorTitle; // the provider's words; may be empty

    [[nodiscard]] bool good() const { return status == 200; }
};

// An error is one of the transport: http::Client says by its code whether the request may have been processed.
class Graph
{
public:
    Graph(const std::vector<Number>& numbers, const Rules& rules);

    [[nodiscard]] Result<GraphAnswer> send(const Number& number, const QJsonObject& message);
    [[nodiscard]] Result<GraphAnswer> upload(const Number& number, const QByteArray& mime, const QByteArray& fileName,
                                             const QByteArray& bytes, const QByteArray& boundary);
    [[nodiscard]] static std::chrono::milliseconds uploadTime(const Rules& rules, qint64 bytes); // at the longest
    [[nodiscard]] Result<GraphAnswer> mediaInfo(const Number& number, const QString& mediaId);
    [[nodiscard]] Result<GraphAnswer> download(const Number& number, const QString& url, qint64 maxBytes);
    [[nodiscard]] Result<GraphAnswer> removeMedia(const Number& number, const QString& mediaId);

    [[nodiscard]] Result<GraphAnswer> settings(const Number& number); // good only while the token may use the number

    // No new calls from now on (busy: nothing left); those under way have `grace` to end, then they are cancelled.
    void stop(std::chrono::milliseconds grace);

private:
    [[nodiscard]] Result<GraphAnswer> call(const Number& number, http::ClientRequest request);
    [[nodiscard]] static QByteArray urlOf(const Number& number, const QString& object, const QByteArray& edge = {});

    const Rules rules_;
    std::mutex mutex_;
    std::condition_variable ended_;
    int underWay_ = 0;
    bool stopping_ = false;
    std::unique_ptr<http::Client> client_; // last: its callbacks use the rest
};

} // namespace holdfast::whatsapp
