// The real holdfast-central on a temporary store, as a process of its own, so that what it uses can be told from the
// load.
#pragma once

#include "bench/central/temporary_store.h"

#include <QProcess>

namespace holdfast::bench {

struct CpuSeconds
{
    double user = 0;
    double system = 0;
    [[nodiscard]] double all() const { return user + system; }
};

class CentralProcess
{
public:
    // Closes the store. `extra`: further sections of the configuration. Of several on one database each has a number,
    // and a copy of the keys.
    explicit CentralProcess(TemporaryStore& store, const QByteArray& extra = {}, int number = 0);
    ~CentralProcess();
    CentralProcess(const CentralProcess&) = delete;
    CentralProcess& operator=(const CentralProcess&) = delete;

    [[nodiscard]] quint16 internalPort() const { return internal_; }
    [[nodiscard]] quint16 publicPort() const { return public_; }
    [[nodiscard]] double pssMegabytes() const;
    [[nodiscard]] CpuSeconds cpu() const;

private:
    QProcess process_;
    quint16 internal_ = 0;
    quint16 public_ = 0;
};

[[nodiscard]] CpuSeconds ownCpu();

} // namespace holdfast::bench
