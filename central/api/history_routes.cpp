#include "central/api/history_routes.h"

#include "central/api/answers.h"
#include "central/api/feed_json.h"
#include "central/api/json_body.h"
#include "central/store/recovery.h"

#include <algorithm>

namespace holdfast::api {
namespace {

constexpr qint64 largest = qint64(1) << 52; // JSON numbers are exact up to here
constexpr qsizetype maxScopes = 1000;
constexpr qsizetype maxRanges = 100;
constexpr int maxListed = 2000;
constexpr int maxRangeEntries = 500;
constexpr int maxAnswerEntries = 1500;
constexpr qsizetype maxAnswerBytes = maxFeedBytes;

struct Wanted
{
    ThreadId thread;
    ThreadSeq below; // 0: from its newest entry down
    Timestamp at;    // instead of `below`: around the first entry of that time; 0: not asked
    int limit = 0;
    bool alone = false; // the desk holds nothing that the range would continue
    bool state = false; // what decides the thread's state comes along
};

Result<Wanted> readWanted(const QJsonValue& value)
{
    JsonBody body(value.toObject());
    Wanted wanted;
    wanted.thread = body.id<ThreadId>("thread");
    wanted.below.value = static_cast<quint64>(body.integerOr("below", 0, 0, largest));
    wanted.at.value = body.integerOr("at", 0, 0, largest);
    wanted.limit = static_cast<int>(body.integerOr("limit", maxRangeEntries, 1, maxRangeEntries));
    wanted.alone = body.flagOr("alone", false);
    wanted.state = body.flagOr("state", false);
    if (const Status good = body.check(); !good)
        return tl::unexpected(good.error());
    return wanted;
}

QByteArray proofJson(const log::Proof& proof)
{
    QByteArray json = "[";
    for (const Digest& digest : proof)
        json += (json.size() > 1 ? ",\"" : "\"") + digest.toBytes().toBase64() + '"';
    return json += ']';
}

// One answer in the making: JSON text, because base64 and hex need no escaping.
class HistoryAnswer
{
public:
    HistoryAnswer(store::Store& store, store::StoreReader& reader, const Session& session, quint64 size)
        : store_(store), reader_(reader), session_(session), size_(size)
    {}
    [[nodiscard]] Status add(const Wanted& wanted);
    [[nodiscard]] bool isFull() const { return entriesLeft_ <= 0 || bytesLeft_ <= 0; }
    [[nodiscard]] http::Response response(quint64 head, bool more) const;

private:
    [[nodiscard]] Status addRange(const Wanted& wanted, const store::ThreadFacts& facts);
    [[nodiscard]] Result<QByteArray> aloneJson(const store::FeedEntry& entry);
    [[nodiscard]] Result<ThreadSeq> upperEnd(const Wanted& wanted, const store::ThreadFacts& facts);
    void append(QByteArray& list, const QByteArray& item);

    store::Store& store_;
    store::StoreReader& reader_;
    const Session& session_;
    quint64 size_;
    int entriesLeft_ = maxAnswerEntries;
    qsizetype bytesLeft_ = maxAnswerBytes;
    QByteArray ranges_;
};

void HistoryAnswer::append(QByteArray& list, const QByteArray& item)
{
    if (!list.isEmpty())
        list += ',';
    list += item;
    bytesLeft_ -= item.size();
}

// Threads that the caller may not see are left out, like those that do not exist.
Status HistoryAnswer::add(const Wanted& wanted)
{
    const auto facts = reader_.threads().facts(wanted.thread);
    if (!facts && facts.error().code == ErrorCode::notFound)
        return {};
    if (!facts)
        return tl::unexpected(facts.error());
    if (!session_.rights.may(access::Act::read, {facts->scope, facts->type, {}}))
        return {};
    return addRange(wanted, *facts);
}

Result<ThreadSeq> HistoryAnswer::upperEnd(const Wanted& wanted, const store::ThreadFacts& facts)
{
    const ThreadSeq top{facts.newest.value + 1};
    if (wanted.at.value == 0)
        return wanted.below.value == 0 ? top : std::min(wanted.below, top);
    const auto first = reader_.history().firstAt(facts, wanted.at);
    if (!first)
        return tl::unexpected(first.error());
    const ThreadSeq middle = first->value_or(top);
    return std::min(ThreadSeq{middle.value + static_cast<quint64>(wanted.limit) / 2 + 1}, top);
}

Status HistoryAnswer::addRange(const Wanted& wanted, const store::ThreadFacts& facts)
{
    const auto below = upperEnd(wanted, facts);
    if (!below)
        return tl::unexpected(below.error());
    auto page = reader_.history().entriesBelow(facts.thread, *below, std::min(wanted.limit, entriesLeft_),
                                               std::max<qsizetype>(bytesLeft_, 1));
    if (!page)
        return tl::unexpected(page.error());
    store::addVouchers(*page, store_.keys(), store_.clock().now());
    QByteArray entries;
    for (const store::FeedEntry& entry : *page)
        append(entries, entryJson(entry));
    entriesLeft_ -= static_cast<int>(page->size());
    QByteArray range = "{\"thread\":\"" + facts.thread.toHex() +
                       "\",\"newest\":" + QByteArray::number(facts.newest.value) + ",\"entries\":[" + entries + ']';
    if (wanted.alone && !page->empty() && page->front().pos.value < size_) {
        const auto proof = reader_.history().inclusion(page->front().pos, size_);
        if (!proof)
            return tl::unexpected(proof.error());
        range += ",\"inclusion\":" + proofJson(*proof);
    }
    if (wanted.state && !page->empty()) {
        auto deciding = reader_.history().decisive(facts, page->back().threadSeq, session_.caller.user);
        if (!deciding)
            return tl::unexpected(deciding.error());
        store::addVouchers(*deciding, store_.keys(), store_.clock().now());
        QByteArray state;
        for (const store::FeedEntry& entry : *deciding) {
            if (entry.pos.value >= size_)
                continue; // nothing proves it yet; it comes with the rest
            const auto json = aloneJson(entry);
            if (!json)
                return tl::unexpected(json.error());
            append(state, *json);
            --entriesLeft_;
        }
        range += ",\"state\":[" + state + ']';
    }
    if (!ranges_.isEmpty())
        ranges_ += ',';
    ranges_ += range + '}';
    return {};
}

Result<QByteArray> HistoryAnswer::aloneJson(const store::FeedEntry& entry)
{
    const auto proof = reader_.history().inclusion(entry.pos, size_);
    if (!proof)
        return tl::unexpected(proof.error());
    QByteArray json = entryJson(entry);
    json.chop(1);
    return json + ",\"inclusion\":" + proofJson(*proof) + '}';
}

http::Response HistoryAnswer::response(quint64 head, bool more) const
{
    http::Response response = answer(QJsonObject());
    response.body = "{\"ranges\":[" + ranges_ + "],\"more\":" + (more ? "true" : "false") +
                    ",\"head\":" + QByteArray::number(head) + '}';
    return response;
}

Result<std::vector<ScopeId>> readScopes(JsonBody& body)
{
    std::vector<ScopeId> scopes;
    const QJsonArray asked = body.array("scopes", maxScopes);
    for (const QJsonValue& value : asked) {
        const auto scope = ScopeId::fromHex(value.toString());
        if (!scope)
            return fail(ErrorCode::invalidInput, QStringLiteral("A scope id is not 32 hex digits."));
        scopes.push_back(*scope);
    }
    return scopes;
}

} // namespace

void HistoryRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/threads",
               [this](const auto& request, const auto& responder) { threads(request, responder); });
    router.add("POST", "/v1/history",
               [this](const auto& request, const auto& responder) { history(request, responder); });
}

void HistoryRoutes::threads(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    auto scopes = readScopes(*body);
    if (!scopes)
        return responder.respond(answer(scopes.error()));
    const bool records = body->flagOr("records", false);
    const Position below{static_cast<quint64>(body->integerOr("below", largest, 0, largest))};
    const int limit = static_cast<int>(body->integerOr("limit", maxListed, 1, maxListed));
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    const auto group = records ? store::ThreadGroup::records : store::ThreadGroup::conversations;
    authenticator_.read(
        request, responder,
        [scopes = std::move(*scopes), group, below, limit](store::StoreReader& reader,
                                                           const Session& session) -> Result<http::Response> {
            if (!session.rights.may(access::Act::readLog))
                return tl::unexpected(deviceNeeded());
            // Every readable scope; the audit is none.
            std::vector<ScopeId> readable;
            std::copy_if(scopes.begin(), scopes.end(), std::back_inserter(readable), [&session](const ScopeId& scope) {
                return session.rights.may(access::Act::read, {scope, domain::ThreadType::customerCase, {}});
            });
            const auto listed = reader.history().threads(readable, group, below, limit);
            if (!listed)
                return tl::unexpected(listed.error());
            QJsonArray threads;
            for (const store::ListedThread& thread : *listed)
                threads.append(QJsonObject{{QStringLiteral("thread"), thread.thread.toHexString()},
                                           {QStringLiteral("scope"), thread.scope.toHexString()},
                                           {QStringLiteral("tseq"), static_cast<qint64>(thread.newest.value)},
                                           {QStringLiteral("pos"), static_cast<qint64>(thread.pos.value)}});
            return answer(QJsonObject{{QStringLiteral("threads"), threads},
                                      {QStringLiteral("more"), static_cast<int>(listed->size()) == limit}});
        });
}

void HistoryRoutes::history(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const auto size = static_cast<quint64>(body->integerOr("size", 0, 0, largest));
    std::vector<Wanted> wanted;
    const QJsonArray asked = body->array("ranges", maxRanges);
    for (const QJsonValue& value : asked) {
        auto one = readWanted(value);
        if (!one)
            return responder.respond(answer(one.error()));
        wanted.push_back(*one);
    }
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    authenticator_.read(request, responder,
                        [this, wanted = std::move(wanted), size](store::StoreReader& reader,
                                                                 const Session& session) -> Result<http::Response> {
                            if (!session.rights.may(access::Act::readLog))
                                return tl::unexpected(deviceNeeded());
                            const auto head = reader.feed().head();
                            if (!head)
                                return tl::unexpected(head.error());
                            HistoryAnswer history(store_, reader, session, std::min(size, head->size));
                            bool more = false;
                            for (const Wanted& one : wanted) {
                                if ((more = history.isFull()))
                                    break;
                                if (const Status added = history.add(one); !added)
                                    return tl::unexpected(added.error());
                            }
                            return history.response(head->size, more);
                        });
}

} // namespace holdfast::api
