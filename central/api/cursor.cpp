#include "central/api/cursor.h"

#include "models/base/digest.h"

#include <QtEndian>

namespace holdfast::api {
namespace {

constexpr char domainWord[] = "holdfast/cursor/v1";
constexpr qsizetype macBytes = 32;
constexpr char layout = '\2';
constexpr char layoutBeforeMoves = '\1'; // of 0.1: no toldTo, summedAt and threads, openings without `moved`
constexpr quint32 maxItems = 10000;

quint64 read64(const char*& at)
{
    const auto value = qFromBigEndian<quint64>(at);
    at += 8;
    return value;
}

quint32 read32(const char*& at)
{
    const auto value = qFromBigEndian<quint32>(at);
    at += 4;
    return value;
}

template <typename IdType>
IdType readId(const char*& at)
{
    const auto id = IdType::fromBytes(QByteArrayView(at, IdType::size));
    at += IdType::size;
    return *id;
}

// Reads the numbers and ids behind the owner; false when the lengths do not fit.
bool readPlaces(const char* at, const char* end, bool hasMoves, Cursor& cursor)
{
    const qsizetype fixed = 8 + 8 + 4 + 4 + (hasMoves ? 8 + 8 + 4 : 0);
    if (end - at < fixed)
        return false;
    cursor.epoch.value = read64(at);
    cursor.upTo = read64(at);
    cursor.toldTo = hasMoves ? read64(at) : cursor.upTo;
    cursor.summedAt = hasMoves ? read64(at) : 0;
    const quint32 scopes = read32(at);
    const quint32 openings = read32(at);
    const quint32 threads = hasMoves ? read32(at) : 0;
    if (scopes > maxItems || openings > maxItems || threads > maxItems)
        return false;
    if (end - at != qsizetype(16) * scopes + qsizetype(hasMoves ? 40 : 24) * openings + qsizetype(24) * threads)
        return false;
    for (quint32 i = 0; i < scopes; ++i)
        cursor.scopes.push_back(readId<ScopeId>(at));
    for (quint32 i = 0; i < openings; ++i) {
        const auto scope = readId<ScopeId>(at);
        const quint64 pos = read64(at);
        cursor.openings.push_back({scope, pos, hasMoves ? readId<ThreadId>(at) : ThreadId()});
    }
    for (quint32 i = 0; i < threads; ++i) {
        const auto thread = readId<ThreadId>(at);
        cursor.threads.push_back({thread, ThreadSeq{read64(at)}});
    }
    return true;
}

} // namespace

QByteArray seal(const Cursor& cursor, const QByteArray& key)
{
    const auto count = [](const auto& items) { return bigEndian32(static_cast<quint32>(items.size())); };
    QByteArray body(1, layout);
    body += cursor.user.toBytes() + cursor.device.toBytes() + bigEndian64(cursor.epoch.value) +
            bigEndian64(cursor.upTo) + bigEndian64(cursor.toldTo) + bigEndian64(cursor.summedAt) +
            count(cursor.scopes) + count(cursor.openings) + count(cursor.threads);
    for (const ScopeId& scope : cursor.scopes)
        body += scope.toBytes();
    for (const Cursor::Opening& opening : cursor.openings)
        body += opening.scope.toBytes() + bigEndian64(opening.pos) + opening.moved.toBytes();
    for (const Cursor::Thread& thread : cursor.threads)
        body += thread.thread.toBytes() + bigEndian64(thread.next.value);
    body += hmacSha256(key, {QByteArrayView(domainWord), body}).toBytes();
    return body.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

Result<Cursor> openCursor(const QByteArray& text, const QByteArray& key, const UserId& user, const DeviceId& device)
{
    const auto wrong = [] { return fail(ErrorCode::invalidInput, QStringLiteral("The cursor is not one of ours.")); };
    const QByteArray all = QByteArray::fromBase64(text, QByteArray::Base64UrlEncoding);
    constexpr qsizetype ownerBytes = 1 + UserId::size + DeviceId::size;
    if (all.size() < ownerBytes + macBytes)
        return wrong();
    const QByteArrayView body = QByteArrayView(all).first(all.size() - macBytes);
    const QByteArray mac = hmacSha256(key, {QByteArrayView(domainWord), body}).toBytes();
    const bool known = body.front() == layout || body.front() == layoutBeforeMoves;
    if (!equalConstantTime(mac, QByteArrayView(all).last(macBytes)) || !known)
        return wrong();
    const char* at = body.data() + 1;
    Cursor cursor;
    cursor.user = readId<UserId>(at);
    cursor.device = readId<DeviceId>(at);
    if (cursor.user != user || cursor.device != device)
        return fail(ErrorCode::denied, QStringLiteral("The cursor belongs to another person or device."));
    if (!readPlaces(at, body.data() + body.size(), body.front() == layout, cursor))
        return wrong();
    return cursor;
}

} // namespace holdfast::api
