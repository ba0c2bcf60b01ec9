#include "tests/link/lossy_link.h"

#include <QElapsedTimer>
#include <QQueue>
#include <QTcpSocket>
#include <QTimer>

namespace holdfast::test {
namespace {

constexpr qsizetype packetBytes = 1400;
constexpr qsizetype mostUnderWay = 64 * 1024; // each way of a connection, as a window of TCP would
constexpr qint64 surelyCutEvery = 250;        // so that no short run goes without
constexpr int sentAgainMs = 250;              // doubled each time it is lost once more

qint64 nowUs()
{
    static const QElapsedTimer clock = [] {
        QElapsedTimer started;
        started.start();
        return started;
    }();
    return clock.nsecsElapsed() / 1000;
}

} // namespace

// Two sockets and what is under way between them. Dies when either end closes and all that was sent has arrived.
class LinkConnection : public QObject
{
public:
    LinkConnection(LossyLink& link, QTcpSocket* desk) : link_(link)
    {
        ends_[0].socket = desk;
        ends_[1].socket = new QTcpSocket;
        for (int way = 0; way < 2; ++way) {
            End& end = ends_[size_t(way)];
            end.socket->setParent(this);
            end.socket->setReadBufferSize(mostUnderWay);
            end.timer.setSingleShot(true);
            end.timer.setTimerType(Qt::PreciseTimer);
            connect(end.socket, &QTcpSocket::readyRead, this, [this, way] { take(way); });
            connect(end.socket, &QTcpSocket::connected, this, [this, way] { take(1 - way); });
            connect(end.socket, &QTcpSocket::disconnected, this, [this, way] { closed(way); });
            connect(end.socket, &QTcpSocket::errorOccurred, this, [this, way] { closed(way); });
            connect(&end.timer, &QTimer::timeout, this, [this, way] { deliver(way); });
        }
        ends_[1].socket->connectToHost(QStringLiteral("127.0.0.1"), link.target_);
    }

private:
    struct Packet
    {
        QByteArray bytes;
        qint64 dueUs = 0;
    };
    // Of what comes from this socket and goes to the other one.
    struct End
    {
        QTcpSocket* socket = nullptr;
        QQueue<Packet> underWay;
        qsizetype bytes = 0;
        QTimer timer;
    };

    void take(int way)
    {
        End& from = ends_[size_t(way)];
        if (ends_[size_t(1 - way)].socket->state() != QAbstractSocket::ConnectedState)
            return;
        while (!isHole_ && from.bytes < mostUnderWay && from.socket->bytesAvailable() > 0) {
            Packet packet{from.socket->read(packetBytes), 0};
            const auto [fate, dueUs] = link_.send(way, packet.bytes.size());
            if (fate == LossyLink::Fate::cut)
                return end();
            isHole_ = fate == LossyLink::Fate::hole;
            packet.dueUs = from.underWay.isEmpty() ? dueUs : std::max(dueUs, from.underWay.last().dueUs);
            from.bytes += packet.bytes.size();
            from.underWay.enqueue(packet);
        }
        arm(from);
    }
    static void arm(End& from)
    {
        if (!from.underWay.isEmpty() && !from.timer.isActive())
            from.timer.start(int(std::max<qint64>(0, from.underWay.first().dueUs - nowUs()) / 1000));
    }
    void deliver(int way)
    {
        End& from = ends_[size_t(way)];
        QTcpSocket& to = *ends_[size_t(1 - way)].socket;
        while (!from.underWay.isEmpty() && from.underWay.first().dueUs <= nowUs() + 500) {
            const Packet packet = from.underWay.dequeue();
            from.bytes -= packet.bytes.size();
            if (!isHole_)
                to.write(packet.bytes);
        }
        take(way);
        if (isClosing_ && from.underWay.isEmpty())
            end();
    }
    void closed(int way)
    {
        isClosing_ = true;
        if (isHole_ || ends_[size_t(way)].underWay.isEmpty())
            end();
    }
    void end()
    {
        for (End& each : ends_) {
            each.socket->disconnect(this);
            each.socket->abort();
            each.timer.stop();
        }
        deleteLater();
    }

    LossyLink& link_;
    std::array<End, 2> ends_; // 0: the desk's; 1: central's
    bool isHole_ = false;
    bool isClosing_ = false;
};

LossyLink::LossyLink(quint16 target, quint64 seed) : target_(target), server_(new QTcpServer), dice_(seed)
{
    server_->listen(QHostAddress::LocalHost);
    port_ = server_->serverPort();
    server_->moveToThread(&thread_);
    QObject::connect(server_, &QTcpServer::newConnection, server_, [this] { accept(); });
    QObject::connect(&thread_, &QThread::finished, server_, &QObject::deleteLater); // with its connections
    thread_.start();
}

LossyLink::~LossyLink()
{
    thread_.quit();
    thread_.wait();
}

QUrl LossyLink::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port_));
}

void LossyLink::accept()
{
    while (QTcpSocket* socket = server_->nextPendingConnection()) {
        auto* connection = new LinkConnection(*this, socket);
        connection->setParent(server_);
        const std::lock_guard lock(mutex_);
        ++tally_.connections;
    }
}

void LossyLink::setWeather(const Weather& weather)
{
    const std::lock_guard lock(mutex_);
    weather_ = weather;
}

LinkTally LossyLink::tally() const
{
    const std::lock_guard lock(mutex_);
    return tally_;
}

std::pair<LossyLink::Fate, qint64> LossyLink::send(int way, qsizetype size)
{
    const std::lock_guard lock(mutex_);
    const auto happens = [this](double chance) { return std::uniform_real_distribution<>()(dice_) < chance; };
    ++tally_.packets;
    tally_.bytes += size;
    if (weather_.cut > 0 && (happens(weather_.cut) || tally_.packets % surelyCutEvery == 0)) {
        ++tally_.cuts;
        return {Fate::cut, 0};
    }
    if (happens(weather_.hole)) {
        ++tally_.holes;
        return {Fate::hole, nowUs()};
    }
    qint64& freeAt = freeAtUs_[size_t(way)];
    freeAt = std::max(freeAt, nowUs());
    if (weather_.bitsPerSecond > 0)
        freeAt += size * 8'000'000 / weather_.bitsPerSecond;
    qint64 due = freeAt + weather_.delayMs * 1000LL;
    for (qint64 again = sentAgainMs * 1000LL; happens(weather_.loss) && again < 8'000'000; again *= 2) {
        ++tally_.lost;
        due += again;
    }
    return {Fate::arrives, due};
}

} // namespace holdfast::test
