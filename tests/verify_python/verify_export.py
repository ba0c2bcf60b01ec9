#!/usr/bin/env python3
"""Verifies an export of a Holdfast log. Written from docs/log-format.md alone, with Python's standard library alone, to
show that the page is enough.

    verify_export.py FILE --log-key HEX [--org HEX] [--anchors DIRECTORY]

Prints a line for each failure. Exit code 0: all holds; 1: something does not; 2: it could not be checked."""
import argparse
import os
import sys

import ed25519
from log_format import (MAX_CONTENT, ZEROS, Heads, Malformed, Tree, commitment, count, key_hash, leaf_hash,
                        parse_header, parse_note, parse_object, sha256, unbase64, unhex)

MAX_LINE = 4 * 1024 * 1024
DEVICE_ENROLLED, LOG_HEADS, LOG_KEY = 34, 40, 42


def is_structural(kind):
    return 30 <= kind <= 49


class Verifier:
    def __init__(self, log_key, org):
        self.log_key, self.org = log_key, org
        self.failures = []  # (name, why) in the order of the file
        self.tree, self.roots = Tree(), {}
        self.epochs = []  # of each entry, as far as it can be read
        self.entry_ids, self.threads, self.devices = set(), {}, {}
        self.heads, self.waiting, self.log_thread = Heads(), [], None
        self.keys = []  # of the log, with the number of entries before each was in force
        self.trusted = False  # a good checkpoint is signed by the given key or a later one
        self.epoch = 0
        self.checkpoints = 0

    def fail(self, name, why):
        self.failures.append((name, why))

    # --- entries

    def entry(self, line, sizes):
        """`line`: the object, or why it is none. `sizes`: of the checkpoints to come."""
        pos = len(self.epochs)
        self.epochs.append(self.epoch)
        name = f"pos {pos} entry unreadable"
        data = b""
        try:
            if isinstance(line, Malformed):
                raise line
            data = unbase64(line.get("header"))
            header = parse_header(data)
            name = f"pos {pos} entry {header.entry_id.hex()}"
            for why in self.wrongs(line, header, leaf_hash(data), pos):
                self.fail(name, why)
        except Malformed as error:
            self.fail(name, str(error))
        self.tree.append(leaf_hash(data))
        if pos + 1 in sizes:
            self.roots[pos + 1] = self.tree.root()

    def wrongs(self, line, header, leaf, pos):
        if count(line.get("pos")) != pos or header.pos != pos:
            yield "it says to be at another position"
        if "leaf" in line and unhex(line["leaf"], 32) != leaf:
            yield "the header is not the one that was appended"
        if header.epoch < self.epoch:
            yield "the epoch goes back"
        self.epochs[pos] = self.epoch = max(self.epoch, header.epoch)
        if header.entry_id in self.entry_ids:
            yield "the entry is in the log already"
        self.entry_ids.add(header.entry_id)
        tseq, prev = self.threads.get(header.thread, (0, bytes(32)))
        if (header.tseq, header.prev) != (tseq + 1, prev):
            yield "it does not follow the entry before it in its thread"
        self.threads[header.thread] = header.tseq, leaf
        self.waiting.append((header.thread, header.tseq, leaf))
        yield from self.author(header)
        content = self.content(line)
        if content is None:
            if is_structural(header.kind):
                yield "it was erased, and entries of its kind never are"
            return
        if commitment(self.salt(line), header.kind, content) != header.commit or len(content) > MAX_CONTENT:
            yield "the content is not the one that was committed to"
        elif header.kind == DEVICE_ENROLLED:
            self.enrol(parse_object(content))
        elif header.kind == LOG_HEADS:
            yield from self.log_heads(header, parse_object(content), pos)
        elif header.kind == LOG_KEY:
            yield from self.key_change(parse_object(content), pos)

    def author(self, header):
        zeros = (header.author == ZEROS, header.device == ZEROS, not header.signature)
        if all(zeros):
            return
        user, key = self.devices.get(header.device, (None, None))
        if any(zeros):
            yield "it is neither central's nor a desk's"
        elif is_structural(header.kind):
            yield "only central may write entries of its kind"
        elif key is None:
            yield "its device was not enrolled before it"
        elif user != header.author:
            yield "its device was enrolled to somebody else"
        elif not ed25519.verify(key, b"holdfast/entry/v1\n" + self.org + header.part, header.signature):
            yield "the signature of its device is wrong"

    @staticmethod
    def content(line):
        if "content" not in line or "salt" not in line or (line["content"] is None) != (line["salt"] is None):
            raise Malformed("content or salt is missing")
        return None if line["content"] is None else unbase64(line["content"])

    @staticmethod
    def salt(line):
        salt = unbase64(line["salt"])
        if len(salt) != 32:
            raise Malformed("the salt has another size")
        return salt

    def enrol(self, content):
        device, user = unhex(content.get("device"), 16), unhex(content.get("user"), 16)
        key = unhex(content.get("public_key"), 32)
        if sha256(key)[:16] != device:
            raise Malformed("the enrolled id does not belong to the key")
        self.devices.setdefault(device, (user, key))

    def log_heads(self, header, content, pos):
        covers, root = count(content.get("covers")), unhex(content.get("heads_root"), 32)
        if self.log_thread not in (None, header.thread):
            yield "it is not in the log's own thread"
        self.log_thread = header.thread
        if covers != pos:
            yield "it does not cover all entries before it"
            return
        for thread, tseq, leaf in self.waiting:
            if thread != self.log_thread:
                self.heads.set(thread, tseq, leaf)
        self.waiting = []
        if self.heads.root() != root:
            yield "the map of heads is not that of the entries before it"

    def key_change(self, content, pos):
        previous, key = unhex(content.get("previous"), 32), unhex(content.get("public_key"), 32)
        signature = unhex(content.get("signature"), 64)
        if self.keys and self.keys[-1][0] != previous:
            yield "it does not follow the key before it"
        elif not ed25519.verify(previous, b"holdfast/log-key/v1\n" + self.org + previous + key, signature):
            yield "the key before it did not sign it"
        else:
            self.keys = (self.keys or [(previous, 0)]) + [(key, pos + 1)]

    # --- checkpoints

    def checkpoint(self, line):
        self.checkpoints += 1
        try:
            if isinstance(line, Malformed):
                raise line
            why = self.wrong_of(parse_note(line.get("checkpoint")))
        except Malformed as error:
            why = str(error)
        if why:
            self.fail(f"checkpoint {self.checkpoints}", why)

    def wrong_of(self, note):
        keys = self.keys or [(self.log_key, 0)]
        if note.org != self.org:
            return "it is another organisation's"
        if self.log_key not in [key for key, _ in keys]:
            return "the given key is none that the log has had"
        key = [key for key, start in keys if start <= note.size][-1]
        ours = key_hash(note.name, key)
        signatures = [data[4:] for name, data in note.lines if name == note.name and data[:4] == ours]
        if not signatures or not all(ed25519.verify(key, note.text, one) for one in signatures):
            return "the log's key did not sign it"
        if not 1 <= note.size <= len(self.epochs):
            return f"it covers {note.size} entries; {len(self.epochs)} are here"
        if note.epoch != self.epochs[note.size - 1]:
            return "it is of another epoch than the entries"
        if self.roots[note.size] != note.root:
            return "its root is not that of the entries"
        order = [one for one, _ in keys]
        self.trusted = self.trusted or order.index(key) >= order.index(self.log_key)
        return None

    def end(self):
        if not self.checkpoints:
            self.fail("checkpoint 1", "there is none: nothing signs the export")
        elif not self.trusted:
            self.fail(f"checkpoint {self.checkpoints}", "none is signed by the given key or a later one")

    def anchor(self, name, data):
        try:
            why = self.wrong_of(parse_note(data.decode("utf-8")))
        except (UnicodeDecodeError, Malformed) as error:
            why = str(error)
        if why:
            self.fail(f"anchor {name}", why)


def read_lines(data):
    """The objects of the lines; what is none comes as its Malformed."""
    for line in data.removesuffix(b"\n").split(b"\n") if data else ():
        try:
            if len(line) > MAX_LINE:
                raise Malformed("the line is too long")
            yield parse_object(line)
        except Malformed as error:
            yield error


def notes_of(lines):
    for line in lines:
        if isinstance(line, dict):
            try:
                yield parse_note(line.get("checkpoint"))
            except Malformed:
                pass


def read_anchors(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".note"):
            with open(os.path.join(folder, name), "rb") as file:
                yield name, file.read()


def notes_of_anchors(anchors):
    for _, data in anchors:
        try:
            yield parse_note(data.decode("utf-8"))
        except (UnicodeDecodeError, Malformed):
            pass


def verify(data, log_key, org=None, anchors=()):
    """The verifier after it read the whole export; None when no organisation is known. `anchors`: names and bytes."""
    lines = list(read_lines(data))
    notes = list(notes_of(lines))
    org = org or next((note.org for note in notes), None)
    if org is None:
        return None
    verifier = Verifier(log_key, org)
    sizes = {note.size for note in notes} | {note.size for note in notes_of_anchors(anchors)}
    for line in lines:
        is_note = isinstance(line, dict) and isinstance(line.get("checkpoint"), str)
        if is_note or verifier.checkpoints:
            verifier.checkpoint(line)
        else:
            verifier.entry(line, sizes)
    verifier.end()
    for name, note in anchors:
        verifier.anchor(name, note)
    return verifier


def main():
    parser = argparse.ArgumentParser(description="Verifies an export of a Holdfast log.")
    parser.add_argument("file")
    parser.add_argument("--log-key", required=True, help="the log's public key, 64 hex digits")
    parser.add_argument("--org", help="the organisation, 32 hex digits")
    parser.add_argument("--anchors", help="a directory of checkpoints that were kept elsewhere, *.note")
    arguments = parser.parse_args()
    try:
        with open(arguments.file, "rb") as file:
            data = file.read()
        anchors = list(read_anchors(arguments.anchors)) if arguments.anchors else []
        if arguments.anchors and not anchors:
            raise Malformed("the directory of anchors holds none")
        verifier = verify(data, unhex(arguments.log_key, 32), unhex(arguments.org, 16) if arguments.org else None,
                          anchors)
    except (OSError, Malformed) as error:
        print(f"could not be checked: {error}", file=sys.stderr)
        return 2
    if verifier is None:
        print("could not be checked: no checkpoint names the organisation", file=sys.stderr)
        return 2
    for name, why in verifier.failures:
        print(f"{name}: {why}")
    print(f"{len(verifier.epochs)} entries, {verifier.checkpoints} checkpoints, {len(verifier.failures)} failures")
    return 1 if verifier.failures else 0


if __name__ == "__main__":
    sys.exit(main())
