// Brings customers' files into the store, checks them, and has the provider delete its copy; each step an entry.
#pragma once

#include "central/channels/whatsapp/graph.h"
#include "central/channels/whatsapp/job_pump.h"
#include "central/channels/whatsapp/media_job.h"
#include "models/domain/content.h"

namespace holdfast::whatsapp {

// Every step may be repeated: what was done stands in the job's row, in the blob and in the log.
class MediaPuller
{
public:
    MediaPuller(BlockingStore store, Graph& graph, const std::vector<Number>& numbers, const Rules& rules);

    void start() { pump_.start(); }
    void wake() { pump_.wake(); }
    void stop() { pump_.stop(); }

private:
    struct Pulled
    {
        QByteArray bytes;
        QString mime;
        Digest sha256;
        bool announced = false; // some hash was announced, so that the bytes could be checked
        bool matches = true;
    };

    [[nodiscard]] Status run(const store::Job& job);
    [[nodiscard]] Status pull(const store::Job& job, const Number& number, const MediaOrder& order);
    [[nodiscard]] Result<Pulled> fetch(const Number& number, const MediaOrder& order);
    [[nodiscard]] Status keep(const store::Job& job, const MediaOrder& order, const Pulled& pulled);
    [[nodiscard]] Status putBlob(const store::Job& job, const Pulled& pulled);
    [[nodiscard]] Status record(const store::Job& job, MediaOrder order, const Pulled& pulled);
    [[nodiscard]] Status remove(const store::Job& job, const Number& number, const MediaOrder& order);
    [[nodiscard]] bool isGone(const Number& number, const MediaOrder& order);
    [[nodiscard]] Status removed(const store::Job& job, const MediaOrder& order, const QString& detail);
    [[nodiscard]] Status again(store::Job job, const MediaOrder& order, const QString& words);
    [[nodiscard]] Status giveUp(const store::Job& job, const MediaOrder& order, const QString& words);
    // Appends `steps` and changes the row, unless the job is no longer in the state that it was found in.
    [[nodiscard]] Status commit(const store::Job& job, const std::vector<domain::MediaCustody>& steps,
                                const std::function<Status(store::StoreWriter&)>& change);

    BlockingStore store_;
    Graph& graph_;
    const std::vector<Number>& numbers_;
    const Rules rules_;
    JobPump pump_; // last: its threads use the rest
};

} // namespace holdfast::whatsapp
