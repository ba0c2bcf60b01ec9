// Checks an export line by line against everything that docs/log-format.md promises.
#pragma once

#include "verify/entry.h"
#include "verify/json.h"
#include "verify/note.h"
#include "verify/tree.h"

#include <iosfwd>
#include <unordered_map>
#include <unordered_set>

namespace verify {

struct Options
{
    Bytes logKey; // 32 bytes
    Bytes org;    // 16 bytes
};

// The organisation that the export's first checkpoint names; nothing without a checkpoint. Reads to the end.
std::optional<Bytes> orgOf(std::istream& input);

class Checker
{
public:
    // Prints one line per failure to `output`.
    Checker(Options options, std::ostream& output);
    void run(std::istream& input);

    [[nodiscard]] uint64_t failures() const { return failures_; }
    [[nodiscard]] uint64_t entries() const { return leaves_.size(); }
    [[nodiscard]] uint64_t covered() const { return covered_; } // by the largest good checkpoint

private:
    struct Place // what later checks need of an entry
    {
        Bytes thread; // empty: its header could not be read
        uint64_t threadSeq = 0;
        uint64_t epoch = 0; // of the newest entry that could be read
    };
    struct Device
    {
        Bytes user;
        Bytes key;
    };
    struct Head
    {
        uint64_t pos = 0;
        uint64_t threadSeq = 0;
    };

    void readLine(std::string_view line);
    void readEntry(const Json& line);
    Bytes knownLeaf(const Json& line, std::string_view header);
    void checkPlace(const Entry& entry, const Json& line);
    void checkChain(const Entry& entry);
    void checkContent(const Entry& entry, const Json& line);
    void checkAuthor(const Entry& entry);
    void readStructure(const Entry& entry, std::string_view content);
    void readEnrolment(const Json& content);
    void readHeads(const Entry& entry, const Json& content);
    void readCheckpoint(const Json* line);
    [[nodiscard]] std::string problemOf(const Note& note);
    Bytes rootOf(uint64_t size);
    void report(const std::string& what); // about the entry that is read
    void reportCheckpoint(const std::string& what);

    Options options_;
    std::ostream& output_;
    std::vector<Bytes> leaves_; // by pos
    std::vector<Place> places_; // by pos
    std::unordered_map<Bytes, Head> threads_;
    std::unordered_map<Bytes, Device> devices_;
    std::unordered_set<Bytes> entryIds_;
    Heads heads_; // state just below headsUpTo_
    uint64_t headsUpTo_ = 0;
    Tree tree_; // over the leaves up to the newest checkpoint that was checked
    Bytes logThread_;
    Bytes currentId_; // of the line that is read
    uint64_t epoch_ = 0;
    uint64_t covered_ = 0;
    uint64_t checkpoints_ = 0;
    uint64_t failures_ = 0;
};

} // namespace verify
