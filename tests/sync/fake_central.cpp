#include "tests/sync/fake_central.h"

#include "models/log/entry.h"

namespace holdfast::test {
namespace {

constexpr qint64 tokenLife = 600'000'000; // 10 minutes in microseconds
constexpr int answerLimit = 5;            // small, so that "more" happens

sync::Failure refusal(int status, const QString& code)
{
    return {{ErrorCode::denied, QStringLiteral("No.")}, status, code, {}};
}

} // namespace

FakeCentral::FakeCentral(bool dropsDuplicates)
    : dropsDuplicates_(dropsDuplicates), org_(*OrgId::fromBytes(QByteArray(16, 'o'))),
      key_(std::move(*holdfast::log::SigningKey::fromSeed(QByteArray(32, 'k'))))
{}

sync::Tokens FakeCentral::signIn(Timestamp now)
{
    const QByteArray number = QByteArray::number(++serial_);
    refresh_ = "refresh" + number;
    sync::Tokens tokens{"token" + number, refresh_, Timestamp{now.value + tokenLife}, {}};
    tokens_.insert(tokens.token, tokens.expiresAt);
    return tokens;
}

sync::Outcome<sync::Tokens> FakeCentral::renew(const QByteArray& refresh, Timestamp now)
{
    if (refresh_.isEmpty() || refresh != refresh_) {
        refresh_.clear();
        return tl::unexpected(refusal(401, QStringLiteral("denied")));
    }
    return signIn(now);
}

bool FakeCentral::admits(const QByteArray& token, Timestamp now) const
{
    const auto found = tokens_.find(token);
    return found != tokens_.end() && now < found.value();
}

sync::Outcome<sync::PushAnswer> FakeCentral::push(const QByteArray& token, const QList<sync::PushEntry>& entries,
                                                  Timestamp now, bool later)
{
    if (!admits(token, now))
        return tl::unexpected(refusal(401, QStringLiteral("denied")));
    for (const sync::PushEntry& entry : entries) {
        if (entry.content.startsWith("poison-all"))
            return tl::unexpected(refusal(400, QStringLiteral("invalid_input")));
    }
    sync::PushAnswer answer;
    const qsizetype until = later ? entries.size() / 2 : entries.size();
    for (qsizetype i = 0; i < entries.size(); ++i) {
        sync::PushResult result;
        result.entry = entries[i].entry;
        answer.results.append(i < until ? take(entries[i]) : result);
    }
    return answer;
}

sync::PushResult FakeCentral::take(const sync::PushEntry& entry)
{
    using Verdict = sync::PushResult::Verdict;
    const auto known = positions_.find(entry.entry);
    if (dropsDuplicates_ && known != positions_.end())
        return receiptFor(entry.entry, entry.commit, known.value(), Verdict::duplicate);
    if (entry.content.startsWith("poison")) {
        sync::PushResult result;
        result.entry = entry.entry;
        result.verdict = Verdict::refused;
        result.code = QStringLiteral("bad_content");
        return result;
    }
    holdfast::log::Header header;
    header.authorPart = entry.authorPart;
    header.signature = entry.signature;
    header.pos = Position{log_.size()};
    header.threadSeq = ThreadSeq{1};
    positions_.insert(entry.entry, log_.size());
    log_.push_back({entry.entry, entry.deviceSeq, holdfast::log::encode(header), entry.content});
    return receiptFor(entry.entry, entry.commit, header.pos.value, Verdict::accepted);
}

sync::PushResult FakeCentral::receiptFor(const EntryId& entry, const Digest& commit, quint64 pos,
                                         sync::PushResult::Verdict verdict) const
{
    sync::PushResult result;
    result.entry = entry;
    result.verdict = verdict;
    result.pos = Position{pos};
    result.header = log_[pos].header;
    result.receipt = key_.sign(holdfast::log::receiptMessage(org_, entry, commit.toBytes(), result.pos, Epoch{}));
    return result;
}

std::optional<sync::Outcome<sync::Changes>> FakeCentral::changes(const QByteArray& token, const QByteArray& cursor,
                                                                 Timestamp now, bool mayWait)
{
    if (!admits(token, now))
        return sync::Outcome<sync::Changes>(tl::unexpected(refusal(401, QStringLiteral("denied"))));
    const quint64 from = cursor.mid(1).toULongLong();
    if (mayWait && from == log_.size())
        return std::nullopt;
    sync::Changes changes;
    for (quint64 pos = from; pos < log_.size() && changes.entries.size() < answerLimit; ++pos)
        changes.entries.append({log_[pos].header, QByteArray(32, 's'), log_[pos].content});
    const quint64 upTo = from + static_cast<quint64>(changes.entries.size());
    changes.cursor = "c" + QByteArray::number(upTo);
    changes.more = upTo < log_.size();
    changes.head = log_.size();
    return sync::Outcome<sync::Changes>(changes);
}

void FakeCentral::appendForeign(RandomSource& random)
{
    holdfast::log::AuthorPart part;
    part.entryId = random.id<EntryId>();
    part.thread = random.id<ThreadId>();
    part.kind = 1;
    sync::PushEntry entry;
    entry.entry = part.entryId;
    entry.authorPart = holdfast::log::encode(part);
    entry.signature = QByteArray(64, 'f');
    entry.content = "foreign";
    static_cast<void>(take(entry));
}

} // namespace holdfast::test
