#include "tests/verify/log_maker.h"

#include "models/log/checkpoint.h"
#include "models/log/key_handover.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::test {

using namespace domain;

namespace {

template <typename IdType>
IdType idOf(const QByteArray& name)
{
    return *IdType::fromBytes(sha256({name}).toBytes().first(16));
}

QByteArray lineOf(size_t pos, const ExportLine& line)
{
    const auto base64 = [&line](const QByteArray& bytes) {
        return line.erased ? QByteArray("null") : '"' + bytes.toBase64() + '"';
    };
    return R"({"pos":)" + QByteArray::number(qulonglong(pos)) + R"(,"header":")" + line.header.toBase64() +
           R"(","leaf":")" + line.leaf.toHex() + R"(","content":)" + base64(line.content) + R"(,"salt":)" +
           base64(line.salt) + R"(,"decoded":{"for":["people"],"pos":1.5e3}})" + "\n";
}

} // namespace

LogMaker::LogMaker()
    : org(idOf<OrgId>("org")), logKey_(std::move(*log::SigningKey::fromSeed(sha256({"log"}).toBytes()))),
      deskKey_(std::move(*log::SigningKey::fromSeed(sha256({"desk"}).toBytes()))),
      logThread_(idOf<ThreadId>("log thread"))
{
    const DeviceEnrolled enrolled{log::deviceOf(deskKey_.publicKey()), idOf<UserId>("thandi"), deskKey_.publicKey(),
                                  QStringLiteral("Desk")};
    byCentral(idOf<ThreadId>("staff"), Kind::deviceEnrolled, toJson(enrolled));
}

void LogMaker::byCentral(const ThreadId& thread, Kind kind, const QByteArray& content)
{
    log::AuthorPart part;
    part.thread = thread;
    part.kind = number(kind);
    append(part, content, false);
}

void LogMaker::byDesk(const ThreadId& thread, const QByteArray& content)
{
    log::AuthorPart part;
    part.thread = thread;
    part.kind = number(Kind::roomMessage);
    part.author = idOf<UserId>("thandi");
    part.device = log::deviceOf(deskKey_.publicKey());
    part.deviceSeq = {++deskSeq_};
    append(part, content, true);
}

void LogMaker::heads()
{
    byCentral(logThread_, Kind::logHeads, toJson(LogHeads{map_.root(), {lines.size()}}));
}

void LogMaker::checkpoint()
{
    notes.push_back(signedNote(tree_.size(), tree_.root()));
}

QByteArray LogMaker::signedNote(quint64 size, const Digest& root) const
{
    return log::signCheckpoint({org, {1}, size, root}, logKey_);
}

void LogMaker::changeKey(const QByteArray& name)
{
    auto next = std::move(*log::SigningKey::fromSeed(sha256({name}).toBytes()));
    const log::KeyHandover handover = log::handOver(org, logKey_, next.publicKey());
    byCentral(logThread_, Kind::logKey, toJson(LogKey{handover.previous, handover.next, handover.signature}));
    logKey_ = std::move(next);
}

void LogMaker::append(log::AuthorPart part, const QByteArray& content, bool isSigned)
{
    const QByteArray place = QByteArray::number(qulonglong(lines.size()));
    ExportLine line;
    line.content = content;
    line.salt = sha256({"salt", place}).toBytes();
    part.entryId = idOf<EntryId>("entry" + place);
    part.claimedAt = {1700000000000000 + qint64(lines.size())};
    part.commit = log::commitment(line.salt, part.kind, content);
    log::ThreadHead& head = threads_[part.thread];
    log::Header header;
    header.authorPart = encode(part);
    if (isSigned)
        header.signature = deskKey_.sign(log::entryMessage(org, header.authorPart));
    header.epoch = {1};
    header.pos = {lines.size()};
    header.scope = idOf<ScopeId>("scope");
    header.threadSeq = {head.threadSeq.value + 1};
    header.centralAt = {1700000000500000};
    header.prev = head.leaf;
    line.header = encode(header);
    line.leaf = log::leafHash(line.header);
    head = {part.thread, header.threadSeq, line.leaf};
    if (part.thread != logThread_)
        map_.set(head);
    tree_.append(line.leaf);
    lines.push_back(line);
}

log::AuthorPart LogMaker::partOf(size_t pos) const
{
    return *log::decodeAuthorPart(log::decodeHeader(lines[pos].header)->authorPart);
}

void LogMaker::replace(size_t pos, log::AuthorPart part)
{
    ExportLine& line = lines[pos];
    log::Header header = *log::decodeHeader(line.header);
    part.commit = log::commitment(line.salt, part.kind, line.content);
    header.authorPart = encode(part);
    if (!header.signature.isEmpty())
        header.signature = deskKey_.sign(log::entryMessage(org, header.authorPart));
    line.header = encode(header);
    line.leaf = log::leafHash(line.header);
}

std::string LogMaker::text() const
{
    QByteArray out;
    for (size_t i = 0; i < lines.size(); ++i)
        out += lineOf(i, lines[i]);
    for (const QByteArray& note : notes) {
        const QJsonObject line{{QStringLiteral("checkpoint"), QString::fromUtf8(note)}};
        out += QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
    }
    return out.toStdString();
}

std::string LogMaker::lineAt(size_t pos) const
{
    return lineOf(pos, lines[pos]).trimmed().toStdString();
}

LogMaker longLog(int entries)
{
    LogMaker maker;
    for (int i = 1; int(maker.lines.size()) < entries; ++i) {
        const ThreadId thread = idOf<ThreadId>("thread" + QByteArray::number(i % 4));
        if (i % 5 == 0)
            maker.byCentral(thread, Kind::signedIn, R"({"n":)" + QByteArray::number(i) + '}');
        else
            maker.byDesk(thread, R"({"text":"Good day )" + QByteArray::number(i) + R"("})");
        if (i % 97 == 0) {
            maker.heads();
            maker.checkpoint();
        }
    }
    return maker;
}

LogMaker smallLog()
{
    LogMaker maker;
    const ThreadId room = idOf<ThreadId>("room");
    const ThreadId customer = idOf<ThreadId>("case");
    for (int i = 0; i < 27; ++i) {
        if (i % 3 == 0)
            maker.byCentral(customer, Kind::signedIn, R"({"n":)" + QByteArray::number(i) + '}');
        else
            maker.byDesk(i % 2 ? room : customer, R"({"text":"Good day )" + QByteArray::number(i) + R"("})");
        if (i == 13) {
            maker.heads();
            maker.checkpoint();
        }
    }
    maker.heads();
    maker.checkpoint();
    for (const size_t erased : {size_t(5), size_t(9)})
        maker.lines[erased].erased = true;
    return maker;
}

} // namespace holdfast::test
