#include "tests/central_api/feed_reader.h"

#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {
namespace {

QByteArray bytesOf(const QJsonObject& object, const char* field)
{
    return QByteArray::fromBase64(object.value(QLatin1StringView(field)).toString().toLatin1());
}

} // namespace

Answer FeedMemory::ask(ApiFixture& fixture, const Desk& desk, int limit) const
{
    QJsonObject body{{QStringLiteral("limit"), limit}};
    if (!cursor_.isEmpty())
        body.insert(QStringLiteral("cursor"), cursor_);
    QJsonArray scopes;
    for (const ScopeId& scope : again)
        scopes.append(scope.toHexString());
    body.insert(QStringLiteral("again"), scopes);
    Answer answer = fixture.post(QStringLiteral("/v1/changes"), body, desk.token);
    REQUIRE(answer.status == 200);
    return answer;
}

void FeedMemory::loseAnswer(ApiFixture& fixture, const Desk& desk, int limit) const
{
    static_cast<void>(ask(fixture, desk, limit));
}

void FeedMemory::poll(ApiFixture& fixture, const Desk& desk, int limit)
{
    const Answer answer = ask(fixture, desk, limit);
    delivered.clear();
    forget(answer.body);
    for (const QJsonValue& entry : answer.body.value(QStringLiteral("entries")).toArray())
        take(entry.toObject());
    cursor_ = answer.body.value(QStringLiteral("cursor")).toString();
    more_ = answer.body.value(QStringLiteral("more")).toBool();
    compare(answer.body.value(QStringLiteral("sums")).toArray());
}

// Sums are of the moment of their answer: the next entries may come without new ones.
void FeedMemory::compare(const QJsonArray& told)
{
    for (const QJsonValue& value : told) {
        const QJsonObject object = value.toObject();
        const QString name = object.value(QStringLiteral("scope")).toString();
        const ScopeId scope = *ScopeId::fromHex(QStringView(name));
        const log::Checksum sum{quint64(object.value(QStringLiteral("entries")).toInteger()),
                                object.value(QStringLiteral("sum")).toString().toULongLong(nullptr, 16)};
        log::Checksum own;
        for (const auto& [id, thread] : threads_) {
            if (thread.scope == scope)
                own.add(thread.checksum);
        }
        if (!(own == sum))
            differing.append(name);
        sums[scope] = sum;
    }
}

void FeedMemory::catchUp(ApiFixture& fixture, const Desk& desk, int limit)
{
    for (int round = 0; round < 10'000; ++round) {
        poll(fixture, desk, limit);
        if (!more_)
            return;
    }
    FAIL("the feed never ends");
}

std::map<ThreadId, FeedMemory::Thread>::iterator FeedMemory::drop(std::map<ThreadId, Thread>::iterator thread)
{
    for (const EntryId& entry : thread->second.entries)
        known_.erase(entry);
    return threads_.erase(thread);
}

void FeedMemory::forgetScope(const ScopeId& scope)
{
    for (auto thread = threads_.begin(); thread != threads_.end();)
        thread = thread->second.scope == scope ? drop(thread) : std::next(thread);
}

void FeedMemory::forget(const QJsonObject& body)
{
    for (const char* list : {"scopes", "threads"}) {
        for (const QJsonValue& value : body.value(QLatin1StringView(list)).toArray()) {
            const QJsonObject event = value.toObject();
            const bool isScope = event.contains(QStringLiteral("scope"));
            const QString id = event.value(isScope ? QStringLiteral("scope") : QStringLiteral("thread")).toString();
            const QString word = event.value(QStringLiteral("event")).toString();
            events.append(word + u' ' + id);
            if (word != QStringLiteral("closed"))
                continue;
            for (auto thread = threads_.begin(); thread != threads_.end();) {
                const bool lost =
                    isScope ? thread->second.scope.toHexString() == id : thread->first.toHexString() == id;
                thread = lost ? drop(thread) : std::next(thread);
            }
        }
    }
}

void FeedMemory::take(const QJsonObject& entry)
{
    const QByteArray bytes = bytesOf(entry, "header");
    const auto header = log::decodeHeader(bytes);
    REQUIRE(header.has_value());
    const auto part = log::decodeAuthorPart(header->authorPart);
    REQUIRE(part.has_value());
    delivered.insert(part->thread);
    if (!known_.insert(part->entryId).second)
        return;
    Thread& thread = threads_[part->thread];
    REQUIRE(header->threadSeq.value == thread.entries.size() + 1);
    REQUIRE(header->prev == thread.head);
    if (thread.entries.empty())
        thread.scope = header->scope;
    const auto content = domain::parseContent(part->kind, bytesOf(entry, "content"));
    if (const auto* moved = std::get_if<domain::ThreadMoved>(&content))
        thread.scope = moved->to;
    thread.entries.push_back(part->entryId);
    thread.head = log::leafHash(bytes);
    thread.checksum.add(thread.head);
}

} // namespace holdfast::test
