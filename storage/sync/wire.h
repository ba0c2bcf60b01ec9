// What travels between a desk and central (docs/api.md), as typed values with strict reading.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/domain/project.h"
#include "models/log/checksum.h"
#include "models/log/heads.h"
#include "models/log/key_handover.h"
#include "models/log/signing.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace holdfast::sync {

// Why a call brought no usable answer. `status` is HTTP's, 0 when none came.
struct Failure
{
    Error error;
    int status = 0;
    QString code; // central's word: "denied", "device_revoked" ...
    std::optional<qint64> retryAfterMs;
};

template <typename T>
using Outcome = tl::expected<T, Failure>;

struct HttpRequest
{
    QByteArray method = "POST";
    QByteArray path;
    QByteArray body;
    QByteArray contentType = "application/json";
    QByteArray token;                               // bearer; empty: none
    std::optional<std::pair<qint64, qint64>> range; // bytes, both ends included
    qint64 maxAnswerBytes = 4 * 1024 * 1024;
    int timeoutMs = 20'000; // of silence: until the first byte moves, and then between any two
};

struct HttpAnswer
{
    int status = 0;
    QByteArray body;
    QByteArray contentRange;
    std::optional<qint64> retryAfterMs;
};

struct Organisation
{
    OrgId org;
    QString name;
    QByteArray logKey; // 32 bytes
    Epoch epoch;
};

struct Account
{
    UserId id;
    QString name;
    QString login;
    QString role;
};

struct Tokens
{
    QByteArray token;
    QByteArray refresh;
    Timestamp expiresAt; // by central's clock
    Account account;
    ThreadId acts{}; // thread of recorded acts; zero: an older central did not say
};

struct WireEntry
{
    QByteArray header;
    std::optional<QByteArray> salt;    // nothing when erased
    std::optional<QByteArray> content; // nothing when erased
    QByteArray voucher = {};           // by which a restored central knows it again; may be empty
};

struct ScopeEvent
{
    ScopeId scope;
    bool opened = true;
    bool window = false; // opened, and the feed brings only what is new
};

struct ThreadEvent
{
    ThreadId thread;
    bool opened = true;
};

struct ScopeSum
{
    ScopeId scope;
    log::Checksum checksum;
};

struct Changes
{
    QList<WireEntry> entries;
    QList<ScopeEvent> scopes;
    QList<ThreadEvent> threads;          // moved in or out of what this person sees
    QList<domain::EraseContents> erased; // to be applied first
    QList<ScopeSum> sums;                // what a desk holds once it applied this
    QByteArray cursor;
    bool more = false;
    QByteArray checkpoint; // signed note; empty when unchanged
    quint64 head = 0;
};

// What was closed or erased and is gone from this desk, to its last copy.
struct ClosedTarget
{
    enum class What { scope, thread, erasure } what = What::scope;
    QByteArray id; // 16 bytes
};

struct PushEntry
{
    EntryId entry;
    DeviceSeq deviceSeq;
    Digest commit;
    QByteArray authorPart;
    QByteArray signature;
    QByteArray salt;
    QByteArray content;
};

struct PushResult
{
    enum class Verdict { accepted, duplicate, refused, later };
    EntryId entry;
    Verdict verdict = Verdict::later;
    Position pos;
    Epoch epoch;        // of `header`
    QByteArray header;  // of accepted and duplicate; may be empty
    QByteArray receipt; // of accepted and duplicate
    QString code;       // of refused
    QString text;       // of refused: for people
};

struct PushAnswer
{
    QList<PushResult> results;
};

struct ThreadProof
{
    log::ThreadHead head;
    log::HeadProof proof;
};

struct Proofs
{
    QByteArray checkpoint;
    log::Proof consistency;
    WireEntry heads; // the log.heads entry
    Position headsPos;
    log::Proof inclusion;
    std::vector<log::KeyHandover> handovers; // every change of the log's key so far
    QList<ThreadProof> threads;
};

// A thread that central named, with its newest entry.
struct ThreadListing
{
    ThreadId thread;
    ScopeId scope;
    ThreadSeq threadSeq;
    Position newest;
};

struct ThreadList
{
    QList<ThreadListing> threads; // most recently written first
    bool more = false;
};

struct RangeRequest
{
    ThreadId thread;
    ThreadSeq below = {}; // 0: from the thread's newest entry down
    Timestamp at = {};    // around the first entry of that time, instead; 0: not asked
    int limit = 500;
    bool alone = false; // nothing held here continues it: it needs a proof
    bool state = false;
};

struct HistoryRange
{
    ThreadId thread;
    ThreadSeq newest;         // of the thread at central
    QList<WireEntry> entries; // newest first
    log::Proof inclusion;     // of the first of them; empty: none
    struct Deciding
    {
        WireEntry entry;
        log::Proof inclusion;
    };
    QList<Deciding> state;
};

struct History
{
    QList<HistoryRange> ranges;
    bool more = false; // ranges were left out because the answer was full
};

constexpr int feedBatch = 500; // the most that central gives
constexpr int pushBatch = 64;
constexpr int proofBatch = 200;
constexpr int pollWaitSeconds = 25;

// Requests.
[[nodiscard]] HttpRequest organisationRequest();
[[nodiscard]] HttpRequest signInRequest(const QString& login, const QString& password);
[[nodiscard]] HttpRequest enrolRequest(const QByteArray& token, const log::SigningKey& device, const QString& name);
[[nodiscard]] HttpRequest refreshRequest(const QByteArray& refresh, const DeviceId& device, const QByteArray& proof);
// `closed`: what this desk has destroyed. `again`: scopes that it dropped and wants from their beginning.
[[nodiscard]] HttpRequest changesRequest(const QByteArray& token, const QByteArray& cursor, int waitSeconds,
                                         int limit = feedBatch, const QList<ClosedTarget>& closed = {},
                                         const QList<ScopeId>& again = {});
// `after`: the run of which this desk's database has the traces; empty: none. `live`: that one is this very process.
[[nodiscard]] HttpRequest runRequest(const QByteArray& token, const QByteArray& run, const QByteArray& after,
                                     bool live);
[[nodiscard]] HttpRequest pushRequest(const QByteArray& token, const QByteArray& run, const QList<PushEntry>& entries);
[[nodiscard]] HttpRequest proofsRequest(const QByteArray& token, quint64 from, const QByteArray& verified,
                                         const QList<ThreadId>& threads);
[[nodiscard]] HttpRequest threadsRequest(const QByteArray& token, const QList<ScopeId>& scopes, bool records,
                                         Position below);
[[nodiscard]] HttpRequest historyRequest(const QByteArray& token, quint64 size, const QList<RangeRequest>& ranges);
[[nodiscard]] HttpRequest beginBlobRequest(const QByteArray& token, const ThreadId& thread, const BlobId& blob,
                                           qint64 size, const QString& mime, const Digest& sha256);
[[nodiscard]] HttpRequest blobChunkRequest(const QByteArray& token, const BlobId& blob, qint64 chunk,
                                           const QByteArray& bytes);
[[nodiscard]] HttpRequest blobRangeRequest(const QByteArray& token, const BlobId& blob, qint64 first, qint64 last);

// Answers. Any other form than docs/api.md's is a Failure with ErrorCode::invalidInput; a status >= 400 is one with
// central's words, shortened and as plain text.
[[nodiscard]] Outcome<Organisation> readOrganisation(const Result<HttpAnswer>& answer);
[[nodiscard]] Outcome<Tokens> readTokens(const Result<HttpAnswer>& answer);
[[nodiscard]] Outcome<DeviceId> readDevice(const Result<HttpAnswer>& answer);
[[nodiscard]] Outcome<Changes> readChanges(const Result<HttpAnswer>& answer);
[[nodiscard]] Outcome<DeviceSeq> readRun(const Result<HttpAnswer>& answer);   // the device's newest number in the log
[[nodiscard]] Outcome<PushAnswer> readPush(const Result<HttpAnswer>& answer); // reads results of a 409 too
[[nodiscard]] Outcome<Proofs> readProofs(const Result<HttpAnswer>& answer);
[[nodiscard]] Outcome<ThreadList> readThreadList(const Result<HttpAnswer>& answer);
[[nodiscard]] Outcome<History> readHistory(const Result<HttpAnswer>& answer);
struct BlobProgress
{
    qint64 next = 0;
    bool done = false;
};
[[nodiscard]] Outcome<BlobProgress> readBlobProgress(const Result<HttpAnswer>& answer);

} // namespace holdfast::sync
