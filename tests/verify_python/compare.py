#!/usr/bin/env python3
"""Changes an export in many seeded ways and holds holdfast-verify and verify_export.py against each other: both must accept
or both refuse, and both must name the same line first. Where a change's outcome is known, it is checked too.

    compare.py EXPORT --log-key-file FILE --verifier PROGRAM [--count N] [--seed N] [--only I]

FILE holds the log's seed in hex, as central keeps it: some changes are those of a thief."""
import argparse
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

import ed25519
import mutations
from export import Export
from verify_export import verify

Outcome = collections.namedtuple("Outcome", "code first")


def by_program(program, file, key, *options):
    run = subprocess.run([program, file, "--log-key", key.hex(), *options], capture_output=True, check=False)
    first = run.stdout.decode(errors="replace").split("\n")[0]
    return Outcome(run.returncode, first.split(": ")[0] if run.returncode == 1 else None)


def by_python(data, key, anchors=()):
    verifier = verify(data, key, anchors=anchors)
    if verifier is None:
        return Outcome(2, None)
    return Outcome(1, verifier.failures[0][0]) if verifier.failures else Outcome(0, None)


def fits(outcome, known):
    if known is None:
        return True
    if known == mutations.GOOD:
        return outcome.code == 0
    if known == mutations.BAD:
        return outcome.code != 0
    return outcome.code == 1 and outcome.first.startswith(known)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("export")
    parser.add_argument("--log-key-file", required=True)
    parser.add_argument("--verifier", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="replay one")
    arguments = parser.parse_args()
    with open(arguments.export, "rb") as file:
        original = file.read()
    with open(arguments.log_key_file, encoding="ascii") as file:
        seed = bytes.fromhex(file.read().strip())
    key = ed25519.public_key(seed)
    changes = sorted(mutations.all_mutations(seed).items())
    anchors = [(f"{number:04}.note", json.loads(line)["checkpoint"].encode())
               for number, line in enumerate(Export(original).notes)]
    table = collections.defaultdict(collections.Counter)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "export.jsonl")
        for anchor, note in anchors:
            with open(os.path.join(folder, anchor), "wb") as file:
                file.write(note)
        for index in range(arguments.count) if arguments.only is None else [arguments.only]:
            kind, change = changes[index % len(changes)]
            data, known = change(random.Random(f"{arguments.seed}/{index}"), Export(original))
            with open(name, "wb") as file:
                file.write(data)
            outcomes = by_program(arguments.verifier, name, key), by_python(data, key)
            table[kind][outcomes[1].code] += 1
            if outcomes[0] != outcomes[1] or not fits(outcomes[1], known):
                wrong += 1
                print(f"--seed {arguments.seed} --only {index} ({kind}): holdfast-verify {tuple(outcomes[0])}, "
                      f"Python {tuple(outcomes[1])}, expected {known}")
            if kind in mutations.FOUND_BY_ANCHORS:
                outcomes = (by_program(arguments.verifier, name, key, "--anchors", folder),
                            by_python(data, key, anchors))
                if outcomes[0] != outcomes[1] or not fits(outcomes[1], "anchor"):
                    wrong += 1
                    print(f"--seed {arguments.seed} --only {index} ({kind}), with anchors: {outcomes}")
    print(f"{'change':28}{'accepted':>10}{'refused':>10}{'unusable':>10}")
    for kind, codes in sorted(table.items()):
        print(f"{kind:28}{codes[0]:>10}{codes[1]:>10}{codes[2]:>10}")
    print(f"{sum(sum(codes.values()) for codes in table.values())} changed exports, {wrong} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
