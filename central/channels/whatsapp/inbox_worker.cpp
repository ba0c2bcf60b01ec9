#include "central/channels/whatsapp/inbox_worker.h"

#include "central/channels/whatsapp/intake.h"
#include "central/channels/whatsapp/webhook_routes.h"

#include <algorithm>

namespace holdfast::whatsapp {
namespace {

using std::chrono::milliseconds;

constexpr int itemsAtOnce = 32;
constexpr milliseconds afterTrouble{1000};
constexpr milliseconds betweenTries{250};             // of a status whose message is not known yet
constexpr milliseconds betweenLooksForScopes{30'000}; // for intake scopes that were not there
constexpr milliseconds longestSleep{30'000};          // another central may have left something

} // namespace

InboxWorker::InboxWorker(BlockingStore store, const std::vector<Number>& numbers, const Rules& rules,
                         std::function<void()> appended)
    : store_(store), numbers_(numbers), rules_(rules), appended_(std::move(appended))
{}

InboxWorker::~InboxWorker()
{
    stop();
}

void InboxWorker::start()
{
    thread_ = std::thread([this] { loop(); });
}

void InboxWorker::wake()
{
    const std::lock_guard lock(mutex_);
    newWork_ = true;
    changed_.notify_one();
}

void InboxWorker::answerCame()
{
    const std::lock_guard lock(mutex_);
    answered_ = true;
    changed_.notify_one();
}

void InboxWorker::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

InboxWorker::Steady::time_point InboxWorker::nextLook() const
{
    Steady::time_point next = Steady::now() + (resting_ ? afterTrouble : longestSleep);
    for (const auto& [item, at] : later_)
        next = std::min(next, at);
    if (lookForScopes_)
        next = std::min(next, *lookForScopes_);
    return next;
}

void InboxWorker::loop()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        newWork_ = false;
        // Only worth a look when something waits for its message.
        if (std::exchange(answered_, false)) {
            for (auto& [item, at] : later_)
                at = Steady::now();
        }
        lock.unlock();
        placeAgain();
        const bool more = takeWaiting();
        lock.lock();
        if (!more)
            changed_.wait_until(lock, nextLook(),
                                [this] { return stopping_ || newWork_ || (answered_ && !later_.empty()); });
    }
}

bool InboxWorker::takeWaiting()
{
    const auto now = Steady::now();
    std::erase_if(later_, [now](const auto& waits) { return waits.second <= now; });
    std::vector<qint64> later;
    for (const auto& [item, at] : later_)
        later.push_back(item);
    const auto items = store_.read<std::vector<store::InboxItem>>(
        [&later](store::StoreReader& reader) { return reader.inbox().waiting(itemsAtOnce, later); });
    resting_ = !items;
    if (!items)
        return false;
    bool took = false;
    for (const store::InboxItem& item : *items) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_)
                return false;
        }
        if (item.channel == inboxChannel)
            take(item);
        else
            setAside(item, QStringLiteral("The body is of a channel that this version does not know."));
        took = true;
    }
    return took;
}

void InboxWorker::take(const store::InboxItem& item)
{
    if (!item.damage.isEmpty())
        return setAside(item, item.damage);
    const Result<ProviderBody> body = parseBody(item);
    if (body)
        append(item, *body);
    else
        setAside(item, body.error().text);
}

void InboxWorker::append(const store::InboxItem& item, const ProviderBody& body)
{
    const milliseconds age((store_.now().value - item.receivedAt.value) / 1000);
    const bool waitForUnknown = age < rules_.unknownStatusWait;
    // Made anew whenever the store tries the batch again.
    auto intake = std::make_shared<std::unique_ptr<Intake>>();
    store::AppendBatch batch;
    batch.compose = [this, &body, intake,
                     waitForUnknown](store::StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
        *intake = std::make_unique<Intake>(writer, numbers_, waitForUnknown);
        if (const Status taken = (*intake)->take(body); !taken)
            return tl::unexpected<Error>(taken.error());
        return (*intake)->entries();
    };
    batch.after = [intake, id = item.id](store::StoreWriter& writer,
                                         std::span<const store::AppendResult> results) -> Status {
        if (const Status taken = allTaken(results); !taken)
            return taken;
        for (const store::Job& job : (*intake)->media()) {
            if (const Status put = writer.media().put(job); !put)
                return put;
        }
        if ((*intake)->mustWait())
            return {};
        const QString& trouble = (*intake)->trouble();
        if (trouble.isEmpty())
            return writer.inbox().done(id);
        return (*intake)->isUnplaced() ? writer.inbox().unplaced(id, trouble) : writer.inbox().failed(id, trouble);
    };
    const auto results = store_.append(std::move(batch));
    if (!results) {
        const ErrorCode code = results.error().code;
        if (code == ErrorCode::internal || code == ErrorCode::invalidInput || code == ErrorCode::tooLarge)
            return setAside(item, results.error().text);
        if (code == ErrorCode::notFound)
            return unplaced(item, results.error().text);
        return later(item.id, afterTrouble);
    }
    if ((*intake)->mustWait())
        later(item.id, betweenTries);
    if (!results->empty())
        appended_();
}

void InboxWorker::setAside(const store::InboxItem& item, const QString& words)
{
    const Status aside =
        store_.change([&item, &words](store::StoreWriter& writer) { return writer.inbox().failed(item.id, words); });
    if (!aside)
        later(item.id, afterTrouble);
}

// Out of the way of those behind it: there may be thousands for a scope that does not exist.
void InboxWorker::unplaced(const store::InboxItem& item, const QString& words)
{
    const Status aside =
        store_.change([&item, &words](store::StoreWriter& writer) { return writer.inbox().unplaced(item.id, words); });
    if (!aside)
        return later(item.id, afterTrouble);
    lookForScopes_ = Steady::now() + betweenLooksForScopes;
}

// At the start, because the configuration may name a number now that it did not; later, whenever one more of the intake
// scopes exists.
void InboxWorker::placeAgain()
{
    if (!lookForScopes_ || *lookForScopes_ > Steady::now())
        return;
    lookForScopes_ = Steady::now() + betweenLooksForScopes;
    const Result<int> there = store_.write<int>([this](store::StoreWriter& writer) -> Result<int> {
        int count = 0;
        for (const Number& number : numbers_) {
            const auto scope = writer.access().scopeNamed(number.intakeScope);
            if (!scope)
                return tl::unexpected<Error>(scope.error());
            count += *scope ? 1 : 0;
        }
        if (count > scopesThere_) {
            if (const auto again = writer.inbox().waitAgain(store::InboxState::unplaced); !again)
                return again;
        }
        return count;
    });
    if (!there)
        return;
    scopesThere_ = *there;
    if (*there == int(numbers_.size()))
        lookForScopes_.reset();
}

void InboxWorker::later(qint64 item, milliseconds wait)
{
    later_[item] = Steady::now() + wait;
}

} // namespace holdfast::whatsapp
