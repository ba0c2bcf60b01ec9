// The store for threads that may wait: the workers of the channel. Never from one of the store's completions.
#pragma once

#include "central/store/store.h"

#include <future>

namespace holdfast::whatsapp {

class BlockingStore
{
public:
    explicit BlockingStore(store::Store& store) : store_(store) {}

    template <typename T>
    [[nodiscard]] Result<T> read(std::function<Result<T>(store::StoreReader&)> job)
    {
        return wait<Result<T>>([&](auto done) { store_.read<T>(std::move(job), std::move(done)); });
    }
    template <typename T>
    [[nodiscard]] Result<T> write(std::function<Result<T>(store::StoreWriter&)> job)
    {
        return wait<Result<T>>([&](auto done) { store_.write<T>(std::move(job), std::move(done)); });
    }
    // A write that has nothing to answer.
    [[nodiscard]] Status change(std::function<Status(store::StoreWriter&)> job)
    {
        const Result<bool> done = write<bool>([job = std::move(job)](store::StoreWriter& writer) -> Result<bool> {
            if (const Status changed = job(writer); !changed)
                return tl::unexpected<Error>(changed.error());
            return true;
        });
        return done ? Status() : tl::unexpected<Error>(done.error());
    }
    [[nodiscard]] Result<std::vector<store::AppendResult>> append(store::AppendBatch batch)
    {
        using Results = Result<std::vector<store::AppendResult>>;
        return wait<Results>([&](auto done) { store_.append(std::move(batch), std::move(done)); });
    }
    [[nodiscard]] Result<store::BlobFacts> putBlobChunk(const BlobId& blob, qint64 index, const QByteArray& bytes)
    {
        return wait<Result<store::BlobFacts>>(
            [&](auto done) { store_.putBlobChunk(blob, index, bytes, std::move(done)); });
    }
    [[nodiscard]] Timestamp now() const { return store_.clock().now(); }
    [[nodiscard]] RandomSource& random() { return store_.random(); }

private:
    template <typename Answer, typename Call>
    static Answer wait(const Call& call)
    {
        auto promise = std::make_shared<std::promise<Answer>>();
        std::future<Answer> answer = promise->get_future();
        call([promise](Answer result) { promise->set_value(std::move(result)); });
        return answer.get();
    }

    store::Store& store_;
};

// All entries were taken, or the whole batch is undone.
[[nodiscard]] inline Status allTaken(std::span<const store::AppendResult> results)
{
    for (const store::AppendResult& result : results) {
        if (result.outcome == store::AppendResult::Outcome::refused)
            return fail(ErrorCode::internal, QStringLiteral("The log refused an entry of the channel's own."));
    }
    return {};
}

} // namespace holdfast::whatsapp
