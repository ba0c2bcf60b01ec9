// Tells central which run of this desk speaks for its device, before anything is pushed: docs/api.md, "Runs".
#pragma once

#include "models/base/random.h"
#include "storage/local/desk_settings.h"
#include "storage/local/outbox.h"
#include "storage/sync/transport.h"
#include "storage/sync/wire.h"

#include <QObject>

#include <functional>

namespace holdfast::sync {

// Lives on the sync thread, from the opening of the desk to its end. What the desk's database remembers of the run
// before is how central tells a profile that was set back from a copy of it.
class DeskRun : public QObject
{
    Q_OBJECT
public:
    DeskRun(local::DeskSettings& settings, local::Outbox& outbox, Transport& transport, RandomSource& random,
            QObject* parent);

    using Begun = std::function<void(const Outcome<bool>&)>;
    // Answers at once when central knows this run already. A failure says that central judged nothing.
    void whenBegun(const QByteArray& token, Begun then);
    // Central says that another run speaks for the device: this one asks to be known again, as one that is alive.
    void beginAgain(const QByteArray& token, Begun then);
    [[nodiscard]] const QByteArray& id() const { return id_; } // empty: central knows of no runs

private:
    void ask(const QByteArray& token, const Begun& then);
    void answered(const Result<HttpAnswer>& answer, const Begun& then);
    void keep(DeviceSeq newest, const Begun& then);

    local::DeskSettings& settings_;
    local::Outbox& outbox_;
    Transport& transport_;
    RandomSource& random_;
    QByteArray id_;
    std::optional<QByteArray> after_; // nothing: not read yet
    bool live_ = false;               // `after_` is this very process
    bool begun_ = false;
};

} // namespace holdfast::sync
