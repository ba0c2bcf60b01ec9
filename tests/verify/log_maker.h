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
    void changeKey(const QByteArray& name); // checkpoints are signed by the new key from here on

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string lineAt(size_t pos) const;                     // without its newline
    [[nodiscard]] QByteArray logKey() const { return logKey_.publicKey(); } // in force now
    [[nodiscard]] QByteArray signedNote(quint64 size, const Digest& root) const;

    [[nodiscard]] log::AuthorPart partOf(size_t pos) const;
    // Writes the entry anew with this part, the commitment to its line's content, and the desk's signature if it had
    // one; what follows it in the log is left as it was.
    void replace(size_t pos, log::AuthorPart part);

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

// As many entries by a desk and by central in four threads, with maps of heads and checkpoints among them.
LogMaker longLog(int entries);

// About thirty entries in three threads, two of them erased, with two maps of heads and two checkpoints.
LogMaker smallLog();

} // namespace holdfast::test
