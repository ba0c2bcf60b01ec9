// Programs of ours as child processes; each is ended by its own handle, never by name.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

namespace holdfast::story {

[[nodiscard]] QString program(const QString& name); // beside the tests, in bin/

struct Outcome
{
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
    [[nodiscard]] bool good() const { return exitCode == 0; }
};

// Runs to the end; at most ten minutes.
[[nodiscard]] Outcome run(const QString& name, const QStringList& arguments, const QByteArray& input = {});

// A service that prints one JSON line with its ports when it listens.
class Service
{
public:
    Service() = default;
    ~Service() { stop(); }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // The JSON line; an empty object if the program ended or stayed silent for two minutes (errors() then says more).
    [[nodiscard]] QJsonObject start(const QString& name, const QStringList& arguments,
                                    const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment());
    void stop(); // SIGTERM, then waits
    void kill(); // SIGKILL, then waits
    [[nodiscard]] bool isRunning() const { return process_ && process_->state() == QProcess::Running; }
    [[nodiscard]] int exitCode() const; // of a service that ended; -1: killed by a signal, or never started
    [[nodiscard]] QByteArray errors();

private:
    std::unique_ptr<QProcess> process_;
};

// A port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] quint16 freePort();

} // namespace holdfast::story
