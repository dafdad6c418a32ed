"""Document ids: a table number, sixteen bytes and a checksum, in lower-case Crockford base32.

Source: protocol.md section 2.
"""

from __future__ import annotations

from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING, Final

from reactor.errors import InvalidId

if TYPE_CHECKING:
    from reactor.runtime.random import Entropy

INTERNAL_BYTES: Final = 16
CACHED_IDS: Final = 65_536
"""Decoded ids kept: about 20 MB. Fewer, and hot documents are decoded again; more costs memory."""

_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PYTHON: Final = "0123456789abcdefghijklmnopqrstuv"
_TO_PYTHON: Final = str.maketrans(_CROCKFORD, _PYTHON)
# Ten bits at a time: half as many steps as one letter after the other.
_PAIRS: Final = [a + b for a in _CROCKFORD for b in _CROCKFORD]
_LETTERS: Final = frozenset(_CROCKFORD)
_CHARS_MIN, _CHARS_MAX = 31, 37
_MS_PER_DAY: Final = 86_400_000


def _footer(data: bytes) -> bytes:
    """Fletcher-16 with both sums modulo 256."""
    size = len(data)
    low = sum(data) & 255
    high = sum(map(mul, data, range(size, 0, -1))) & 255
    return bytes((low, high))


@lru_cache(maxsize=1024)
def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def encode_id(table_number: int, internal: bytes) -> str:
    """The text of an id.

    Args:
        table_number: 1 to 2^32 - 1.
        internal: 16 bytes.
    """
    data = _varint(table_number) + internal
    data += _footer(data)
    bits = len(data) * 8
    chars = -(-bits // 5)
    even = chars + (chars & 1)
    number = int.from_bytes(data, "big") << (even * 5 - bits)
    text = "".join([_PAIRS[number >> shift & 1023] for shift in range(even * 5 - 10, -1, -10)])
    return text[:chars]


@lru_cache(maxsize=CACHED_IDS)
def decode_id(text: str) -> tuple[int, bytes]:
    """The table number and the 16 internal bytes of an id.

    Raises:
        InvalidId: the text is not exactly what `encode_id` gives.
    """
    chars = len(text)
    if not _CHARS_MIN <= chars <= _CHARS_MAX or not _LETTERS.issuperset(text):
        raise InvalidId(f"{text[:64]!r} is not a document id")
    size = chars * 5 // 8
    padding = chars * 5 - size * 8
    bits = int(text.translate(_TO_PYTHON), 32)
    data = (bits >> padding).to_bytes(size, "big")
    number = shift = at = 0
    while True:
        byte = data[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128 or at > 5:
            break
    internal = data[at : at + INTERNAL_BYTES]
    is_whole = at + INTERNAL_BYTES + 2 == size and 0 < number < 2**32
    is_canonical = padding < 5 and not bits & ((1 << padding) - 1)
    is_canonical = is_canonical and data[:at] == _varint(number)
    if not (is_whole and is_canonical) or data[-2:] != _footer(data[:-2]):
        raise InvalidId(f"{text!r} is not a document id: its checksum does not fit")
    return number, internal


def new_internal_id(entropy: Entropy, now_ms: float) -> bytes:
    """Fourteen random bytes and the day, so that rows of one day do not scatter over an index.

    Args:
        entropy: where chance comes from.
        now_ms: milliseconds since the epoch.
    """
    return entropy.token(14) + (int(now_ms // _MS_PER_DAY) & 0xFFFF).to_bytes(2, "big")
