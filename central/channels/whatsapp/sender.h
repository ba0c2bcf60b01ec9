// Sends replies through the provider: one call at a time in a conversation, and never a blind second one.
#pragma once

#include "central/channels/whatsapp/graph.h"
#include "central/channels/whatsapp/job_pump.h"
#include "central/channels/whatsapp/send_job.h"

namespace holdfast::whatsapp {

// States of a job: waiting -> uploading -> waiting (only with a file) -> calling (committed before the call) -> taken
// out, or back to waiting when it surely was not processed, or uncertain -> given-up. "uploading" and "calling" are
// leases: one that comes due belongs to a process that ended in it. Every step compares the state that it leaves, so
// that of several centrals one calls.
class Sender
{
public:
    // `answered` is called on a worker's thread when the provider's id of a message became known.
    Sender(BlockingStore store, Graph& graph, const std::vector<Number>& numbers, const Rules& rules,
           std::function<void()> answered);

    void start() { pump_.start(); }
    void wake() { pump_.wake(); }
    void stop() { pump_.stop(); }

private:
    struct Failure
    {
        int code = 0;
        QString words;
        bool mayRetry = false;
    };
    struct Target
    {
        QString address; // "+27..." or the provider's user id; empty: none is known
        QString quotedId;
    };

    [[nodiscard]] Status run(const store::Job& job);
    [[nodiscard]] Status attempt(store::Job job, const Number& number, SendOrder order);
    // Nothing: go on with the message. Else the job was dealt with. `job` is "waiting" before and after.
    [[nodiscard]] std::optional<Status> upload(store::Job& job, const Number& number, SendOrder& order);
    // Takes the job, whose row must be in job.state, to `state` for as long as the lease: false when another has it.
    [[nodiscard]] Result<bool> take(store::Job& job, const QString& state, std::chrono::microseconds lease);
    [[nodiscard]] static Status unlessTaken(const Status& status); // a conflict is no trouble: another has the job
    [[nodiscard]] Result<QByteArray> bytesOf(const BlobId& blob);
    [[nodiscard]] Result<Target> targetOf(const store::Job& job, const SendOrder& order);
    [[nodiscard]] static QJsonObject messageOf(const store::Job& job, const SendOrder& order, const Target& target);
    [[nodiscard]] Status call(store::Job job, const Number& number, const QJsonObject& message);
    [[nodiscard]] Status answered(const store::Job& job, const GraphAnswer& answer);
    [[nodiscard]] Status accepted(const store::Job& job, const QString& providerId);
    [[nodiscard]] Status again(const store::Job& job, const QString& words, bool pairLimit);
    [[nodiscard]] Status uncertain(const store::Job& job);
    [[nodiscard]] Status giveUp(const store::Job& job);
    [[nodiscard]] Status failed(const store::Job& job, const Failure& failure);

    BlockingStore store_;
    Graph& graph_;
    const std::vector<Number>& numbers_;
    const Rules rules_;
    const std::function<void()> answered_;
    JobPump pump_; // last: its threads use the rest
};

} // namespace holdfast::whatsapp
