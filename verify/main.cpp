// holdfast-verify FILE --log-key HEX [--org HEX]: checks an export without Holdfast.
#include "verify/checker.h"

#include <fstream>
#include <iostream>
#include <map>

namespace {

constexpr int good = 0;
constexpr int failed = 1;
constexpr int notUsable = 2;

int usage()
{
    std::cerr << "Usage: holdfast-verify FILE.jsonl --log-key HEX [--org HEX]\n"
                 "Checks every entry and checkpoint of an export. --log-key is the log's public key (64 hex digits);\n"
                 "--org the organisation's id (32 hex digits), by default the one that the checkpoint names.\n"
                 "Exit code: 0 everything holds, 1 something does not, 2 it could not be checked.\n";
    return notUsable;
}

} // namespace

int main(int argc, char** argv)
{
    std::map<std::string, std::string> named;
    std::string file;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if ((argument == "--log-key" || argument == "--org") && i + 1 < argc)
            named[argument] = argv[++i];
        else if (file.empty() && !argument.starts_with("--"))
            file = argument;
        else
            return usage();
    }
    const auto key = verify::fromHex(named["--log-key"]);
    if (file.empty() || !key || key->size() != 32)
        return usage();
    std::ifstream input(file, std::ios::binary);
    if (!input) {
        std::cerr << "The file cannot be opened.\n";
        return notUsable;
    }
    const auto org = named.contains("--org") ? verify::fromHex(named["--org"]) : verify::orgOf(input);
    if (!org || org->size() != 16) {
        std::cerr << "The organisation is not known: the file has no readable checkpoint. Give --org.\n";
        return notUsable;
    }
    input.clear();
    input.seekg(0);
    verify::Checker checker({*key, *org}, std::cout);
    checker.run(input);
    std::cout << checker.entries() << " entries, " << checker.covered() << " of them under a good checkpoint, "
              << checker.failures() << " failures\n";
    if (input.bad()) {
        std::cerr << "The file could not be read to its end.\n";
        return notUsable;
    }
    return checker.failures() == 0 ? good : failed;
}
