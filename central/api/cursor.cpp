#include "central/api/cursor.h"

#include "models/base/digest.h"

#include <QtEndian>

namespace holdfast::api {
namespace {

constexpr char domainWord[] = "holdfast/cursor/v1";
constexpr qsizetype macBytes = 32;
constexpr qsizetype fixedBytes = 1 + 16 + 16 + 8 + 8 + 4 + 4;
constexpr quint32 maxScopes = 10000;

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

} // namespace

QByteArray seal(const Cursor& cursor, const QByteArray& key)
{
    QByteArray body(1, '\1');
    body += cursor.user.toBytes() + cursor.device.toBytes() + bigEndian64(cursor.epoch.value) +
            bigEndian64(cursor.upTo) + bigEndian32(static_cast<quint32>(cursor.scopes.size())) +
            bigEndian32(static_cast<quint32>(cursor.openings.size()));
    for (const ScopeId& scope : cursor.scopes)
        body += scope.toBytes();
    for (const Cursor::Opening& opening : cursor.openings)
        body += opening.scope.toBytes() + bigEndian64(opening.pos);
    body += hmacSha256(key, {QByteArrayView(domainWord), body}).toBytes();
    return body.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

Result<Cursor> openCursor(const QByteArray& text, const QByteArray& key, const UserId& user, const DeviceId& device)
{
    const auto wrong = [] { return fail(ErrorCode::invalidInput, QStringLiteral("The cursor is not one of ours.")); };
    const QByteArray all = QByteArray::fromBase64(text, QByteArray::Base64UrlEncoding);
    if (all.size() < fixedBytes + macBytes)
        return wrong();
    const QByteArrayView body = QByteArrayView(all).first(all.size() - macBytes);
    const QByteArray mac = hmacSha256(key, {QByteArrayView(domainWord), body}).toBytes();
    if (!equalConstantTime(mac, QByteArrayView(all).last(macBytes)) || body.front() != '\1')
        return wrong();
    const char* at = body.data() + 1;
    Cursor cursor;
    cursor.user = readId<UserId>(at);
    cursor.device = readId<DeviceId>(at);
    if (cursor.user != user || cursor.device != device)
        return fail(ErrorCode::denied, QStringLiteral("The cursor belongs to another person or device."));
    cursor.epoch.value = read64(at);
    cursor.upTo = read64(at);
    const quint32 scopes = read32(at);
    const quint32 openings = read32(at);
    if (scopes > maxScopes || openings > maxScopes || body.size() != fixedBytes + 16 * scopes + 24 * openings)
        return wrong();
    for (quint32 i = 0; i < scopes; ++i)
        cursor.scopes.push_back(readId<ScopeId>(at));
    for (quint32 i = 0; i < openings; ++i) {
        const auto scope = readId<ScopeId>(at);
        cursor.openings.push_back({scope, read64(at)});
    }
    return cursor;
}

} // namespace holdfast::api
