#include "storage/sync/desk_run.h"

#include "models/views/when_done.h"
#include "storage/sync/setting_names.h"

namespace holdfast::sync {
namespace {

constexpr qsizetype runBytes = 16;

} // namespace

DeskRun::DeskRun(local::DeskSettings& settings, local::Outbox& outbox, Transport& transport, RandomSource& random,
                 QObject* parent)
    : QObject(parent), settings_(settings), outbox_(outbox), transport_(transport), random_(random),
      id_(random.bytes(runBytes))
{}

void DeskRun::whenBegun(const QByteArray& token, Begun then)
{
    if (begun_)
        return then(true);
    if (after_)
        return ask(token, then);
    views::whenDone(settings_.value(runSetting()), this,
                    [this, token, then = std::move(then)](const Result<QByteArray>& after) {
                        if (!after)
                            return then(tl::unexpected(Failure{after.error(), 0, {}, {}}));
                        after_ = *after;
                        ask(token, then);
                    });
}

void DeskRun::beginAgain(const QByteArray& token, Begun then)
{
    after_ = id_;
    id_ = random_.bytes(runBytes);
    live_ = true;
    begun_ = false;
    ask(token, then);
}

void DeskRun::ask(const QByteArray& token, const Begun& then)
{
    views::whenDone(transport_.send(runRequest(token, id_, *after_, live_)), this,
                    [this, then](const Result<HttpAnswer>& answer) { answered(answer, then); });
}

void DeskRun::answered(const Result<HttpAnswer>& answer, const Begun& then)
{
    const Outcome<DeviceSeq> newest = readRun(answer);
    if (newest)
        return keep(*newest, then);
    Failure failure = newest.error();
    if (failure.status == 404) {
        id_.clear(); // a central from before there were runs
        begun_ = true;
        return then(true);
    }
    if (failure.code == QLatin1String("device_copied"))
        return then(true); // what is pushed is answered with the words for it
    // Nothing was said about any entry: whatever it was, it is tried again.
    if (failure.status != 0 && failure.status != 401 && failure.status < 500)
        failure.status = 503;
    then(tl::unexpected(failure));
}

// The numbers first: an entry that is written from now on must not take one that the device has used.
void DeskRun::keep(DeviceSeq newest, const Begun& then)
{
    outbox_.numberAfter(newest);
    views::whenDone(settings_.setValue(runSetting(), id_), this, [this, then](const Result<void>& kept) {
        if (!kept)
            return then(tl::unexpected(Failure{kept.error(), 0, {}, {}}));
        begun_ = true;
        then(true);
    });
}

} // namespace holdfast::sync
