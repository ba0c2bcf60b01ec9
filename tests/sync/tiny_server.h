// A very small HTTP/1.1 server on loopback that can also misbehave. Runs on its own thread.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QTcpServer>
#include <QThread>
#include <QUrl>

#include <atomic>
#include <functional>
#include <memory>

namespace holdfast::test {

struct TinyRequest
{
    QByteArray method;
    QByteArray path;
    QHash<QByteArray, QByteArray> headers; // names in lower case
    QByteArray body;
};

struct TinyReply
{
    int status = 200;
    QByteArray body;
    QByteArray extraHeaders;           // each ends in \r\n
    std::optional<qsizetype> cutAfter; // bytes of the body after which the connection breaks
    bool hang = false;                 // never answers
    int pieces = 1;                    // the body comes in so many,
    int pauseMs = 0;                   // each after such a pause
    static TinyReply json(int status, const QByteArray& body) { return {status, body, {}, {}, false, 1, 0}; }
};

class TinyServer
{
public:
    using Handler = std::function<TinyReply(const TinyRequest&)>; // called on the server's thread
    explicit TinyServer(Handler handler);
    ~TinyServer();

    [[nodiscard]] QUrl url() const;
    [[nodiscard]] int connections() const { return connections_; }

private:
    void accept();
    void read(class QTcpSocket* socket);
    void answer(QTcpSocket* socket, const TinyReply& reply);
    void drip(QTcpSocket* socket, const TinyReply& reply);

    Handler handler_;
    QThread thread_;
    std::unique_ptr<QTcpServer> server_;
    QHash<QTcpSocket*, QByteArray> input_;
    quint16 port_ = 0;
    std::atomic<int> connections_ = 0;
};

} // namespace holdfast::test
