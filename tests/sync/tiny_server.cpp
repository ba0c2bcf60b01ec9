#include "tests/sync/tiny_server.h"

#include <QTcpSocket>
#include <QTimer>

namespace holdfast::test {

TinyServer::TinyServer(Handler handler) : handler_(std::move(handler)), server_(std::make_unique<QTcpServer>())
{
    server_->moveToThread(&thread_);
    thread_.start();
    QMetaObject::invokeMethod(
        server_.get(),
        [this] {
            server_->listen(QHostAddress::LocalHost, 0);
            port_ = server_->serverPort();
            QObject::connect(server_.get(), &QTcpServer::newConnection, server_.get(), [this] { accept(); });
        },
        Qt::BlockingQueuedConnection);
}

TinyServer::~TinyServer()
{
    QMetaObject::invokeMethod(
        server_.get(), [this] { server_.reset(); }, Qt::BlockingQueuedConnection);
    thread_.quit();
    thread_.wait();
}

QUrl TinyServer::url() const
{
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(port_);
    return url;
}

void TinyServer::accept()
{
    while (QTcpSocket* socket = server_->nextPendingConnection()) {
        ++connections_;
        QObject::connect(socket, &QTcpSocket::readyRead, server_.get(), [this, socket] { read(socket); });
        QObject::connect(socket, &QTcpSocket::disconnected, server_.get(), [this, socket] {
            input_.remove(socket);
            socket->deleteLater();
        });
    }
}

void TinyServer::read(QTcpSocket* socket)
{
    QByteArray& input = input_[socket];
    input += socket->readAll();
    while (true) {
        const qsizetype end = input.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        const QList<QByteArray> lines = input.first(end).split('\n');
        const QList<QByteArray> first = lines.first().trimmed().split(' ');
        TinyRequest request;
        request.method = first.value(0);
        request.path = first.value(1);
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const qsizetype colon = lines[i].indexOf(':');
            request.headers.insert(lines[i].first(colon).toLower(), lines[i].mid(colon + 1).trimmed());
        }
        const qsizetype length = request.headers.value("content-length").toLongLong();
        if (input.size() < end + 4 + length)
            return;
        request.body = input.mid(end + 4, length);
        input.remove(0, end + 4 + length);
        answer(socket, handler_(request));
        if (!input_.contains(socket))
            return;
    }
}

void TinyServer::answer(QTcpSocket* socket, const TinyReply& reply)
{
    if (reply.hang)
        return;
    socket->write("HTTP/1.1 " + QByteArray::number(reply.status) + " Word\r\nContent-Type: application/json\r\n" +
                  "Content-Length: " + QByteArray::number(reply.body.size()) + "\r\n" + reply.extraHeaders + "\r\n");
    if (reply.pieces > 1)
        return drip(socket, reply);
    socket->write(reply.cutAfter ? reply.body.first(*reply.cutAfter) : reply.body);
    if (reply.cutAfter)
        socket->disconnectFromHost();
}

void TinyServer::drip(QTcpSocket* socket, const TinyReply& reply)
{
    const qsizetype size = reply.body.size() / reply.pieces + 1;
    for (int piece = 0; piece < reply.pieces; ++piece)
        QTimer::singleShot((piece + 1) * reply.pauseMs, socket,
                           [socket, part = reply.body.mid(piece * size, size)] { socket->write(part); });
}

} // namespace holdfast::test
