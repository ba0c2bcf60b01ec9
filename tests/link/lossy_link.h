// A bad line between a desk and central: narrow, late, lossy, and cut off now and then. This is our own proxy over TCP:
// what is lost on the line shows to its two ends as TCP shows it, as bytes that come late and hold up all behind them.
#pragma once

#include <QTcpServer>
#include <QThread>
#include <QUrl>

#include <array>
#include <mutex>
#include <random>

namespace holdfast::test {

struct Weather
{
    qint64 bitsPerSecond = 0; // each way, shared by all connections; 0: no limit
    int delayMs = 0;          // each way
    double loss = 0;          // of packets of 1,400 bytes; each costs the time until it is sent again
    double cut = 0;           // the connection breaks at a packet
    double hole = 0;          // the connection swallows everything from a packet on, and neither end is told
};

struct LinkTally
{
    int connections = 0;
    qint64 packets = 0;
    qint64 lost = 0;
    qint64 cuts = 0;
    qint64 holes = 0;
    qint64 bytes = 0;
};

class LinkConnection;

// Listens on loopback and passes on to `target`. Lives on its own thread; calls are thread-safe.
class LossyLink
{
public:
    LossyLink(quint16 target, quint64 seed);
    ~LossyLink();
    LossyLink(const LossyLink&) = delete;
    LossyLink& operator=(const LossyLink&) = delete;

    [[nodiscard]] QUrl url() const;
    void setWeather(const Weather& weather); // of packets from now on
    [[nodiscard]] LinkTally tally() const;

private:
    friend class LinkConnection;
    void accept();
    // When a packet that is handed over now arrives at the other end of that way; nothing: the line breaks.
    enum class Fate { arrives, cut, hole };
    [[nodiscard]] std::pair<Fate, qint64> send(int way, qsizetype size);

    quint16 target_;
    quint16 port_ = 0;
    QThread thread_;
    QTcpServer* server_; // lives on the thread and ends with it

    mutable std::mutex mutex_; // guards all below
    Weather weather_;
    std::mt19937_64 dice_;
    std::array<qint64, 2> freeAtUs_{}; // each way: when the line has passed on what it was given
    LinkTally tally_;
};

} // namespace holdfast::test
