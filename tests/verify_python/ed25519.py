"""Ed25519 as RFC 8032 describes it, for a verifier that must not share a library with what it checks. Not for secrets:
it takes its time by the bits of the key."""
import functools
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(p):
    a, b = p[0] * p[0] % P, p[1] * p[1] % P
    c = 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    result = (0, 1, 1, 0)
    for bit in bin(number)[2:]:
        result = _double(result)
        if bit == "1":
            result = _add(result, point)
    return result


def _encode(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(data):
    """The point, or None when the bytes are none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = _decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def _hash(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def _secret(seed):
    digest = hashlib.sha512(seed).digest()
    number = int.from_bytes(digest[:32], "little")
    return number & (1 << 254) - 8 | 1 << 254, digest[32:]


def public_key(seed):
    return _encode(_times(_secret(seed)[0], BASE))


def sign(seed, message):
    secret, prefix = _secret(seed)
    nonce = _hash(prefix, message) % L
    r = _encode(_times(nonce, BASE))
    challenge = _hash(r, public_key(seed), message) % L
    return r + ((nonce + challenge * secret) % L).to_bytes(32, "little")


# The mutated exports of a test share nearly all of their signatures.
@functools.lru_cache(maxsize=65536)
def verify(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    point = _decode(key)
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= L:
        return False
    challenge = _hash(signature[:32], key, message) % L
    minus = (P - point[0], point[1], 1, P - point[3])
    return _encode(_add(_times(s, BASE), _times(challenge, minus))) == signature[:32]
