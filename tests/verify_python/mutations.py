"""Seeded ways to change an export. Each takes the random source and a fresh Export and answers what it knows of the outcome:
GOOD, BAD, the name that must come first, or None where it depends on what was hit."""
import base64
import json

import ed25519
from export import LOG_HEADS, dump, note_line, signed_note
from log_format import ZEROS, commitment, encode_header, encode_note, key_hash, parse_header, unbase64

GOOD, BAD = "good", "bad"
OTHER_SEED = bytes(range(32))
FIELDS = ("version", "part_version", "entry_id", "thread", "kind", "author", "device", "dev_seq", "t_claimed", "commit",
          "signature", "epoch", "pos", "scope", "tseq", "t_central", "prev")


def named(export, pos):
    return f"pos {pos} entry {export.header(pos).entry_id.hex()}"


def flip(random, data):
    bit = random.randrange(8 * len(data))
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def base64_of(data):
    return base64.b64encode(data).decode()


def spans(data):
    """Where each field's bytes are within a header: what encodes it, head bytes included."""
    def width(value):
        if isinstance(value, bytes):
            return width(len(value)) + len(value)
        return 1 if value < 24 else 2 if value < 1 << 8 else 3 if value < 1 << 16 else 5 if value < 1 << 32 else 9

    header = parse_header(data)
    found, at = {}, 1
    for name, value in (("version", 1), ("part", header.part), ("signature", header.signature), ("epoch", header.epoch),
                        ("pos", header.pos), ("scope", header.scope), ("tseq", header.tseq),
                        ("t_central", header.t_central), ("prev", header.prev)):
        found[name] = at, at + width(value)
        at += width(value)
    at = found.pop("part")[0] + width(len(header.part)) + 1
    for name, value in (("part_version", 1), ("entry_id", header.entry_id), ("thread", header.thread),
                        ("kind", header.kind), ("author", header.author), ("device", header.device),
                        ("dev_seq", header.dev_seq), ("t_claimed", header.t_claimed), ("commit", header.commit)):
        found[name] = at, at + width(value)
        at += width(value)
    return found


def flipped_field(random, export, field):
    pos = random.randrange(len(export.entries))
    data = unbase64(export.object(pos)["header"])
    begin, end = spans(data)[field]
    export.change(pos, header=base64_of(data[:begin] + flip(random, data[begin:end]) + data[end:]))
    return f"pos {pos} entry"


# --- one entry's bytes

def header_bit(random, export):
    pos = random.randrange(len(export.entries))
    export.change(pos, header=base64_of(flip(random, unbase64(export.object(pos)["header"]))))
    return f"pos {pos} entry"


def header_bit_without_leaf(random, export):
    header_bit(random, export)
    for pos in range(len(export.entries)):
        line = export.object(pos)
        del line["leaf"]
        export.entries[pos] = dump(line)
    return BAD


def _bit_of(random, export, name):
    pos = random.randrange(len(export.entries))
    export.change(pos, **{name: base64_of(flip(random, unbase64(export.object(pos)[name])))})
    return named(export, pos)


def content_bit(random, export):
    return _bit_of(random, export, "content")


def salt_bit(random, export):
    return _bit_of(random, export, "salt")


def leaf_bit(random, export):
    pos = random.randrange(len(export.entries))
    export.change(pos, leaf=flip(random, bytes.fromhex(export.object(pos)["leaf"])).hex())
    return named(export, pos)


def file_bit(random, export):
    return flip(random, export.bytes()), None


def decoded_changed(random, export):
    pos = random.randrange(len(export.entries))
    export.change(pos, decoded={"content": {"text": "Something else"}, "n": random.random()})
    return GOOD


# --- entries

def deleted(random, export):
    pos = random.randrange(len(export.entries))
    del export.entries[pos]
    return named(export, pos) if pos < len(export.entries) else "checkpoint"


def swapped(random, export):
    first, second = sorted(random.sample(range(len(export.entries)), 2))
    export.entries[first], export.entries[second] = export.entries[second], export.entries[first]
    return named(export, first)


def duplicated(random, export):
    pos = random.randrange(len(export.entries))
    to = random.randrange(pos + 1, len(export.entries) + 1)
    export.entries.insert(to, export.entries[pos])
    return f"pos {to} entry {export.header(pos).entry_id.hex()}"


def inserted(random, export):
    """An entry of central's that never was, well made but for what is signed."""
    pos = random.randrange(1, len(export.entries) + 1)
    salt, content = random.randbytes(32), b'{"text":"It was agreed by telephone"}'
    template = export.header(random.choice(export.positions(lambda header: header.author == ZEROS)))
    header = template._replace(entry_id=random.randbytes(16), thread=random.randbytes(16), kind=60, tseq=1, pos=pos,
                               prev=bytes(32), commit=commitment(salt, 60, content))
    line = {"pos": pos, "header": base64_of(encode_header(header)), "content": base64_of(content),
            "salt": base64_of(salt)}
    export.entries.insert(pos, dump(line))
    return BAD


def tail_cut(random, export):
    del export.entries[random.randrange(1, len(export.entries)):]
    return BAD


def cut_back_to_a_checkpoint(random, export):
    """A rollback: nothing in the file tells; witnesses and anchors do."""
    number = random.choice(export.own_notes()[:-1])
    del export.entries[export.note(number).size:], export.notes[number + 1:]
    return GOOD


def file_cut(random, export):
    data = export.bytes()
    return data[:random.randrange(1, len(data) - 1)], None


# --- erasure

def erased(random, export):
    for pos in random.sample(export.positions(lambda header: not 30 <= header.kind <= 49), 5):
        export.change(pos, content=None, salt=None)
    return GOOD


def structure_erased(random, export):
    pos = random.choice(export.positions(lambda header: 30 <= header.kind <= 49))
    export.change(pos, content=None, salt=None)
    return named(export, pos)


def half_erased(random, export):
    pos = random.randrange(len(export.entries))
    export.change(pos, **{random.choice(("content", "salt")): None})
    return named(export, pos)


# --- heads and checkpoints

def _heads(random, export):
    items = export.items()
    pos = random.choice([pos for pos, item in enumerate(items) if item.header.kind == LOG_HEADS])
    return items, pos


def heads_content(random, export):
    items, pos = _heads(random, export)
    export.change(pos, content=base64_of(items[pos].content.replace(b'"covers":', b'"covers":1')))
    return named(export, pos)


def heads_of_a_thief(random, export, seed):
    """A stale head behind good signatures: only the map itself gives it away."""
    items, pos = _heads(random, export)
    root = random.randbytes(32)
    content = dump({"covers": pos, "heads_root": root.hex()})
    items[pos] = items[pos]._replace(
        content=content, header=items[pos].header._replace(commit=commitment(items[pos].salt, LOG_HEADS, content)))
    export.rewrite(items, seed, keep_heads=True)
    return named(export, pos)


def rewritten_by_a_thief(random, export, seed):
    """T6: whoever has the log's key writes another log that checks out; what was kept elsewhere tells."""
    items = export.items()
    own = [pos for pos, item in enumerate(items) if item.header.author == ZEROS and not 30 <= item.header.kind <= 49]
    pos = random.choice(own)
    content = b'{"text":"It was agreed by telephone"}'
    items[pos] = items[pos]._replace(content=content, header=items[pos].header._replace(
        commit=commitment(items[pos].salt, items[pos].header.kind, content)))
    export.rewrite(items, seed)
    return GOOD


def note_bit(random, export):
    number = random.randrange(len(export.notes))
    note = flip(random, json.loads(export.notes[number])["checkpoint"].encode())
    try:
        export.notes[number] = note_line(note.decode())
    except UnicodeDecodeError:
        export.notes[number] = b'{"checkpoint":"' + note.replace(b"\n", b"\\n") + b'"}'
    return BAD


def signed_by_another(random, export):
    number = random.randrange(len(export.notes))
    note = export.note(number)
    export.notes[number] = note_line(signed_note(note.org, note.epoch, note.size, note.root, OTHER_SEED))
    return f"checkpoint {number + 1}"


def signed_for_another(random, export, seed):
    """A good signature under another root, size or epoch."""
    number = random.choice(export.own_notes())
    note = export.note(number)
    changed = random.choice((note._replace(root=random.randbytes(32)), note._replace(size=note.size - 1),
                             note._replace(size=1 << 63), note._replace(size=0), note._replace(epoch=note.epoch + 1)))
    export.notes[number] = note_line(signed_note(changed.org, changed.epoch, changed.size, changed.root, seed))
    return f"checkpoint {number + 1}"


def witnesses(random, export):
    """Lines of other keys, at most sixteen in all."""
    number = random.randrange(len(export.notes))
    note = json.loads(export.notes[number])["checkpoint"]
    more = random.choice((1, 15, 16, 30))
    for index in range(more):
        note += encode_note("", (f"witness.example/{index}", random.randbytes(4), random.randbytes(64)))[1:]
    export.notes[number] = note_line(note)
    return GOOD if more < 16 else f"checkpoint {number + 1}"


def note_form(random, export):
    number = random.randrange(len(export.notes))
    note = json.loads(export.notes[number])["checkpoint"]
    old, new = random.choice((("holdfast/", "Holdfast/"), ("\n\n", "\n"), ("\n\n", "\n\n\n"), ("\u2014 ", "- "),
                              ("\n", "\r\n"), ("\n", "\n\t"), ("\u2014 ", "\u2014  "), ("=", ""), ("/1\n", "/01\n"),
                              ("\n\u2014", "\n\u2014 +a AAAAAAAA\n\u2014"), ("\n\u2014", "\n\u2014 a AAAA\n\u2014"),
                              ("holdfast/", "holdfast/\x7f")))
    export.notes[number] = note_line(note.replace(old, new, 1))
    return f"checkpoint {number + 1}"


def notes_shuffled(random, export):
    random.shuffle(export.notes)
    del export.notes[random.randrange(1, len(export.notes) + 1):]
    return GOOD if export.own_notes() else f"checkpoint {len(export.notes)}"


def no_notes(random, export):
    export.notes = []
    return BAD


# --- the file's form

def another_type(random, export):
    pos = random.randrange(len(export.entries))
    name = random.choice(("pos", "header", "leaf", "content", "salt"))
    value = random.choice((None, True, 7, -1, 1.5, "", "text", [], {}, [1], {"a": 1}))
    if name in ("content", "salt") and value is None:
        value = False
    export.change(pos, **{name: value})
    return f"pos {pos} entry" if value != pos else None


def strange_number(random, export):
    pos = random.randrange(len(export.entries))
    number = random.choice((str(pos) + ".0", str(pos) + "e0", "-" + str(pos), "0" + str(pos), "1e999", "1" + "0" * 5000,
                            str((1 << 64) + pos), str(1 << 63), "+" + str(pos), "NaN", "Infinity", "-", "1.", "0x1",
                            str(pos) + " "))
    export.entries[pos] = export.entries[pos].replace(f'"pos":{pos}'.encode(), f'"pos":{number}'.encode(), 1)
    return GOOD if number.endswith(" ") else f"pos {pos} entry"


def number_within_decoded(random, export):
    pos = random.randrange(len(export.entries))
    number = random.choice(("1e999", "1" + "0" * 5000, "-0", "1.5E+3", "01", "1.", ".5", "--1", "1e", "NaN"))
    line = {**export.object(pos), "decoded": "@"}
    export.entries[pos] = dump(line).replace(b'"@"', b'{"n":' + number.encode() + b"}")
    return GOOD if number in ("1e999", "1" + "0" * 5000, "-0", "1.5E+3") else f"pos {pos} entry"


def strange_text(random, export):
    pos = random.randrange(len(export.entries))
    text = random.choice((b"\\ud800", b"\\udc00\\ud800", b"\\ud83d\\ude00", b"\\u0000", b"\xff", b"\xc0\xaf",
                          b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98\x80", b"\t", b"\\q", b"\\u00g0",
                          b"\\u\x10041", b"\xe2\x80\xa8", b"\x7f"))
    export.entries[pos] = dump({**export.object(pos), "decoded": "@"}).replace(b"@", text)
    good = (b"\\ud83d\\ude00", b"\xf0\x9f\x98\x80", b"\xe2\x80\xa8", b"\x7f")
    return GOOD if text in good else f"pos {pos} entry"


def nested(random, export):
    pos = random.randrange(len(export.entries))
    depth = random.choice((62, 63, 64, 65, 100, 5000))
    line = {**export.object(pos), "decoded": "@"}
    export.entries[pos] = dump(line).replace(b'"@"', b"[" * depth + b"]" * depth)
    return GOOD if depth < 64 else f"pos {pos} entry"


def name_missing(random, export):
    pos = random.randrange(len(export.entries))
    line = export.object(pos)
    name = random.choice(sorted(line))
    del line[name]
    export.entries[pos] = dump(line)
    return GOOD if name in ("leaf", "decoded") else f"pos {pos} entry"


def name_twice(random, export):
    pos = random.randrange(len(export.entries))
    export.entries[pos] = export.entries[pos][:-1] + b',"pos":%d}' % pos
    return f"pos {pos} entry unreadable"


def name_unknown(random, export):
    pos = random.randrange(len(export.entries))
    export.change(pos, something=[1, {"new": None}])
    return GOOD


def other_lines(random, export):
    line = random.choice((b"", b" ", b"[]", b"null", b'"pos"', b"{}", b'{"checkpoint":7}', b"\xef\xbb\xbf{}"))
    pos = random.randrange(len(export.entries) + 1)
    export.entries.insert(pos, line)
    return f"pos {pos} entry unreadable"


def line_among_notes(random, export):
    export.notes.insert(1, random.choice((b"", b"{}", export.entries[-1], b'{"checkpoint":null}')))
    return "checkpoint 2"


def line_ends(random, export):
    """White space around an object is JSON's; the last newline may be missing."""
    return random.choice((export.bytes().replace(b"\n", b" \r\n"), export.bytes()[:-1])), GOOD


def long_line(random, export):
    pos = random.randrange(len(export.entries))
    size = 4 * 1024 * 1024 - len(export.entries[pos]) + random.choice((0, 1))
    export.entries[pos] += b" " * size
    return GOOD if len(export.entries[pos]) <= 4 * 1024 * 1024 else f"pos {pos} entry unreadable"


def base64_spelling(random, export):
    pos = random.randrange(len(export.entries))
    text = export.object(pos)["salt"]  # of 32 bytes: one padding sign, two bits over
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".index(text[-2])
    spellings = (text[:-1], text + "=", text[:-2] + chr(ord(text[-2])) + "==", "\n" + text, text[:-1] + "-",
                 text[:-2] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[last ^ 1] + "=")
    export.change(pos, salt=random.choice(spellings))
    return named(export, pos)


def upper_case_leaf(random, export):
    pos = random.randrange(len(export.entries))
    leaf = export.object(pos)["leaf"]
    export.change(pos, leaf=leaf.upper())
    return named(export, pos) if leaf.upper() != leaf else GOOD


def untouched(random, export):
    return GOOD


# Nothing in these files tells; checkpoints that were kept elsewhere do.
FOUND_BY_ANCHORS = ("cut_back_to_a_checkpoint", "rewritten_by_a_thief")

WITH_KEY = (heads_of_a_thief, rewritten_by_a_thief, signed_for_another)
PLAIN = (untouched, header_bit, header_bit_without_leaf, content_bit, salt_bit, leaf_bit, file_bit, decoded_changed,
         deleted, swapped, duplicated, inserted, tail_cut, cut_back_to_a_checkpoint, file_cut, erased, structure_erased,
         half_erased, heads_content, note_bit, signed_by_another, witnesses, note_form, notes_shuffled, no_notes,
         another_type, strange_number, number_within_decoded, strange_text, nested, name_missing, name_twice,
         name_unknown, other_lines, line_among_notes, line_ends, long_line, base64_spelling, upper_case_leaf)


def all_mutations(seed):
    """Name -> function of a random source and an Export that answers the changed bytes and what is known of them."""
    def whole(call):
        def run(random, export):
            outcome = call(random, export)
            return outcome if isinstance(outcome, tuple) else (export.bytes(), outcome)
        return run

    result = {call.__name__: whole(call) for call in PLAIN}
    for field in FIELDS:
        result[f"bit_of_{field}"] = whole(lambda random, export, name=field: flipped_field(random, export, name))
    for call in WITH_KEY:
        result[call.__name__] = whole(lambda random, export, one=call: one(random, export, seed))
    return result
