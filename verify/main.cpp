// holdfast-verify FILE --log-key HEX [--org HEX] [--anchors DIRECTORY]: checks an export without Holdfast.
#include "verify/summary.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

namespace {

constexpr int good = 0;
constexpr int failed = 1;
constexpr int notUsable = 2;

void usage(std::ostream& out)
{
    out << "Usage: holdfast-verify FILE.jsonl --log-key HEX [--org HEX] [--anchors DIRECTORY]\n"
           "Checks every entry and checkpoint of an export, and says what that proves and what it does not.\n"
           "--log-key is a public key that the log has or had (64 hex digits, lower case); --org the\n"
           "organisation's id (32), by default the one that the first checkpoint names; --anchors a directory of\n"
           "checkpoints that were kept elsewhere (*.note).\n"
           "Exit code: 0 everything holds, 1 something does not, 2 it could not be checked.\n";
}

int unusable(const char* words)
{
    std::cerr << words << '\n';
    return notUsable;
}

struct Arguments
{
    std::string file;
    std::map<std::string, std::string> named;
};

std::optional<Arguments> parse(int argc, char** argv)
{
    const std::set<std::string> names{"--log-key", "--org", "--anchors"};
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (names.contains(argument) && i + 1 < argc)
            arguments.named[argument] = argv[++i];
        else if (arguments.file.empty() && !argument.starts_with("--"))
            arguments.file = argument;
        else
            return std::nullopt;
    }
    return arguments;
}

// In the order of their names; false when the directory cannot be read or holds none.
bool checkAnchors(const std::string& directory, verify::Checker& checker)
{
    std::error_code error;
    std::set<std::filesystem::path> files;
    for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == ".note")
            files.insert(entry->path());
    }
    for (const std::filesystem::path& file : files) {
        std::ifstream input(file, std::ios::binary);
        std::string note(verify::maxNote + 1, '\0'); // longer is no checkpoint, whatever follows
        input.read(note.data(), static_cast<std::streamsize>(note.size()));
        note.resize(static_cast<size_t>(input.gcount()));
        checker.checkAnchor(file.filename().string(), note);
    }
    return !error && !files.empty();
}

} // namespace

int main(int argc, char** argv)
{
    const std::string first = argc > 1 ? argv[1] : "";
    if (first == "--help" || first == "-h") {
        usage(std::cout);
        return good;
    }
    if (first == "--version") {
        std::cout << "holdfast-verify " HOLDFAST_VERSION "\n";
        return good;
    }
    auto arguments = parse(argc, argv);
    if (!arguments || arguments->file.empty()) {
        usage(std::cerr);
        return notUsable;
    }
    if (!arguments->named.contains("--log-key"))
        return unusable("--log-key is needed: the log's public key, as \"holdfast-admin log-key show\" prints it.");
    const auto key = verify::fromHex(arguments->named["--log-key"]);
    if (!key || key->size() != 32)
        return unusable("--log-key must be 64 hex digits in lower case.");
    std::ifstream input(arguments->file, std::ios::binary);
    if (!input)
        return unusable("The file cannot be opened.");
    const bool isGiven = arguments->named.contains("--org");
    const auto org = isGiven ? verify::fromHex(arguments->named["--org"]) : verify::orgOf(input);
    if (!org || org->size() != 16)
        return unusable("The file has no readable checkpoint: it is no export, or was cut off. If you know that it is "
                        "one, give --org.");
    input.clear();
    if (!input.seekg(0))
        return unusable("The file cannot be read twice. Give a file, not a pipe.");
    verify::Checker checker({*key, *org}, std::cout);
    checker.run(input);
    if (input.bad())
        return unusable("The file could not be read to its end.");
    const auto anchors = arguments->named.find("--anchors");
    if (anchors != arguments->named.end() && !checkAnchors(anchors->second, checker))
        return unusable("The directory of anchors cannot be read, or holds no *.note.");
    verify::printSummary(checker.report(), std::cout);
    return checker.report().failures == 0 ? good : failed;
}
