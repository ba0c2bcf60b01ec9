// Entry headers: the bytes that are signed, chained and hashed. Format: docs/log-format.md.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"

namespace holdfast::log {

// Registry: models/domain/kinds.h. Numbers are never reused.
using KindNumber = quint32;

constexpr qsizetype maxContentBytes = 64 * 1024;
constexpr qsizetype maxAuthorPartBytes = 160; // version 1 needs at most 145

// What the author fixes and (unless central is the author) signs.
struct AuthorPart
{
    EntryId entryId;
    ThreadId thread;
    KindNumber kind = 0;
    UserId author;   // zero: central
    DeviceId device; // zero: central
    DeviceSeq deviceSeq;
    Timestamp claimedAt;
    Digest commit;

    friend bool operator==(const AuthorPart&, const AuthorPart&) = default;
};

// What central adds. `authorPart` and `signature` are kept as the bytes that came, never encoded again.
struct Header
{
    QByteArray authorPart;
    QByteArray signature; // 64 bytes, or empty for central's own entries
    Epoch epoch;
    Position pos;
    ScopeId scope;
    ThreadSeq threadSeq;
    Timestamp centralAt;
    Digest prev; // leaf of the thread's previous entry; zeros at threadSeq 1

    friend bool operator==(const Header&, const Header&) = default;
};

[[nodiscard]] QByteArray encode(const AuthorPart& part);
[[nodiscard]] QByteArray encode(const Header& header);

// Strict: deterministic CBOR only (RFC 8949 4.2.1), no trailing bytes, exact lengths. ErrorCode::invalidInput
// otherwise.
[[nodiscard]] Result<AuthorPart> decodeAuthorPart(QByteArrayView bytes);
[[nodiscard]] Result<Header> decodeHeader(QByteArrayView bytes);

// SHA-256(0x00 || header bytes), RFC 6962 2.1.
[[nodiscard]] Digest leafHash(QByteArrayView headerBytes);

// HMAC-SHA-256(salt, "holdfast/content/v1" || 0x00 || u32be(kind) || content).
[[nodiscard]] Digest commitment(QByteArrayView salt, KindNumber kind, QByteArrayView content);

} // namespace holdfast::log
