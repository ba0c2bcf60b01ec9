#include "bench/central/central_process.h"

#include "bench/support/table.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>

#include <sys/resource.h>
#include <unistd.h>

namespace holdfast::bench {
namespace {

constexpr int patience = 60'000;

quint16 freePort()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost, 0))
        giveUp(QStringLiteral("No port is free."));
    return server.serverPort();
}

void copyKeys(const QString& from, const QString& to)
{
    QDir().mkpath(to);
    QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    for (const QString& name : QDir(from).entryList(QDir::Files)) {
        if (name != QStringLiteral("anchor.note") && !QFile::copy(from + u'/' + name, to + u'/' + name))
            giveUp(QStringLiteral("The keys cannot be copied."));
    }
}

} // namespace

CentralProcess::CentralProcess(TemporaryStore& store, const QByteArray& extra, int number)
{
    store.close();
    const QByteArray keys = number == 0 ? QByteArray("keys") : "keys" + QByteArray::number(number);
    if (number != 0)
        copyKeys(store.folder() + QStringLiteral("/keys"), store.folder() + u'/' + QString::fromLatin1(keys));
    QFile config(store.folder() + QStringLiteral("/central%1.ini").arg(number));
    if (!config.open(QIODevice::WriteOnly))
        giveUp(QStringLiteral("The configuration cannot be written."));
    config.write("[listen]\ninternal = 127.0.0.1:" + QByteArray::number(freePort()) +
                 "\npublic = 127.0.0.1:" + QByteArray::number(freePort()) +
                 "\n[store]\nurl = " + store.config().url.toUtf8() + "\n[keys]\ndirectory = " + keys + '\n' + extra);
    config.close();
    process_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process_.start(QStringLiteral(HOLDFAST_BIN_DIR "/holdfast-central"),
                   {QStringLiteral("--config"), config.fileName()});
    while (!process_.canReadLine()) {
        if (!process_.waitForReadyRead(patience))
            giveUp(QStringLiteral("Central did not start."));
    }
    const QJsonObject ports = QJsonDocument::fromJson(process_.readLine()).object();
    internal_ = static_cast<quint16>(ports.value(QStringLiteral("internal")).toInt());
    public_ = static_cast<quint16>(ports.value(QStringLiteral("public")).toInt());
}

CentralProcess::~CentralProcess()
{
    process_.terminate();
    if (!process_.waitForFinished(patience))
        process_.kill();
    process_.waitForFinished(patience);
}

double CentralProcess::pssMegabytes() const
{
    // The process is not dumpable: only root may look.
    QFile file(QStringLiteral("/proc/%1/smaps_rollup").arg(process_.processId()));
    if (!file.open(QIODevice::ReadOnly))
        giveUp(QStringLiteral("Central's memory can be read by root only."));
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("Pss:"))
            return line.mid(4).trimmed().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

CpuSeconds CentralProcess::cpu() const
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(process_.processId()));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray all = file.readAll();
    const QList<QByteArray> fields = all.mid(all.lastIndexOf(')') + 2).split(' '); // from the third field on
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    return {fields.value(11).toDouble() / ticks, fields.value(12).toDouble() / ticks};
}

CpuSeconds ownCpu()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

} // namespace holdfast::bench
