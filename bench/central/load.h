// Many HTTP/1.1 connections from one thread, by epoll: a load that costs little beside what it measures.
#pragma once

#include <QByteArray>

#include <chrono>
#include <functional>
#include <vector>

namespace holdfast::bench {

struct LoadAnswer
{
    int status = 0;
    QByteArray body;
};

// Everything on the thread that calls run(). Each connection has at most one request under way.
class Load
{
public:
    using Steady = std::chrono::steady_clock;
    using OnAnswer = std::function<void(size_t connection, const LoadAnswer& answer)>;

    Load(quint16 port, OnAnswer onAnswer);
    ~Load();
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    // Connects one more; its number. Addresses of 127/8 are taken in turn, 5,000 connections from each.
    [[nodiscard]] size_t connect();
    void send(size_t connection, const QByteArray& request); // whole, with its header
    [[nodiscard]] Steady::time_point sentAt(size_t connection) const { return peers_.at(connection).sentAt; }
    // Until `done` holds after an event or a wait of 10 ms.
    void run(const std::function<bool()>& done);
    [[nodiscard]] size_t size() const { return peers_.size(); }

private:
    struct Peer
    {
        int descriptor = -1;
        QByteArray out;
        QByteArray in;
        Steady::time_point sentAt;
    };
    void writeSome(size_t connection);
    void readSome(size_t connection);
    [[nodiscard]] bool takeAnswer(size_t connection);

    const quint16 port_;
    const OnAnswer onAnswer_;
    const int epoll_;
    std::vector<Peer> peers_;
};

[[nodiscard]] QByteArray postRequest(const QByteArray& path, const QByteArray& token, const QByteArray& body);
void raiseOpenFiles(); // to the hard limit

} // namespace holdfast::bench
