#include "verify/checker.h"

#include <algorithm>
#include <istream>
#include <ostream>

namespace verify {
namespace {

constexpr uint64_t deviceEnrolled = 34;
constexpr uint64_t logHeads = 40;
constexpr uint64_t logKey = 42;
constexpr size_t maxLine = 4 * 1024 * 1024;
constexpr size_t maxContent = 65536;

bool isStructural(uint64_t kind)
{
    return kind >= 30 && kind <= 49;
}

// Lines that are longer than allowed are cut: an object that lost its end fails to parse.
bool nextLine(std::istream& input, std::string& line)
{
    line.clear();
    char character = 0;
    bool any = false;
    while (input.get(character)) {
        any = true;
        if (character == '\n')
            return true;
        if (line.size() <= maxLine)
            line += character;
    }
    return any;
}

// The object of a line.
std::optional<Json> parseLine(std::string_view line)
{
    auto json = line.size() <= maxLine ? parseJson(line) : std::nullopt;
    return json && json->type == Json::Type::object ? std::move(json) : std::nullopt;
}

std::optional<Bytes> base64Member(const Json& line, const std::string& name)
{
    const std::string* text = line.stringMember(name);
    return text ? fromBase64(*text) : std::nullopt;
}

std::optional<Bytes> hexMember(const Json& object, const std::string& name, size_t size)
{
    const std::string* text = object.stringMember(name);
    const auto bytes = text ? fromHex(*text) : std::nullopt;
    return bytes && bytes->size() == size ? bytes : std::nullopt;
}

bool isNull(const Json& line, const std::string& name)
{
    const Json* value = line.member(name);
    return value && value->type == Json::Type::null;
}

std::optional<uint64_t> numberMember(const Json& object, const std::string& name)
{
    const Json* value = object.member(name);
    return value && value->type == Json::Type::number ? fromDecimal(value->text) : std::nullopt;
}

} // namespace

std::optional<Bytes> orgOf(std::istream& input)
{
    std::string line;
    std::optional<Bytes> org;
    while (nextLine(input, line)) {
        if (org || line.find("\"checkpoint\"") == std::string::npos)
            continue;
        const auto json = parseLine(line);
        const std::string* text = json ? json->stringMember("checkpoint") : nullptr;
        const auto note = text ? parseNote(*text) : std::nullopt;
        if (note)
            org = note->org;
    }
    return org;
}

Checker::Checker(Options options, std::ostream& output) : options_(std::move(options)), output_(output) {}

void Checker::run(std::istream& input)
{
    std::string line;
    while (nextLine(input, line))
        readLine(line);
    if (report_.checkpoints == 0) {
        ++report_.checkpoints;
        failCheckpoint("the export has none: nothing signs it");
    } else if (!trusted_) {
        failCheckpoint("no good checkpoint is signed by the given key or by one after it");
    }
    report_.entries = leaves_.size();
    report_.keyChanges = keys_.size() - 1;
}

void Checker::fail(const std::string& what)
{
    ++report_.failures;
    output_ << "pos " << leaves_.size() << " entry " << (currentId_.empty() ? "unreadable" : hex(currentId_)) << ": "
            << what << '\n';
}

void Checker::failCheckpoint(const std::string& what)
{
    ++report_.failures;
    output_ << "checkpoint " << report_.checkpoints << ": " << what << '\n';
}

void Checker::readLine(std::string_view line)
{
    currentId_.clear();
    const auto json = parseLine(line);
    if (report_.checkpoints > 0 || (json && json->stringMember("checkpoint"))) {
        readCheckpoint(json ? &*json : nullptr);
        return;
    }
    if (json) {
        readEntry(*json);
        return;
    }
    fail("the line is not a JSON object");
    leaves_.emplace_back(32, '\0');
    places_.push_back({{}, 0, epoch_});
}

// An altered header changes its leaf. With the leaf that central recorded beside it, the alteration is named here, and
// the tree, the chains and the heads are still checked against what was recorded.
Bytes Checker::knownLeaf(const Json& line, std::string_view header)
{
    const Bytes computed = leafHash(header);
    if (!line.member("leaf"))
        return computed;
    const auto recorded = hexMember(line, "leaf", 32);
    if (recorded != computed)
        fail("the header is not the one whose leaf was recorded");
    return recorded.value_or(computed);
}

void Checker::readEntry(const Json& line)
{
    const auto header = base64Member(line, "header");
    const auto entry = header ? decodeEntry(*header) : std::nullopt;
    if (entry)
        currentId_ = entry->entryId;
    const Bytes leaf = knownLeaf(line, header.value_or(Bytes()));
    Place place;
    if (entry) {
        checkPlace(*entry, line);
        checkChain(*entry);
        checkContent(*entry, line);
        checkAuthor(*entry);
        place = {entry->thread, entry->threadSeq, 0};
        threads_[entry->thread] = {leaves_.size(), entry->threadSeq};
    } else {
        fail("the header is not in the format's form");
    }
    place.epoch = epoch_;
    leaves_.push_back(leaf);
    places_.push_back(std::move(place));
}

void Checker::checkPlace(const Entry& entry, const Json& line)
{
    if (numberMember(line, "pos") != leaves_.size())
        fail("the line's pos is not the next one");
    if (entry.pos != leaves_.size())
        fail("the header says pos " + std::to_string(entry.pos));
    if (entry.epoch < epoch_)
        fail("the epoch goes back");
    epoch_ = std::max(epoch_, entry.epoch);
    if (!entryIds_.insert(entry.entryId).second)
        fail("the entry id was used before");
}

void Checker::checkChain(const Entry& entry)
{
    const auto head = threads_.find(entry.thread);
    const uint64_t expected = head == threads_.end() ? 1 : head->second.threadSeq + 1;
    if (entry.threadSeq != expected)
        fail("the thread's number is " + std::to_string(entry.threadSeq) + " instead of " + std::to_string(expected));
    const Bytes prev = head == threads_.end() ? Bytes(32, '\0') : leaves_[head->second.pos];
    if (entry.prev != prev)
        fail(head == threads_.end() ? "a thread's first entry names one before it"
                                    : "it does not name the thread's entry at pos " + std::to_string(head->second.pos) +
                                          " as the one before it");
}

void Checker::checkContent(const Entry& entry, const Json& line)
{
    if (isNull(line, "content") && isNull(line, "salt")) {
        ++report_.erased;
        if (isStructural(entry.kind))
            fail("the content of a structural entry is missing");
        return; // erased: the commitment stays, and says nothing without the salt
    }
    const auto content = base64Member(line, "content");
    const auto salt = base64Member(line, "salt");
    if (!content || !salt || salt->size() != 32 || content->size() > maxContent) {
        fail("content and salt are not in the format's form");
        return;
    }
    const Bytes label("holdfast/content/v1\0", 20);
    if (hmacSha256(*salt, label + bigEndian(entry.kind, 4) + *content) != entry.commit) {
        fail("the content is not the one that was committed to");
        return;
    }
    readStructure(entry, *content);
}

void Checker::checkAuthor(const Entry& entry)
{
    const Bytes nobody(16, '\0');
    if (entry.device == nobody || entry.author == nobody || entry.signature.empty()) {
        if (entry.device != nobody || entry.author != nobody || !entry.signature.empty())
            fail("it is neither central's nor a desk's: author, device and signature come together");
        return;
    }
    if (isStructural(entry.kind))
        fail("only central writes structural entries");
    const auto device = devices_.find(entry.device);
    if (device == devices_.end())
        fail("its device was not enrolled before");
    else if (device->second.user != entry.author)
        fail("its device was enrolled to somebody else");
    else if (!goodSignature(device->second.key, "holdfast/entry/v1\n" + options_.org + entry.authorPart,
                            entry.signature))
        fail("the device's signature does not fit");
}

void Checker::readStructure(const Entry& entry, std::string_view content)
{
    if (entry.kind != deviceEnrolled && entry.kind != logHeads && entry.kind != logKey)
        return;
    const auto json = parseJson(content);
    if (!json)
        fail("a structural entry is not readable");
    else if (entry.kind == logHeads)
        readHeads(entry, *json);
    else if (entry.kind == logKey)
        readKeyChange(*json);
    else
        readEnrolment(*json);
}

void Checker::readEnrolment(const Json& content)
{
    const auto device = hexMember(content, "device", 16);
    const auto user = hexMember(content, "user", 16);
    const auto key = hexMember(content, "public_key", 32);
    if (device && user && key && sha256(*key).substr(0, 16) == *device)
        devices_.emplace(*device, Device{*user, *key}); // the first enrolment counts
    else
        fail("the enrolled device's id does not belong to its key");
}

void Checker::readHeads(const Entry& entry, const Json& content)
{
    const auto covers = numberMember(content, "covers");
    const auto wanted = hexMember(content, "heads_root", 32);
    if (!wanted || covers != leaves_.size()) {
        fail("the map of heads does not cover all entries before it");
        return;
    }
    if (!logThread_.empty() && logThread_ != entry.thread)
        fail("the log's own thread has changed");
    logThread_ = entry.thread;
    heads_.remove(logThread_); // entries of the own thread may have come before its first map
    for (; headsUpTo_ < *covers; ++headsUpTo_) {
        const Place& place = places_[headsUpTo_];
        if (!place.thread.empty() && place.thread != logThread_)
            heads_.set(place.thread, place.threadSeq, leaves_[headsUpTo_]);
    }
    if (heads_.root() != *wanted)
        fail("the map of thread heads has another root");
}

// Before the first change is met, the log's first key is not known: it is the one that the change names.
void Checker::readKeyChange(const Json& content)
{
    const auto previous = hexMember(content, "previous", 32);
    const auto next = hexMember(content, "public_key", 32);
    const auto signature = hexMember(content, "signature", 64);
    if (!previous || !next || !signature) {
        fail("the change of the log's key is not in the format's form");
        return;
    }
    const bool follows = keys_.empty() || keys_.back() == *previous;
    if (!follows || !goodSignature(*previous, "holdfast/log-key/v1\n" + options_.org + *previous + *next, *signature)) {
        fail("the log's new key is not signed by the one before it");
        return;
    }
    if (keys_.empty()) {
        keys_.push_back(*previous);
        keyStarts_.push_back(0);
    }
    keys_.push_back(*next);
    keyStarts_.push_back(leaves_.size() + 1);
}

size_t Checker::keyInForce(uint64_t size) const
{
    size_t key = keys_.size() - 1;
    while (keyStarts_[key] > size)
        --key;
    return key;
}

Bytes Checker::rootOf(uint64_t size)
{
    if (size < tree_.size())
        tree_ = Tree(); // exporters write checkpoints in order, so this is rare
    while (tree_.size() < size)
        tree_.append(leaves_[tree_.size()]);
    return tree_.root();
}

void Checker::readCheckpoint(const Json* line)
{
    ++report_.checkpoints;
    const std::string problem = problemOf(line ? line->stringMember("checkpoint") : nullptr);
    if (!problem.empty())
        failCheckpoint(problem);
}

void Checker::checkAnchor(const std::string& name, const std::string& note)
{
    ++report_.anchors;
    const std::string problem = problemOf(&note);
    if (problem.empty())
        return;
    ++report_.failures;
    output_ << "anchor " << name << ": " << problem << '\n';
}

std::string Checker::problemOf(const std::string* text)
{
    if (keys_.empty()) { // it never changed
        keys_.push_back(options_.logKey);
        keyStarts_.push_back(0);
    }
    const auto note = text ? parseNote(*text) : std::nullopt;
    if (!note)
        return "it is not in the form of a checkpoint";
    if (note->org != options_.org)
        return "it is of another organisation";
    const auto given = std::find(keys_.begin(), keys_.end(), options_.logKey);
    if (given == keys_.end())
        return "the given key is none that the log has had";
    const size_t key = keyInForce(note->size);
    if (!isSignedBy(*note, keys_[key]))
        return "it has no good signature of the log's key";
    if (note->size == 0 || note->size > leaves_.size())
        return "it covers " + std::to_string(note->size) + " entries; the export has " + std::to_string(leaves_.size());
    if (note->epoch != places_[note->size - 1].epoch)
        return "it is of another epoch than the entries that it covers";
    if (rootOf(note->size) != note->root)
        return "the tree of the entries that it covers has another root";
    trusted_ = trusted_ || key >= static_cast<size_t>(given - keys_.begin());
    if (note->size > report_.covered) {
        report_.covered = note->size;
        report_.coveredRoot = note->root;
    }
    return {};
}

} // namespace verify
