// An export by holdfast-admin, checked by a stranger's program, and by ours and the stranger's after many changes.
// HOLDFAST_TEST_MUTATIONS=1000 is the long run; HOLDFAST_TEST_SEED changes what is changed.
#include "tests/central_store/store_fixture.h"

#include <QFile>
#include <QProcess>

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Run
{
    int exitCode = -1;
    QByteArray output;
};

Run run(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    REQUIRE(process.waitForFinished(600'000));
    return {process.exitCode(), process.readAll()};
}

Run runPython(const QString& script, QStringList arguments)
{
    arguments.prepend(QStringLiteral(HOLDFAST_SOURCE_DIR "/tests/verify_python/") + script);
    arguments.prepend(QStringLiteral("-B")); // leaves nothing beside the sources
    return run(QStringLiteral("python3"), arguments);
}

QString program(const char* name)
{
    return QStringLiteral(HOLDFAST_BIN_DIR "/") + QString::fromLatin1(name);
}

// Two desks, central and three rooms, under checkpoints of two keys of the log, with a tail that none covers yet.
class ExportedLog
{
public:
    ExportedLog()
    {
        Desk thandi(fixture_);
        Desk sipho(fixture_);
        thandi.enrol();
        sipho.enrol();
        const ThreadId rooms[] = {fixture_.openRoom().thread, fixture_.openRoom().thread, fixture_.openRoom().thread};
        for (int i = 0; i < 60; ++i) {
            const ThreadId& room = rooms[i % 3];
            const QString text = QStringLiteral("Größe %1: \"quoted\" \U0001F600").arg(i);
            (void)fixture_.append(
                {i % 4 == 0 ? fixture_.central(room, domain::Kind::threadState, domain::toJson(domain::ThreadState()))
                            : (i % 2 ? thandi : sipho).say(room, text)});
            if (i % 10 == 9)
                (void)fixture_.checkpoint();
            if (i == 20)
                changeKey();
        }
        key = QString::fromLatin1(fixture_.store().keys().logKey().publicKey().toHex());
        fixture_.close();
        const Run exported = run(program("holdfast-admin"), {QStringLiteral("export"), QStringLiteral("--config"),
                                                             path("central.ini"), QStringLiteral("--out"), file()});
        INFO(exported.output.toStdString());
        REQUIRE(exported.exitCode == 0);
    }
    [[nodiscard]] QString file() const { return path("export.jsonl"); }
    [[nodiscard]] QString signer() const { return fixture_.config().keyDirectory + QStringLiteral("/log.key"); }

    QString firstKey;
    QString key;

private:
    [[nodiscard]] QString path(const char* name) const
    {
        return fixture_.directory() + u'/' + QString::fromLatin1(name);
    }
    void changeKey()
    {
        firstKey = QString::fromLatin1(fixture_.store().organisation().logPublicKey.toHex());
        fixture_.close();
        writeConfig();
        const Run changed = run(program("holdfast-admin"), {QStringLiteral("log-key"), QStringLiteral("rotate"),
                                                            QStringLiteral("--config"), path("central.ini")});
        INFO(changed.output.toStdString());
        REQUIRE(changed.exitCode == 0);
        fixture_.open();
        REQUIRE(changed.output.contains("Log key: " + fixture_.store().keys().logKey().publicKey().toHex()));
    }
    void writeConfig() const
    {
        QFile config(path("central.ini"));
        REQUIRE(config.open(QIODevice::WriteOnly));
        config.write(QStringLiteral("[store]\nurl = sqlcipher:%1\n[keys]\ndirectory = %2\n")
                         .arg(fixture_.databaseFile(), fixture_.config().keyDirectory)
                         .toUtf8());
    }

    StoreFixture fixture_{Dialect::embedded};
};

QStringList comparison(const ExportedLog& log, const QString& verifier, const QString& count)
{
    return {log.file(),
            QStringLiteral("--log-key-file"),
            log.signer(),
            QStringLiteral("--verifier"),
            verifier,
            QStringLiteral("--count"),
            count,
            QStringLiteral("--seed"),
            qEnvironmentVariable("HOLDFAST_TEST_SEED", QStringLiteral("1"))};
}

} // namespace

TEST_CASE("A program written from docs/log-format.md alone verifies an export by holdfast-admin")
{
    const ExportedLog log;
    const Run good = runPython(QStringLiteral("verify_export.py"), {log.file(), QStringLiteral("--log-key"), log.key});
    INFO(good.output.toStdString());
    CHECK(good.exitCode == 0);
    CHECK(good.output.endsWith(" checkpoints, 0 failures\n"));
    CHECK(runPython(QStringLiteral("verify_export.py"), {log.file(), QStringLiteral("--log-key"), log.firstKey})
              .exitCode == 0);
    CHECK(run(program("holdfast-verify"), {log.file(), QStringLiteral("--log-key"), log.firstKey}).exitCode == 0);
    const QString otherKey = QString(64, u'a');
    CHECK(runPython(QStringLiteral("verify_export.py"), {log.file(), QStringLiteral("--log-key"), otherKey}).exitCode ==
          1);
    CHECK(runPython(QStringLiteral("verify_export.py"), {log.file(), QStringLiteral("--log-key"), QStringLiteral("aa")})
              .exitCode == 2);
}

TEST_CASE("T1 T2 T3 T6 T9: holdfast-verify and the stranger's program agree on changed exports, and name the same line")
{
    const ExportedLog log;
    const QString count = qEnvironmentVariable("HOLDFAST_TEST_MUTATIONS", QStringLiteral("180"));
    const Run compared = runPython(QStringLiteral("compare.py"), comparison(log, program("holdfast-verify"), count));
    INFO(compared.output.toStdString());
    CHECK(compared.exitCode == 0);
    if (qEnvironmentVariableIsSet("HOLDFAST_TEST_MUTATIONS"))
        WARN(compared.output.toStdString());
    // The control: a verifier that accepts everything is told apart.
    CHECK(runPython(QStringLiteral("compare.py"), comparison(log, QStringLiteral("/bin/true"), QStringLiteral("20")))
              .exitCode == 1);
}
