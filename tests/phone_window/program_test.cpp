#include "tests/support/string_makers.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <catch2/catch_test_macros.hpp>

#include <csignal>

using namespace Qt::StringLiterals;

namespace {

const QString program = QStringLiteral(HOLDFAST_BIN_DIR "/holdfast-phone");
const QStringList settings{u"--phone-number-id"_s, u"1"_s, u"--waba-id"_s,    u"2"_s,
                           u"--access-token"_s,    u"a"_s, u"--app-secret"_s, u"b"_s};

} // namespace

TEST_CASE("With a window the program tells its ports first and ends well on SIGTERM")
{
    QProcess process;
    process.start(program, settings);
    REQUIRE(QTest::qWaitFor([&] { return process.canReadLine(); }, 20'000));
    const QJsonDocument ports = QJsonDocument::fromJson(process.readLine());
    CHECK(ports[u"graph"_s].toInt() > 0);
    CHECK(ports[u"control"_s].toInt() > 0);
    ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
    REQUIRE(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 20'000));
    CHECK(process.exitStatus() == QProcess::NormalExit);
    CHECK(process.exitCode() == 0);
}

TEST_CASE("Without a display the program says what to do instead of a window")
{
    QProcess process;
    QProcessEnvironment bare = QProcessEnvironment::systemEnvironment();
    for (const QString& name : {u"QT_QPA_PLATFORM"_s, u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s})
        bare.remove(name);
    process.setProcessEnvironment(bare);
    process.start(program, settings);
    REQUIRE(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 20'000));
    CHECK(process.exitCode() == 1);
    CHECK(process.readAllStandardError().contains("--headless"));
    CHECK(process.readAllStandardOutput().isEmpty());
}
