#include "models/log/entry.h"
#include "storage/sync/json_fields.h"
#include "storage/sync/wire.h"

#include <QJsonDocument>
#include <QtEndian>

namespace holdfast::sync {
namespace {

constexpr qsizetype maxHeaderBytes = 1024;
constexpr qsizetype maxVoucherBytes = 64;
constexpr qsizetype maxFeedEntries = 500;
constexpr qsizetype maxEvents = 10'000; // of each list
constexpr qsizetype maxErased = 2000;   // ids of one erasure
constexpr qsizetype maxListed = 2000;
constexpr qsizetype maxRanges = 100;
constexpr qsizetype maxDeciding = 200;
constexpr qsizetype maxPushResults = 256;
constexpr qsizetype maxNoteBytes = 64 * 1024;
constexpr qsizetype maxHandovers = 1000;
constexpr qsizetype maxWords = 300;

Failure garbage(int status)
{
    return {{ErrorCode::invalidInput,
             QStringLiteral("Central's answer could not be understood. Check the server address, or ask your "
                            "administrator whether central and this desk have the same version.")},
            status,
            {},
            {}};
}

ErrorCode codeOf(int status)
{
    switch (status) {
    case 401:
    case 403:
        return ErrorCode::denied;
    case 404:
        return ErrorCode::notFound;
    case 409:
        return ErrorCode::conflict;
    case 413:
        return ErrorCode::tooLarge;
    case 429:
    case 502:
    case 503:
    case 504:
        return ErrorCode::unavailable;
    default:
        return status >= 500 ? ErrorCode::unavailable : ErrorCode::invalidInput;
    }
}

// Words from outside: one line of printable text.
QString plainWords(const QString& text)
{
    QString words;
    for (const QChar character : text.left(maxWords))
        words += character.isPrint() ? character : QLatin1Char(' ');
    return words.simplified();
}

Failure refusal(const HttpAnswer& answer)
{
    Failure failure{{codeOf(answer.status), {}}, answer.status, {}, answer.retryAfterMs};
    const QJsonObject body = QJsonDocument::fromJson(answer.body).object();
    const QJsonObject error = body.value(QLatin1String("error")).toObject();
    failure.code = plainWords(error.value(QLatin1String("code")).toString());
    failure.error.text = plainWords(error.value(QLatin1String("text")).toString());
    if (failure.error.text.isEmpty())
        failure.error.text = QStringLiteral("Central refused the request (%1).").arg(answer.status);
    return failure;
}

// The object of a good answer, or why there is none.
Outcome<JsonFields> fieldsOf(const Result<HttpAnswer>& answer)
{
    if (!answer)
        return tl::unexpected<Failure>(Failure{answer.error(), 0, {}, {}});
    if (answer->status >= 400)
        return tl::unexpected<Failure>(refusal(*answer));
    QJsonParseError parsed;
    const QJsonDocument document = QJsonDocument::fromJson(answer->body, &parsed);
    if (answer->status != 200 && answer->status != 201)
        return tl::unexpected<Failure>(garbage(answer->status));
    if (parsed.error != QJsonParseError::NoError || !document.isObject())
        return tl::unexpected<Failure>(garbage(answer->status));
    return JsonFields(document.object());
}

template <typename T>
Outcome<T> checked(const JsonFields& fields, T value)
{
    if (!fields.good())
        return tl::unexpected<Failure>(garbage(200));
    return value;
}

WireEntry readEntry(JsonFields& fields)
{
    WireEntry entry;
    entry.header = fields.base64("header", maxHeaderBytes);
    if (fields.has("content") != fields.has("salt"))
        fields.spoil(); // erased means both are gone
    if (fields.has("content")) {
        entry.content = fields.base64("content", log::maxContentBytes);
        entry.salt = fields.base64("salt", 32);
    }
    if (fields.has("voucher"))
        entry.voucher = fields.base64("voucher", maxVoucherBytes);
    return entry;
}

// The event of a scope or thread: opened, else closed.
bool readOpened(JsonFields& item, JsonFields& answer)
{
    const QString event = item.text("event", 16);
    if (!item.good() || (event != QLatin1String("opened") && event != QLatin1String("closed")))
        answer.spoil();
    return event == QLatin1String("opened");
}

domain::EraseContents readErasure(JsonFields& item)
{
    domain::EraseContents erasure;
    erasure.erasure = item.id<EntryId>("erasure");
    erasure.thread = item.id<ThreadId>("thread");
    erasure.below = ThreadSeq{item.number("below")};
    for (const QJsonValue& value : item.list("entries", maxErased)) {
        const auto entry = EntryId::fromHex(QStringView(value.toString()));
        if (!entry)
            item.spoil();
        erasure.entries.append(entry.value_or(EntryId()));
    }
    return erasure;
}

HistoryRange readRange(JsonFields& fields)
{
    HistoryRange range;
    range.thread = fields.id<ThreadId>("thread");
    range.newest = ThreadSeq{fields.number("newest")};
    for (const QJsonValue& item : fields.list("entries", maxFeedEntries)) {
        JsonFields entry(item);
        range.entries.append(readEntry(entry));
        if (!entry.good())
            fields.spoil();
    }
    if (fields.has("inclusion"))
        range.inclusion = fields.digests("inclusion");
    if (!fields.has("state"))
        return range;
    for (const QJsonValue& item : fields.list("state", maxDeciding)) {
        JsonFields entry(item);
        range.state.append({readEntry(entry), entry.digests("inclusion")});
        if (!entry.good())
            fields.spoil();
    }
    return range;
}

std::optional<PushResult::Verdict> verdictOf(const QString& word)
{
    if (word == QLatin1String("accepted"))
        return PushResult::Verdict::accepted;
    if (word == QLatin1String("duplicate"))
        return PushResult::Verdict::duplicate;
    if (word == QLatin1String("refused"))
        return PushResult::Verdict::refused;
    if (word == QLatin1String("later"))
        return PushResult::Verdict::later;
    return std::nullopt;
}

PushResult readResult(JsonFields& fields)
{
    PushResult result;
    result.entry = fields.id<EntryId>("entry");
    const auto verdict = verdictOf(fields.text("result", 16));
    if (!verdict) {
        fields.spoil();
        return result;
    }
    result.verdict = *verdict;
    if (fields.has("pos"))
        result.pos = Position{fields.number("pos")};
    if (fields.has("header"))
        result.header = fields.base64("header", maxHeaderBytes);
    if (fields.has("receipt"))
        result.receipt = fields.base64("receipt", 64);
    if (fields.has("code"))
        result.code = plainWords(fields.text("code", 64));
    if (fields.has("text"))
        result.text = plainWords(fields.text("text"));
    return result;
}

ThreadProof readThreadProof(JsonFields& fields)
{
    ThreadProof thread;
    thread.head.thread = fields.id<ThreadId>("thread");
    thread.head.threadSeq = ThreadSeq{fields.number("tseq")};
    thread.head.leaf = fields.digest("leaf");
    thread.proof.indexInBucket = fields.number("index");
    thread.proof.bucketSize = fields.number("bucket_size");
    thread.proof.inBucket = fields.digests("in_bucket");
    thread.proof.ofBucket = fields.digests("of_bucket");
    return thread;
}

} // namespace

Outcome<Organisation> readOrganisation(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    Organisation organisation;
    organisation.org = fields->id<OrgId>("org");
    organisation.name = plainWords(fields->text("name"));
    organisation.logKey = fields->hex("log_key", 32);
    organisation.epoch = Epoch{fields->number("epoch")};
    return checked(*fields, organisation);
}

Outcome<Tokens> readTokens(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    Tokens tokens;
    tokens.token = fields->opaque("token");
    tokens.refresh = fields->opaque("refresh");
    tokens.expiresAt = Timestamp{static_cast<qint64>(fields->number("expires_at"))};
    if (fields->has("acts"))
        tokens.acts = fields->id<ThreadId>("acts");
    JsonFields user = fields->object("user");
    tokens.account.id = user.id<UserId>("id");
    tokens.account.name = plainWords(user.text("name"));
    tokens.account.login = plainWords(user.text("login"));
    tokens.account.role = plainWords(user.text("role"));
    if (!user.good() || tokens.token.isEmpty() || tokens.refresh.isEmpty())
        fields->spoil();
    return checked(*fields, tokens);
}

Outcome<DeviceId> readDevice(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    const auto device = fields->id<DeviceId>("device");
    return checked(*fields, device);
}

Outcome<DeviceSeq> readRun(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    const DeviceSeq newest{fields->number("newest")};
    return checked(*fields, newest);
}

Outcome<Changes> readChanges(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    Changes changes;
    for (const QJsonValue& item : fields->list("entries", maxFeedEntries)) {
        JsonFields entry(item);
        changes.entries.append(readEntry(entry));
        if (!entry.good())
            fields->spoil();
    }
    for (const QJsonValue& item : fields->list("scopes", maxEvents)) {
        JsonFields scope(item);
        const auto id = scope.id<ScopeId>("scope");
        const bool opened = readOpened(scope, *fields);
        changes.scopes.append({id, opened, opened && scope.has("window") && scope.flag("window")});
        if (!scope.good())
            fields->spoil();
    }
    if (fields->has("threads")) {
        for (const QJsonValue& item : fields->list("threads", maxEvents)) {
            JsonFields thread(item);
            const auto id = thread.id<ThreadId>("thread");
            changes.threads.append({id, readOpened(thread, *fields)});
        }
    }
    if (fields->has("erased")) {
        for (const QJsonValue& item : fields->list("erased", maxEvents)) {
            JsonFields erasure(item);
            changes.erased.append(readErasure(erasure));
            if (!erasure.good())
                fields->spoil();
        }
    }
    if (fields->has("sums")) {
        for (const QJsonValue& item : fields->list("sums", maxEvents)) {
            JsonFields sum(item);
            const auto scope = sum.id<ScopeId>("scope");
            const quint64 entries = sum.number("entries");
            const QByteArray bytes = sum.hex("sum", 8);
            if (!sum.good())
                fields->spoil();
            else
                changes.sums.append({scope, {entries, qFromBigEndian<quint64>(bytes.constData())}});
        }
    }
    changes.cursor = fields->opaque("cursor", 64 * 1024);
    changes.more = fields->flag("more");
    if (fields->has("checkpoint"))
        changes.checkpoint = fields->opaque("checkpoint", maxNoteBytes);
    changes.head = fields->number("head");
    return checked(*fields, changes);
}

Outcome<PushAnswer> readPush(const Result<HttpAnswer>& answer)
{
    Result<HttpAnswer> readable = answer;
    // A conflict names the entry among ordinary results; without results it is a plain failure.
    if (readable && readable->status == 409 &&
        QJsonDocument::fromJson(readable->body).object().value(QLatin1String("results")).isArray())
        readable->status = 200;
    Outcome<JsonFields> fields = fieldsOf(readable);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    PushAnswer push;
    for (const QJsonValue& item : fields->list("results", maxPushResults)) {
        JsonFields result(item);
        push.results.append(readResult(result));
        if (!result.good())
            fields->spoil();
    }
    return checked(*fields, push);
}

Outcome<Proofs> readProofs(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    Proofs proofs;
    proofs.checkpoint = fields->opaque("checkpoint", maxNoteBytes);
    proofs.consistency = fields->digests("consistency");
    JsonFields heads = fields->object("heads");
    proofs.heads = readEntry(heads);
    proofs.headsPos = Position{heads.number("pos")};
    proofs.inclusion = heads.digests("inclusion");
    if (!heads.good())
        fields->spoil();
    const QJsonArray handovers = fields->has("handovers") ? fields->list("handovers", maxHandovers) : QJsonArray();
    for (const QJsonValue& item : handovers) {
        JsonFields handover(item);
        proofs.handovers.push_back(
            {handover.hex("previous", 32), handover.hex("public_key", 32), handover.base64("signature", 64)});
        if (!handover.good())
            fields->spoil();
    }
    for (const QJsonValue& item : fields->list("threads", proofBatch)) {
        JsonFields thread(item);
        proofs.threads.append(readThreadProof(thread));
        if (!thread.good())
            fields->spoil();
    }
    return checked(*fields, proofs);
}

Outcome<BlobProgress> readBlobProgress(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    BlobProgress progress;
    progress.done = fields->has("done") && fields->flag("done");
    if (!progress.done)
        progress.next = static_cast<qint64>(fields->number("next"));
    return checked(*fields, progress);
}

Outcome<ThreadList> readThreadList(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    ThreadList list;
    for (const QJsonValue& item : fields->list("threads", maxListed)) {
        JsonFields thread(item);
        list.threads.append({thread.id<ThreadId>("thread"), thread.id<ScopeId>("scope"),
                             ThreadSeq{thread.number("tseq")}, Position{thread.number("pos")}});
        if (!thread.good())
            fields->spoil();
    }
    list.more = fields->flag("more");
    return checked(*fields, list);
}

Outcome<History> readHistory(const Result<HttpAnswer>& answer)
{
    Outcome<JsonFields> fields = fieldsOf(answer);
    if (!fields)
        return tl::unexpected<Failure>(fields.error());
    History history;
    for (const QJsonValue& item : fields->list("ranges", maxRanges)) {
        JsonFields fieldsOfRange(item);
        history.ranges.append(readRange(fieldsOfRange));
        if (!fieldsOfRange.good())
            fields->spoil();
    }
    history.more = fields->flag("more");
    return checked(*fields, history);
}

} // namespace holdfast::sync
