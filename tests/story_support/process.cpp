#include "tests/story_support/process.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTcpServer>

namespace holdfast::story {
namespace {

constexpr int longest = 600'000;
constexpr int startUp = 120'000; // a start on a machine that is busy with other things

} // namespace

QString program(const QString& name)
{
    return QStringLiteral(HOLDFAST_BIN_DIR "/") + name;
}

Outcome run(const QString& name, const QStringList& arguments, const QByteArray& input)
{
    QProcess process;
    process.start(program(name), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(longest)) {
        process.kill();
        process.waitForFinished();
        return {-1, process.readAllStandardOutput(), "did not end: " + process.errorString().toUtf8()};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QJsonObject Service::start(const QString& name, const QStringList& arguments, const QProcessEnvironment& environment)
{
    process_ = std::make_unique<QProcess>();
    process_->setProcessEnvironment(environment);
    process_->start(program(name), arguments);
    QElapsedTimer timer;
    timer.start();
    while (!process_->canReadLine() && timer.elapsed() < startUp && process_->state() != QProcess::NotRunning)
        process_->waitForReadyRead(200);
    return QJsonDocument::fromJson(process_->readLine()).object();
}

void Service::stop()
{
    if (!isRunning())
        return;
    process_->terminate();
    process_->waitForFinished(startUp);
    if (isRunning())
        kill();
}

void Service::kill()
{
    if (!isRunning())
        return;
    process_->kill();
    process_->waitForFinished(startUp);
}

int Service::exitCode() const
{
    return process_ && process_->exitStatus() == QProcess::NormalExit ? process_->exitCode() : -1;
}

QByteArray Service::errors()
{
    return process_ ? process_->readAllStandardError() : QByteArray();
}

quint16 freePort()
{
    // Below the range from which the system takes ports for outgoing connections, so that none of those takes it before
    // the program listens there.
    constexpr quint32 low = 20'000, count = 12'000;
    const quint32 start = QRandomGenerator::global()->bounded(count);
    QTcpServer server;
    for (quint32 i = 0; i < count; ++i) {
        const auto port = static_cast<quint16>(low + (start + i) % count);
        if (server.listen(QHostAddress::LocalHost, port))
            return port;
    }
    return 0;
}

} // namespace holdfast::story
