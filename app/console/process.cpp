#include "app/console/process.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace holdfast::console {
namespace {

constexpr mode_t ownerOnly = 077;

void writeLog(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    if (type == QtDebugMsg)
        return;
    const char* weight = type == QtInfoMsg ? "info" : type == QtWarningMsg ? "warning" : "error";
    const QByteArray time = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1();
    std::fprintf(stderr, "%s %s %s\n", time.constData(), weight, qUtf8Printable(text));
}

Status makePrivate(const QString& path)
{
    const QByteArray name = QFile::encodeName(path);
    if (!QDir().mkpath(path) || ::chmod(name.constData(), S_IRWXU) != 0)
        return fail(ErrorCode::io, QStringLiteral("The data folder cannot be made or protected. Check its rights."));
    return {};
}

} // namespace

void harden()
{
    const rlimit none{0, 0};
    const bool noCore = ::setrlimit(RLIMIT_CORE, &none) == 0;
    const bool noDump = ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
    if (!noCore || !noDump)
        qWarning("This system does not let Holdfast keep its memory out of dumps.");
    ::umask(ownerOnly);
}

Status prepareFolders(const QString& dataDir)
{
    if (const Status made = makePrivate(dataDir); !made)
        return made;
    const QString temporary = dataDir + QStringLiteral("/tmp");
    if (const Status made = makePrivate(temporary); !made)
        return made;
    qputenv("TMPDIR", QFile::encodeName(temporary));
    return {};
}

QString execAgain(const QStringList& arguments)
{
    QList<QByteArray> words;
    for (const QString& argument : arguments)
        words.append(argument.toLocal8Bit());
    std::vector<char*> raw;
    for (QByteArray& word : words)
        raw.push_back(word.data());
    raw.push_back(nullptr);
    ::execv("/proc/self/exe", raw.data());
    return QString::fromLocal8Bit(std::strerror(errno));
}

void installLog()
{
    qInstallMessageHandler(writeLog);
}

} // namespace holdfast::console
