// A plain TCP socket for tests that must send what no proper client would.
#pragma once

#include <QByteArray>

#include <chrono>

namespace holdfast::test {

class RawSocket
{
public:
    RawSocket() = default;
    explicit RawSocket(int descriptor) : descriptor_(descriptor) {}
    ~RawSocket() { close(); }
    RawSocket(RawSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    RawSocket& operator=(RawSocket&&) = delete;

    [[nodiscard]] static RawSocket connectTo(quint16 port); // 127.0.0.1
    [[nodiscard]] static RawSocket unconnected();
    void connect(quint16 port);
    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] bool send(const QByteArray& bytes);
    // Reads until `marker` came, the peer closed or the time is over.
    [[nodiscard]] QByteArray readUntil(const QByteArray& marker, std::chrono::milliseconds limit);
    [[nodiscard]] QByteArray readToEnd(std::chrono::milliseconds limit); // empty marker: until the peer closes
    [[nodiscard]] bool closedByPeer(std::chrono::milliseconds limit);    // everything before is dropped
    void finishSending();
    void close();
    void reset(); // closes with RST

private:
    int descriptor_ = -1;
};

// A one-shot server that plays a script: answers each accepted connection with the next entry and closes it.
class RawListener
{
public:
    RawListener();
    ~RawListener();
    RawListener(const RawListener&) = delete;
    RawListener& operator=(const RawListener&) = delete;

    [[nodiscard]] quint16 port() const { return port_; }
    [[nodiscard]] RawSocket accept();

private:
    int descriptor_ = -1;
    quint16 port_ = 0;
};

} // namespace holdfast::test
