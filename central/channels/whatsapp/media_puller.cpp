#include "central/channels/whatsapp/media_puller.h"

#include "models/domain/file_type.h"

#include <algorithm>

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;
using domain::CustodyStep;
using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr int filesAtOnce = 3; // each is whole in memory
constexpr qint64 largestFile = store::maxBlobBytes;
constexpr microseconds longestTry = std::chrono::days(7); // the provider's own limit for ids in webhooks
constexpr microseconds longestWait = std::chrono::minutes(10);
constexpr int mostDoublings = 20;
constexpr int failuresUntilShown = 4; // then people see that a file is late

domain::Attachment announcedOf(const store::Job& job, const MediaOrder& order)
{
    return {BlobId::fromBytes(job.part).value_or(BlobId()),
            order.size.value_or(-1),
            order.mime,
            order.fileName,
            order.sha256,
            0,
            0};
}

constexpr int noSuchObject = 33; // subcode of 100: "does not exist, or cannot be loaded due to missing permissions"

} // namespace

MediaPuller::MediaPuller(BlockingStore store, Graph& graph, const std::vector<Number>& numbers, const Rules& rules)
    : store_(store), graph_(graph), numbers_(numbers), rules_(rules),
      pump_(store, store::JobKind::media, filesAtOnce, [this](const store::Job& job) { return run(job); })
{}

Status MediaPuller::run(const store::Job& job)
{
    const Result<MediaOrder> order = mediaOrderFrom(job.payload);
    if (!order)
        return giveUp(job, MediaOrder(), order.error().text);
    const auto number =
        std::find_if(numbers_.begin(), numbers_.end(), [&job](const Number& one) { return one.name == job.channel; });
    if (number == numbers_.end())
        return again(job, *order, u"The WhatsApp number of this file is not set up here."_s);
    return job.state == mediaDelete ? remove(job, *number, *order) : pull(job, *number, *order);
}

Status MediaPuller::pull(const store::Job& job, const Number& number, const MediaOrder& order)
{
    const Result<Pulled> pulled = fetch(number, order);
    if (!pulled && pulled.error().code == ErrorCode::tooLarge)
        return giveUp(job, order, u"The file is larger than can be kept."_s);
    if (!pulled)
        return again(job, order, pulled.error().text);
    return keep(job, order, *pulled);
}

// The address is good for five minutes, so each try asks for a new one.
Result<MediaPuller::Pulled> MediaPuller::fetch(const Number& number, const MediaOrder& order)
{
    const Result<GraphAnswer> info = graph_.mediaInfo(number, order.mediaId);
    if (!info)
        return tl::unexpected<Error>(info.error());
    const QString url = info->body[u"url"_s].toString();
    if (!info->good() || url.isEmpty())
        return fail(ErrorCode::unavailable, u"WhatsApp did not say where the file is."_s);
    Result<GraphAnswer> answer = graph_.download(number, url, largestFile);
    if (!answer)
        return tl::unexpected<Error>(answer.error());
    if (!answer->good())
        return fail(ErrorCode::unavailable, u"WhatsApp did not hand the file over."_s);
    if (answer->bytes.isEmpty())
        return fail(ErrorCode::unavailable, u"WhatsApp handed over an empty file."_s);
    Pulled pulled;
    pulled.bytes = std::move(answer->bytes);
    pulled.mime = order.mime.isEmpty() ? info->body[u"mime_type"_s].toString().left(255) : order.mime;
    pulled.sha256 = sha256({pulled.bytes});
    // Base64 in the webhook, hex here: both are compared as bytes.
    const auto told = Digest::fromBytes(QByteArray::fromHex(info->body[u"sha256"_s].toString().toLatin1()));
    pulled.announced = order.sha256 || told;
    pulled.matches = (!order.sha256 || *order.sha256 == pulled.sha256) && (!told || *told == pulled.sha256);
    return pulled;
}

Status MediaPuller::keep(const store::Job& job, const MediaOrder& order, const Pulled& pulled)
{
    if (const Status put = putBlob(job, pulled); !put) {
        if (put.error().code == ErrorCode::conflict) // other bytes came before we were interrupted
            return giveUp(job, order, u"The file changed between two tries to fetch it."_s);
        return again(job, order, put.error().text);
    }
    return record(job, order, pulled);
}

Status MediaPuller::putBlob(const store::Job& job, const Pulled& pulled)
{
    store::BlobFacts facts;
    facts.id = BlobId::fromBytes(job.part).value_or(BlobId());
    facts.thread = job.thread;
    facts.size = pulled.bytes.size();
    facts.mime = pulled.mime;
    facts.sha256 = pulled.sha256;
    auto begun = store_.write<store::BlobFacts>([&facts, &job](store::StoreWriter& writer) {
        auto blob = writer.blobs().begin(facts);
        if (blob) {
            if (const Status noted = writer.blobs().noteReference(facts.id, job.entry); !noted)
                return Result<store::BlobFacts>(tl::unexpected<Error>(noted.error()));
        }
        return blob;
    });
    const qint64 chunks = (facts.size + store::blobChunkBytes - 1) / store::blobChunkBytes;
    while (begun && !begun->complete) {
        // All there but not checked yet: the last one again has it checked.
        const qint64 index = std::min(begun->nextChunk, chunks - 1);
        begun = store_.putBlobChunk(facts.id, index,
                                    pulled.bytes.mid(index * store::blobChunkBytes, store::blobChunkBytes));
    }
    return begun ? Status() : tl::unexpected<Error>(begun.error());
}

Status MediaPuller::record(const store::Job& job, MediaOrder order, const Pulled& pulled)
{
    domain::Attachment file = announcedOf(job, order);
    const domain::MediaCustody taken{job.entry, CustodyStep::pulled, file, {}};
    file.size = pulled.bytes.size();
    file.mime = pulled.mime;
    file.sha256 = pulled.sha256;
    if (const auto size = domain::pictureSize(pulled.bytes)) {
        file.width = size->width();
        file.height = size->height();
    }
    if (!pulled.matches) {
        // Nothing is deleted at the provider: the difference is evidence there too.
        const domain::MediaCustody differs{job.entry, CustodyStep::mismatch, file,
                                           u"The file is not the one that was announced. It is kept aside."_s};
        return commit(job, {taken, differs},
                      [&job](store::StoreWriter& writer) { return writer.media().remove(job.entry, job.part); });
    }
    std::vector<domain::MediaCustody> steps{taken};
    if (pulled.announced)
        steps.push_back({job.entry, CustodyStep::verified, file, {}});
    steps.push_back({job.entry, CustodyStep::stored, file,
                     pulled.announced ? QString() : u"No hash was announced to compare it with."_s});
    order.mime = pulled.mime;
    order.size = file.size;
    order.sha256 = file.sha256;
    store::Job next = job;
    next.state = mediaDelete;
    next.attempts = 0;
    next.dueAt = store_.now();
    next.error.clear();
    next.payload = toPayload(order);
    return commit(job, steps, [&](store::StoreWriter& writer) { return writer.media().update(next, job); });
}

Status MediaPuller::remove(const store::Job& job, const Number& number, const MediaOrder& order)
{
    const Result<GraphAnswer> answer = graph_.removeMedia(number, order.mediaId);
    if (answer && answer->good() && answer->body[u"success"_s].toBool())
        return removed(job, order, {});
    // An earlier try may have done it without our hearing so.
    if (isGone(number, order))
        return removed(job, order, u"WhatsApp no longer shows it."_s);
    return again(job, order, u"WhatsApp did not delete its copy of the file."_s);
}

// Of a file that is not there and of one that the token may not see, the provider says the same; so the token must
// show that it still has its rights.
bool MediaPuller::isGone(const Number& number, const MediaOrder& order)
{
    const Result<GraphAnswer> info = graph_.mediaInfo(number, order.mediaId);
    if (!info)
        return false;
    const bool unseen =
        info->status == 404 || (info->status == 400 && info->errorCode == 100 && info->errorSubcode == noSuchObject);
    if (!unseen)
        return false;
    const Result<GraphAnswer> settings = graph_.settings(number);
    return settings && settings->good();
}

Status MediaPuller::removed(const store::Job& job, const MediaOrder& order, const QString& detail)
{
    return commit(job, {{job.entry, CustodyStep::deletedAtProvider, announcedOf(job, order), detail}},
                  [&job](store::StoreWriter& writer) { return writer.media().remove(job.entry, job.part); });
}

Status MediaPuller::again(store::Job job, const MediaOrder& order, const QString& words)
{
    const Timestamp now = store_.now();
    if (now.value - order.since.value > longestTry.count())
        return giveUp(job, order, words + u" It was tried for seven days."_s);
    const store::Job before = job;
    const int doublings = std::min(job.attempts, mostDoublings);
    const microseconds wait =
        std::min<microseconds>(duration_cast<microseconds>(rules_.retryBase) * (1LL << doublings), longestWait);
    job.attempts += 1;
    job.dueAt = {now.value + wait.count()};
    job.error = words;
    std::vector<domain::MediaCustody> steps;
    if (job.attempts == failuresUntilShown)
        steps.push_back({job.entry, CustodyStep::failed, announcedOf(job, order), words + u" It is tried again."_s});
    return commit(before, steps, [&](store::StoreWriter& writer) { return writer.media().update(job, before); });
}

Status MediaPuller::giveUp(const store::Job& job, const MediaOrder& order, const QString& words)
{
    return commit(job, {{job.entry, CustodyStep::failed, announcedOf(job, order), words}},
                  [&job](store::StoreWriter& writer) { return writer.media().remove(job.entry, job.part); });
}

Status MediaPuller::commit(const store::Job& job, const std::vector<domain::MediaCustody>& steps,
                           const std::function<Status(store::StoreWriter&)>& change)
{
    store::AppendBatch batch;
    batch.compose = [&](store::StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        std::vector<store::EntryToAppend> entries;
        const auto present = writer.media().job(job.entry, job.part);
        if (!present)
            return tl::unexpected<Error>(present.error());
        if (!*present || (*present)->state != job.state)
            return entries; // another central was quicker
        for (const domain::MediaCustody& step : steps)
            entries.push_back(store::centralEntry(writer.clock(), writer.random(), job.thread,
                                                  domain::Kind::mediaCustody, domain::toJson(step)));
        if (const Status changed = change(writer); !changed)
            return tl::unexpected<Error>(changed.error());
        return entries;
    };
    batch.after = [](store::StoreWriter&, std::span<const store::AppendResult> results) { return allTaken(results); };
    const auto results = store_.append(std::move(batch));
    return results ? Status() : tl::unexpected<Error>(results.error());
}

} // namespace holdfast::whatsapp
