#include "bench/central/load.h"

#include "bench/support/table.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace holdfast::bench {
namespace {

constexpr size_t perAddress = 5000;

sockaddr_in loopback(quint32 address, quint16 port)
{
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(address);
    out.sin_port = htons(port);
    return out;
}

} // namespace

Load::Load(quint16 port, OnAnswer onAnswer)
    : port_(port), onAnswer_(std::move(onAnswer)), epoll_(epoll_create1(EPOLL_CLOEXEC))
{}

Load::~Load()
{
    for (const Peer& peer : peers_)
        close(peer.descriptor);
    close(epoll_);
}

size_t Load::connect()
{
    const size_t number = peers_.size();
    Peer& peer = peers_.emplace_back();
    peer.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    setsockopt(peer.descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(peer.descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    const sockaddr_in from = loopback(INADDR_LOOPBACK + quint32(number / perAddress), 0);
    const sockaddr_in to = loopback(INADDR_LOOPBACK, port_);
    if (peer.descriptor < 0 || bind(peer.descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
        ::connect(peer.descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        giveUp(QStringLiteral("Connection %1 failed: %2").arg(number).arg(QString::fromLocal8Bit(strerror(errno))));
    fcntl(peer.descriptor, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = number;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, peer.descriptor, &event);
    return number;
}

void Load::send(size_t connection, const QByteArray& request)
{
    Peer& peer = peers_[connection];
    peer.out = request;
    peer.sentAt = Steady::now();
    writeSome(connection);
}

void Load::writeSome(size_t connection)
{
    Peer& peer = peers_[connection];
    while (!peer.out.isEmpty()) {
        const ssize_t written = ::send(peer.descriptor, peer.out.constData(), size_t(peer.out.size()), MSG_NOSIGNAL);
        if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (written < 0)
            giveUp(QStringLiteral("A connection broke off while it sent."));
        peer.out.remove(0, written);
    }
}

void Load::readSome(size_t connection)
{
    Peer& peer = peers_[connection];
    char piece[64 * 1024];
    for (;;) {
        const ssize_t size = recv(peer.descriptor, piece, sizeof piece, 0);
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (size <= 0)
            giveUp(QStringLiteral("A connection was closed by central."));
        peer.in.append(piece, size);
    }
    while (takeAnswer(connection)) {
    }
}

bool Load::takeAnswer(size_t connection)
{
    QByteArray& in = peers_[connection].in;
    const qsizetype end = in.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    static constexpr QByteArrayView length = "\r\nContent-Length: ";
    const qsizetype at = in.indexOf(length);
    qsizetype size = 0;
    if (at >= 0 && at < end)
        size = in.mid(at + length.size(), in.indexOf('\r', at + length.size()) - at - length.size()).toLongLong();
    if (in.size() < end + 4 + size)
        return false;
    const LoadAnswer answer{in.mid(9, 3).toInt(), in.mid(end + 4, size)};
    in.remove(0, end + 4 + size);
    onAnswer_(connection, answer);
    return true;
}

void Load::run(const std::function<bool()>& done)
{
    std::array<epoll_event, 256> events{};
    while (!done()) {
        const int count = epoll_wait(epoll_, events.data(), int(events.size()), 10);
        for (int i = 0; i < count; ++i) {
            const auto connection = size_t(events.at(size_t(i)).data.u64);
            if ((events.at(size_t(i)).events & EPOLLOUT) != 0)
                writeSome(connection);
            if ((events.at(size_t(i)).events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
                readSome(connection);
        }
    }
}

QByteArray postRequest(const QByteArray& path, const QByteArray& token, const QByteArray& body)
{
    QByteArray request = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
    if (!token.isEmpty())
        request += "Authorization: Bearer " + token + "\r\n";
    return request + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

void raiseOpenFiles()
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

} // namespace holdfast::bench
