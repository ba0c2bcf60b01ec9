"""The bytes of docs/log-format.md, read as that page says and no more leniently."""
import base64
import binascii
import hashlib
import hmac
import json
import re
import struct
from collections import namedtuple

ZEROS = bytes(16)
MAX_NESTING = 64
MAX_NOTE = 64 * 1024
MAX_CONTENT = 65536

Header = namedtuple("Header", "part signature epoch pos scope tseq t_central prev "
                              "entry_id thread kind author device dev_seq t_claimed commit")
Note = namedtuple("Note", "name org epoch size root text lines")


class Malformed(ValueError):
    """What was read is not of the form that the page describes; the text says why."""


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unhex(text, size):
    if not isinstance(text, str) or not re.fullmatch(r"[0-9a-f]{%d}" % (2 * size), text):
        raise Malformed(f"not {2 * size} lower-case hex digits")
    return bytes.fromhex(text)


def unbase64(text):
    if not isinstance(text, str):
        raise Malformed("not base64")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Malformed("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Malformed("not canonical base64")
    return data


# --- JSON ---------------------------------------------------------------------------------------------------------

class _Number:
    """A number as it was written: the page's counts are read from it, nothing else looks at it."""

    def __init__(self, text):
        self.text = text


def _refuse(constant):
    raise Malformed(f"{constant} is not JSON")


def _object(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Malformed("a name occurs twice")
    return result


def _check_value(value, depth=0):
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Malformed("a string holds U+0000 or half a surrogate pair")
    elif isinstance(value, (dict, list)):
        if depth == MAX_NESTING:
            raise Malformed("nested too deep")
        for item in value.values() if isinstance(value, dict) else value:
            _check_value(item, depth + 1)
        for name in value if isinstance(value, dict) else ():
            _check_value(name, depth + 1)


def parse_object(data):
    """One JSON object."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse,
                           parse_int=_Number, parse_float=_Number)
        _check_value(value)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    return value


def count(value, limit=1 << 64):
    if not isinstance(value, _Number) or not re.fullmatch(r"0|[1-9][0-9]{0,19}", value.text):
        raise Malformed("not a whole number")
    if int(value.text) >= limit:
        raise Malformed("a number is too large")
    return int(value.text)


# --- Headers ------------------------------------------------------------------------------------------------------

class _Cbor:
    """Deterministic CBOR: what a header needs of it."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise Malformed("the header ends early")
        self.at += size
        return self.data[self.at - size:self.at]

    def head(self, major):
        first = self.take(1)[0]
        if first >> 5 != major:
            raise Malformed("the header holds a value of another type")
        short = first & 31
        if short < 24:
            return short
        if short > 27:
            raise Malformed("the header holds a length of another form")
        size = 1 << short - 24
        value = int.from_bytes(self.take(size), "big")
        if value < (24 if size == 1 else 1 << 4 * size):
            raise Malformed("a number is not in its shortest form")
        return value

    def array(self, size):
        if self.head(4) != size:
            raise Malformed(f"not an array of {size}")

    def uint(self, bits):
        value = self.head(0)
        if value >> bits:
            raise Malformed("a number is too large")
        return value

    def bytes(self, *sizes):
        size = self.head(2)
        if size not in sizes:
            raise Malformed("a byte string has a wrong length")
        return self.take(size)

    def version(self):
        if self.uint(64) != 1:
            raise Malformed("another version")

    def end(self):
        if self.at != len(self.data):
            raise Malformed("bytes after the end")


def parse_header(data):
    outer = _Cbor(data)
    outer.array(9)
    outer.version()
    part = outer.bytes(*range(161))
    rest = (outer.bytes(0, 64), outer.uint(64), outer.uint(64), outer.bytes(16), outer.uint(64), outer.uint(63),
            outer.bytes(32))
    outer.end()
    inner = _Cbor(part)
    inner.array(9)
    inner.version()
    fields = (inner.bytes(16), inner.bytes(16), inner.uint(32), inner.bytes(16), inner.bytes(16), inner.uint(64),
              inner.uint(63), inner.bytes(32))
    inner.end()
    return Header(part, *rest, *fields)


def _encode_head(major, value):
    for short, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 24:
            return bytes([major << 5 | value])
        if value >> 8 * size == 0:
            return bytes([major << 5 | short]) + value.to_bytes(size, "big")
    raise Malformed("a number is too large")


def _encode_array(*items):
    parts = [_encode_head(4, len(items))]
    for item in items:
        parts.append(_encode_head(0, item) if isinstance(item, int) else _encode_head(2, len(item)) + item)
    return b"".join(parts)


def encode_header(header):
    """The bytes of a header whose fields, but `part`, are as they shall be."""
    part = _encode_array(1, header.entry_id, header.thread, header.kind, header.author, header.device, header.dev_seq,
                         header.t_claimed, header.commit)
    return _encode_array(1, part, header.signature, header.epoch, header.pos, header.scope, header.tseq,
                         header.t_central, header.prev)


def commitment(salt, kind, content):
    message = b"holdfast/content/v1\0" + struct.pack(">I", kind) + content
    return hmac.new(salt, message, hashlib.sha256).digest()


# --- Trees --------------------------------------------------------------------------------------------------------

EMPTY_ROOT = sha256()


def leaf_hash(data):
    return sha256(b"\0", data)


def node_hash(left, right):
    return sha256(b"\1", left, right)


class Tree:
    """RFC 6962's tree, growing: the roots of its complete subtrees, the largest first."""

    def __init__(self):
        self.subtrees = []

    def append(self, leaf):
        size = 1
        while self.subtrees and self.subtrees[-1][0] == size:
            leaf = node_hash(self.subtrees.pop()[1], leaf)
            size *= 2
        self.subtrees.append((size, leaf))

    def root(self):
        if not self.subtrees:
            return EMPTY_ROOT
        result = self.subtrees[-1][1]
        for _, subtree in reversed(self.subtrees[:-1]):
            result = node_hash(subtree, result)
        return result


def tree_root(leaves):
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


class Heads:
    """The map of heads: 65,536 buckets under one tree, of which only what changed is hashed again."""

    LEVELS = 16

    def __init__(self):
        self.buckets = {}
        self.nodes = {}  # (level, index) -> hash, where it is not that of empty buckets only
        self.empty = [leaf_hash(EMPTY_ROOT)]
        for _ in range(self.LEVELS):
            self.empty.append(node_hash(self.empty[-1], self.empty[-1]))

    @staticmethod
    def _bucket(thread):
        return int.from_bytes(sha256(thread)[:2], "big")

    def set(self, thread, tseq, leaf):
        bucket = self._bucket(thread)
        records = self.buckets.setdefault(bucket, {})
        records[thread] = thread + struct.pack(">Q", tseq) + leaf
        root = tree_root([leaf_hash(record) for record in sorted(records.values())])
        self.nodes[0, bucket] = leaf_hash(root)
        for level in range(self.LEVELS):
            bucket >>= 1
            self.nodes[level + 1, bucket] = node_hash(self._node(level, 2 * bucket), self._node(level, 2 * bucket + 1))

    def root(self):
        return self._node(self.LEVELS, 0)

    def _node(self, level, index):
        return self.nodes.get((level, index), self.empty[level])


# --- Checkpoints --------------------------------------------------------------------------------------------------

def parse_note(text):
    if not isinstance(text, str) or len(text.encode("utf-8")) > MAX_NOTE:
        raise Malformed("not a checkpoint of a Holdfast log")
    match = re.fullmatch(r"(holdfast/([0-9a-f]{32})/(0|[1-9][0-9]{0,19})\n(0|[1-9][0-9]{0,19})\n([^\n]+)\n)\n"
                         r"((?:\u2014 [^ +\n]+ [^ \n]+\n){1,16})", text)
    if any(letter < " " and letter != "\n" for letter in text):
        match = None
    if not match:
        raise Malformed("not a checkpoint of a Holdfast log")
    body, org, epoch, size, root, lines = match.groups()
    if int(epoch) >> 64 or int(size) >> 64 or len(unbase64(root)) != 32:
        raise Malformed("a number or the root is out of bounds")
    signatures = []
    for line in lines.split("\n")[:-1]:
        name, signature = line[2:].split(" ")
        signatures.append((name, unbase64(signature)))
        if len(signatures[-1][1]) <= 4:
            raise Malformed("a signature line without a signature")
    return Note(body.split("\n")[0], bytes.fromhex(org), int(epoch), int(size), unbase64(root), body.encode(),
                signatures)


def encode_note(text, *signatures):
    """`signatures`: name, key hash and signature of each line."""
    lines = [f"\u2014 {name} {base64.b64encode(hash_ + signature).decode()}\n" for name, hash_, signature in signatures]
    return text + "\n" + "".join(lines)


def key_hash(name, key):
    return sha256(name.encode(), b"\n\1", key)[:4]
