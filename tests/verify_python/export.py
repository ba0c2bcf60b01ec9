"""An export as a thing to take apart and to put together again, by someone who has the log's key."""
import base64
import json
from collections import namedtuple

import ed25519
from log_format import (Heads, Tree, commitment, encode_header, encode_note, key_hash, leaf_hash, parse_header,
                        parse_note, unbase64)

LOG_HEADS, LOG_KEY = 40, 42
Item = namedtuple("Item", "header content salt")  # content and salt are None when erased


def dump(line):
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode()


def note_line(note):
    return dump({"checkpoint": note})


def signed_note(org, epoch, size, root, seed):
    name = f"holdfast/{org.hex()}/{epoch}"
    text = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"
    return encode_note(text, (name, key_hash(name, ed25519.public_key(seed)), ed25519.sign(seed, text.encode())))


class Export:
    """Lines as they are in the file: `entries`, then `notes`."""

    def __init__(self, data):
        lines = data.removesuffix(b"\n").split(b"\n")
        self.notes = [line for line in lines if line.startswith(b'{"checkpoint"')]
        self.entries = lines[:len(lines) - len(self.notes)]

    def bytes(self):
        return b"".join(line + b"\n" for line in self.entries + self.notes)

    def object(self, pos):
        return json.loads(self.entries[pos])

    def header(self, pos):
        return parse_header(unbase64(self.object(pos)["header"]))

    def note(self, number):
        return parse_note(json.loads(self.notes[number])["checkpoint"])

    def key_start(self):
        """The size of the smallest log that the newest key signs."""
        return max((pos + 1 for pos in self.positions(lambda header: header.kind == LOG_KEY)), default=0)

    def own_notes(self):
        """Numbers of the notes that the newest key signed: the only ones that a thief of it can write anew."""
        start = self.key_start()
        return [number for number in range(len(self.notes)) if self.note(number).size >= start]

    def change(self, pos, /, **fields):
        self.entries[pos] = dump({**self.object(pos), **fields})

    def positions(self, wanted):
        return [pos for pos in range(len(self.entries)) if wanted(self.header(pos))]

    def items(self):
        result = []
        for pos in range(len(self.entries)):
            line = self.object(pos)
            content, salt = (None if line[name] is None else unbase64(line[name]) for name in ("content", "salt"))
            result.append(Item(self.header(pos), content, salt))
        return result

    def rewrite(self, items, seed, keep_heads=False):
        """Another history by someone with the log's key: chains, maps of heads, tree and notes all fit again. Entries of
        desks keep their author's part, so their signatures hold."""
        notes = [self.note(number) for number in self.own_notes()]
        sizes = {note.size: note for note in notes}
        threads, heads, tree = {}, Heads(), Tree()
        log_thread = next(item.header.thread for item in items if item.header.kind == LOG_HEADS)
        self.entries, self.notes = [], []
        for pos, item in enumerate(items):
            if item.header.kind == LOG_HEADS and not keep_heads:
                content = dump({"covers": pos, "heads_root": heads.root().hex()})
                commit = commitment(item.salt, LOG_HEADS, content)
                item = Item(item.header._replace(commit=commit), content, item.salt)
            tseq, prev = threads.get(item.header.thread, (0, bytes(32)))
            data = encode_header(item.header._replace(pos=pos, tseq=tseq + 1, prev=prev))
            leaf = leaf_hash(data)
            threads[item.header.thread] = tseq + 1, leaf
            if item.header.thread != log_thread:
                heads.set(item.header.thread, tseq + 1, leaf)
            tree.append(leaf)
            content, salt = (None if part is None else base64.b64encode(part).decode()
                             for part in (item.content, item.salt))
            self.entries.append(dump({"pos": pos, "header": base64.b64encode(data).decode(), "leaf": leaf.hex(),
                                      "content": content, "salt": salt}))
            if pos + 1 in sizes:
                note = sizes[pos + 1]
                self.notes.append(note_line(signed_note(note.org, note.epoch, pos + 1, tree.root(), seed)))
