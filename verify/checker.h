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
    Bytes logKey; // 32 bytes: any that the log has had
    Bytes org;    // 16 bytes
};

struct Report
{
    uint64_t failures = 0;
    uint64_t entries = 0;
    uint64_t erased = 0;
    uint64_t checkpoints = 0;
    uint64_t anchors = 0;
    uint64_t keyChanges = 0;
    uint64_t covered = 0; // entries below the largest good checkpoint
    Bytes coveredRoot;    // of that checkpoint
};

// The organisation that the export's first checkpoint names; nothing without a checkpoint. Reads to the end.
std::optional<Bytes> orgOf(std::istream& input);

class Checker
{
public:
    // Prints one line per failure to `output`.
    Checker(Options options, std::ostream& output);
    void run(std::istream& input);
    void readLine(std::string_view line); // the next one: what run() does until the end
    // After run(): a checkpoint that was kept elsewhere; `name` is its file's.
    void checkAnchor(const std::string& name, const std::string& note);

    [[nodiscard]] const Report& report() const { return report_; }

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

    void readEntry(const Json& line);
    Bytes knownLeaf(const Json& line, std::string_view header);
    void checkPlace(const Entry& entry, const Json& line);
    void checkChain(const Entry& entry);
    void checkContent(const Entry& entry, const Json& line);
    void checkAuthor(const Entry& entry);
    void readStructure(const Entry& entry, std::string_view content);
    void readEnrolment(const Json& content);
    void readHeads(const Entry& entry, const Json& content);
    void readKeyChange(const Json& content);
    void readCheckpoint(const Json* line);
    // Empty: the text is a checkpoint of this log.
    [[nodiscard]] std::string problemOf(const std::string* text);
    [[nodiscard]] size_t keyInForce(uint64_t size) const; // its place in keys_
    Bytes rootOf(uint64_t size);
    void fail(const std::string& what); // about the entry that is read
    void failCheckpoint(const std::string& what);

    Options options_;
    std::ostream& output_;
    std::vector<Bytes> leaves_; // by pos
    std::vector<Place> places_; // by pos
    std::unordered_map<Bytes, Head> threads_;
    std::unordered_map<Bytes, Device> devices_;
    std::unordered_set<Bytes> entryIds_;
    Heads heads_; // of the entries below headsUpTo_
    uint64_t headsUpTo_ = 0;
    Tree tree_; // over the leaves up to the newest checkpoint that was checked
    Bytes logThread_;
    std::vector<Bytes> keys_;         // of the log, the first one first
    std::vector<uint64_t> keyStarts_; // entries before each key was in force
    bool trusted_ = false;            // a good checkpoint is signed by the given key or by one after it
    Bytes currentId_;                 // of the line that is read
    uint64_t epoch_ = 0;
    Report report_;
};

} // namespace verify
