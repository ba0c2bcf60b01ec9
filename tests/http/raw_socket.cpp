#include "tests/http/raw_socket.h"

#include <arpa/inet.h>
#include <catch2/catch_test_macros.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace holdfast::test {
namespace {

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

RawSocket RawSocket::unconnected()
{
    return RawSocket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

void RawSocket::connect(quint16 port)
{
    const sockaddr_in address = loopback(port);
    REQUIRE(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

RawSocket RawSocket::connectTo(quint16 port)
{
    RawSocket made = unconnected();
    made.connect(port);
    return made;
}

bool RawSocket::send(const QByteArray& bytes)
{
    qsizetype sent = 0;
    while (sent < bytes.size()) {
        const ssize_t now =
            ::send(descriptor_, bytes.constData() + sent, static_cast<size_t>(bytes.size() - sent), MSG_NOSIGNAL);
        if (now <= 0)
            return false;
        sent += now;
    }
    return true;
}

QByteArray RawSocket::readUntil(const QByteArray& marker, std::chrono::milliseconds limit)
{
    const auto due = std::chrono::steady_clock::now() + limit;
    QByteArray all;
    while (marker.isEmpty() || !all.contains(marker)) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
        pollfd waiting{descriptor_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
            break;
        char piece[4096];
        const ssize_t got = ::recv(descriptor_, piece, sizeof piece, 0);
        if (got <= 0)
            break;
        all.append(piece, got);
    }
    return all;
}

QByteArray RawSocket::readToEnd(std::chrono::milliseconds limit)
{
    return readUntil({}, limit);
}

bool RawSocket::closedByPeer(std::chrono::milliseconds limit)
{
    const auto due = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < due) {
        pollfd waiting{descriptor_, POLLIN, 0};
        if (::poll(&waiting, 1, 50) <= 0)
            continue;
        char piece[4096];
        if (::recv(descriptor_, piece, sizeof piece, 0) <= 0)
            return true;
    }
    return false;
}

void RawSocket::finishSending()
{
    ::shutdown(descriptor_, SHUT_WR);
}

void RawSocket::close()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
    descriptor_ = -1;
}

void RawSocket::reset()
{
    const linger hard{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
}

RawListener::RawListener() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = loopback(0);
    REQUIRE(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(descriptor_, 16) == 0);
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
}

RawListener::~RawListener()
{
    ::close(descriptor_);
}

RawSocket RawListener::accept()
{
    pollfd waiting{descriptor_, POLLIN, 0};
    REQUIRE(::poll(&waiting, 1, 10'000) == 1);
    return RawSocket(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
}

} // namespace holdfast::test
