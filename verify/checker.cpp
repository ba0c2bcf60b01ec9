#include "verify/checker.h"

#include <algorithm>
#include <istream>
#include <ostream>

namespace verify {
namespace {

constexpr uint64_t deviceEnrolled = 34;
constexpr uint64_t logHeads = 40;
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
    if (checkpoints_ == 0) {
        ++checkpoints_;
        reportCheckpoint("the export has none: nothing signs it");
    }
}

void Checker::report(const std::string& what)
{
    ++failures_;
    output_ << "pos " << leaves_.size() << " entry " << (currentId_.empty() ? "unreadable" : hex(currentId_)) << ": "
            << what << '\n';
}

void Checker::reportCheckpoint(const std::string& what)
{
    ++failures_;
    output_ << "checkpoint " << checkpoints_ << ": " << what << '\n';
}

void Checker::readLine(std::string_view line)
{
    currentId_.clear();
    const auto json = parseLine(line);
    if (checkpoints_ > 0 || (json && json->stringMember("checkpoint"))) {
        readCheckpoint(json ? &*json : nullptr);
        return;
    }
    if (json) {
        readEntry(*json);
        return;
    }
    report("the line is not a JSON object");
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
        report("the header is not the one whose leaf was recorded");
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
        report("the header is not in the format's form");
    }
    place.epoch = epoch_;
    leaves_.push_back(leaf);
    places_.push_back(std::move(place));
}

void Checker::checkPlace(const Entry& entry, const Json& line)
{
    if (numberMember(line, "pos") != leaves_.size())
        report("the line's pos is not the next one");
    if (entry.pos != leaves_.size())
        report("the header says pos " + std::to_string(entry.pos));
    if (entry.epoch < epoch_)
        report("the epoch goes back");
    epoch_ = std::max(epoch_, entry.epoch);
    if (!entryIds_.insert(entry.entryId).second)
        report("the entry id was used before");
}

void Checker::checkChain(const Entry& entry)
{
    const auto head = threads_.find(entry.thread);
    const uint64_t expected = head == threads_.end() ? 1 : head->second.threadSeq + 1;
    if (entry.threadSeq != expected)
        report("the thread's number is " + std::to_string(entry.threadSeq) + " instead of " + std::to_string(expected));
    const Bytes prev = head == threads_.end() ? Bytes(32, '\0') : leaves_[head->second.pos];
    if (entry.prev != prev)
        report(head == threads_.end() ? "a thread's first entry names one before it"
                                      : "it does not name the thread's entry at pos " +
                                            std::to_string(head->second.pos) + " as the one before it");
}

void Checker::checkContent(const Entry& entry, const Json& line)
{
    if (isNull(line, "content") && isNull(line, "salt")) {
        if (isStructural(entry.kind))
            report("the content of a structural entry is missing");
        return; // erased: the commitment stays, and says nothing without the salt
    }
    const auto content = base64Member(line, "content");
    const auto salt = base64Member(line, "salt");
    if (!content || !salt || salt->size() != 32 || content->size() > maxContent) {
        report("content and salt are not in the format's form");
        return;
    }
    const Bytes label("holdfast/content/v1\0", 20);
    if (hmacSha256(*salt, label + bigEndian(entry.kind, 4) + *content) != entry.commit) {
        report("the content is not the one that was committed to");
        return;
    }
    readStructure(entry, *content);
}

void Checker::checkAuthor(const Entry& entry)
{
    const Bytes nobody(16, '\0');
    if (entry.device == nobody || entry.author == nobody || entry.signature.empty()) {
        if (entry.device != nobody || entry.author != nobody || !entry.signature.empty())
            report("it is neither central's nor a desk's: author, device and signature come together");
        return;
    }
    if (isStructural(entry.kind))
        report("only central writes structural entries");
    const auto device = devices_.find(entry.device);
    if (device == devices_.end())
        report("its device was not enrolled before");
    else if (device->second.user != entry.author)
        report("its device was enrolled to somebody else");
    else if (!goodSignature(device->second.key, "holdfast/entry/v1\n" + options_.org + entry.authorPart,
                            entry.signature))
        report("the device's signature does not fit");
}

void Checker::readStructure(const Entry& entry, std::string_view content)
{
    if (entry.kind != deviceEnrolled && entry.kind != logHeads)
        return;
    const auto json = parseJson(content);
    if (!json)
        report("a structural entry is not readable");
    else if (entry.kind == logHeads)
        readHeads(entry, *json);
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
        report("the enrolled device's id does not belong to its key");
}

void Checker::readHeads(const Entry& entry, const Json& content)
{
    const auto covers = numberMember(content, "covers");
    const auto wanted = hexMember(content, "heads_root", 32);
    if (!covers || !wanted || *covers > leaves_.size() || *covers < headsUpTo_) {
        report("the map of heads covers entries that it cannot");
        return;
    }
    if (!logThread_.empty() && logThread_ != entry.thread)
        report("the log's own thread has changed");
    logThread_ = entry.thread;
    heads_.remove(logThread_); // entries of the own thread may have come before its first map
    for (; headsUpTo_ < *covers; ++headsUpTo_) {
        const Place& place = places_[headsUpTo_];
        if (!place.thread.empty() && place.thread != logThread_)
            heads_.set(place.thread, place.threadSeq, leaves_[headsUpTo_]);
    }
    if (heads_.root() != *wanted)
        report("the map of thread heads has another root");
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
    ++checkpoints_;
    const std::string* text = line ? line->stringMember("checkpoint") : nullptr;
    const auto note = text ? parseNote(*text) : std::nullopt;
    const std::string problem = note ? problemOf(*note) : "it is not in the form of a checkpoint";
    if (problem.empty())
        covered_ = std::max(covered_, note->size);
    else
        reportCheckpoint(problem);
}

std::string Checker::problemOf(const Note& note)
{
    if (note.org != options_.org)
        return "it is of another organisation";
    if (!isSignedBy(note, options_.logKey))
        return "it has no good signature of the log's key";
    if (note.size == 0 || note.size > leaves_.size())
        return "it covers " + std::to_string(note.size) + " entries; the export has " + std::to_string(leaves_.size());
    if (note.epoch != places_[note.size - 1].epoch)
        return "it is of another epoch than the entries that it covers";
    if (rootOf(note.size) != note.root)
        return "the tree of the entries that it covers has another root";
    return {};
}

} // namespace verify
