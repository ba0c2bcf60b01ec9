// A small log, written with models/log, as an export's lines: what the verifier must accept, and then must not.
#pragma once

#include "models/domain/content.h"
#include "models/log/entry.h"
#include "models/log/heads.h"
#include "models/log/signing.h"
#include "models/log/tree.h"

#include <map>
#include <vector>

namespace holdfast::test {

struct ExportLine
{
    QByteArray header;
    QByteArray content;
    QByteArray salt;
    Digest leaf;
    bool erased = false;
};

class LogMaker
{
public:
    LogMaker();
    void byCentral(const ThreadId& thread, domain::Kind kind, const QByteArray& content);
    void byDesk(const ThreadId& thread, const QByteArray& content);
    void heads();
    void checkpoint();

    [[nodiscard]] std::string text() const;
    [[nodiscard]] QByteArray logKey() const { return logKey_.publicKey(); }

    OrgId org;
    std::vector<ExportLine> lines;
    std::vector<QByteArray> notes;

private:
    void append(log::AuthorPart part, const QByteArray& content, bool isSigned);

    log::SigningKey logKey_;
    log::SigningKey deskKey_;
    ThreadId logThread_;
    std::map<ThreadId, log::ThreadHead> threads_;
    log::CompactTree tree_;
    log::HeadsMap map_;
    quint64 deskSeq_ = 0;
};

// About thirty entries in three threads, two of them erased, with two maps of heads and two checkpoints.
LogMaker smallLog();

} // namespace holdfast::test
