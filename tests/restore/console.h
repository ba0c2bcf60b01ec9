// A console at work for one person, in a folder of its own that can be copied and put back while it is closed.
#pragma once

#include "storage/sync/desk_session.h"
#include "tests/restore/office.h"

namespace holdfast::test {

class Console
{
public:
    explicit Console(Office& office) : office_(office) {}

    void enrol(const QString& login);
    void open();  // by its passphrase
    void close(); // to its last byte
    // What enrol() and close() left there, as files.
    void copyTo(const Console& other) const;

    [[nodiscard]] bool comesOnline(); // with the password, if central asks for it again
    [[nodiscard]] views::SyncState state();
    [[nodiscard]] bool isSetBack(); // what it holds from then on is of central's new epoch
    [[nodiscard]] QList<views::Message> messages();
    [[nodiscard]] QList<EntryId> accepted(); // of messages()
    // All of them, accepted, and all of the log up to `size` proved.
    [[nodiscard]] bool holds(const QList<EntryId>& wanted, quint64 size);
    [[nodiscard]] EntryId replies(const QString& text, const QList<views::OutgoingFile>& files = {});
    [[nodiscard]] EntryId notes(const QString& text);
    // What central said why it did not take the message; empty: it took it, or has not answered.
    [[nodiscard]] QString refusalOf(const EntryId& id);
    [[nodiscard]] EntryId sendsAgain(const EntryId& id);

private:
    [[nodiscard]] std::unique_ptr<sync::DeskSession> session();

    Office& office_;
    QTemporaryDir folder_;
    std::unique_ptr<sync::DeskSession> session_;
    bool asked_ = false;
};

} // namespace holdfast::test
