// One file as the disk has it for sure, and what no sync has confirmed yet.
#pragma once

#include <QByteArray>

#include <optional>
#include <random>
#include <vector>

namespace holdfast::test {

struct Change
{
    qint64 at = 0;
    std::optional<QByteArray> bytes; // nothing: the file is cut (or grown) to the length `at`
};

// What a power cut may leave of a file's unsynced changes.
enum class Remains { none, some, someTorn, all };

class UnsyncedFile
{
public:
    // isNamed: its folder is known to hold its name.
    UnsyncedFile(QByteArray synced, bool isNamed) : synced_(std::move(synced)), isNamed_(isNamed) {}

    void change(Change change) { pending_.push_back(std::move(change)); }
    void sync();
    void remove();   // its folder was not synced: the name may come back
    void recreate(); // under the name of a removed one

    // What is there after a power cut; nothing: no such file.
    [[nodiscard]] std::optional<QByteArray> after(Remains remains, std::mt19937_64& dice) const;

private:
    QByteArray synced_;
    std::vector<Change> pending_;
    bool isNamed_;
    bool isRemoved_ = false;
    std::optional<QByteArray> former_; // a removed file whose name may still be the folder's
};

} // namespace holdfast::test
