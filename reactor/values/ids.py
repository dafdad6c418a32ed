"""Document ids: a table number, sixteen bytes and a checksum, in lower-case Crockford base32.

Source: protocol.md section 2.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zlib import adler32

from reactor.errors import InvalidId

if TYPE_CHECKING:
    from reactor.runtime.random import Entropy

INTERNAL_BYTES: Final = 16
_FOOTER_BYTES: Final = 2
_TABLE_NUMBER_MAX: Final = 2**32 - 1
CACHED_IDS: Final = 65_536
"""Decoded ids kept: about 20 MB. Fewer, and hot documents are decoded again; more costs memory."""

_MS_PER_DAY: Final = 86_400_000
_ALPHABET: Final = b"0123456789abcdefghjkmnpqrstvwxyz"
_TO_ALPHABET: Final = _ALPHABET + bytes(256 - len(_ALPHABET))
# int() reads base 32 in C, with other letters; what is no letter of ours becomes one it refuses.
_TO_INT_DIGITS: Final = bytes(
    b"0123456789abcdefghijklmnopqrstuv"[_ALPHABET.index(byte)] if byte in _ALPHABET else ord("!")
    for byte in range(256)
)
_BYTES_BY_CHARS: Final = {-(-size * 8 // 5): size for size in range(19, 24)}

# Steps that give every 5-bit group a byte of its own, by halves: each keeps the low half of every
# block where it is and shifts the high half up. 64 groups hold the longest id.
_GROUPS: Final = 64
_SPREADS: Final = tuple(
    (
        sum(((1 << 5 * half) - 1) << at * 8 for at in range(0, _GROUPS, half * 2)),
        sum(((1 << 5 * half) - 1) << at * 8 + 5 * half for at in range(0, _GROUPS, half * 2)),
        3 * half,
    )
    for half in (32, 16, 8, 4, 2, 1)
)
# The first step does nothing to the 32 characters of an ordinary id.
_SHORT_SPREADS: Final = _SPREADS[1:]


def encode_id(table_number: int, internal: bytes) -> str:
    """The text of an id: 31 to 37 characters, 32 for the tables of users.

    Args:
        table_number: 1 to 2^32 - 1.
        internal: 16 bytes.
    """
    data = _varint(table_number) + internal
    data += _footer(data)
    bits = len(data) * 8
    chars = -(-bits // 5)
    number = int.from_bytes(data, "big") << chars * 5 - bits
    for low, high, shift in _SHORT_SPREADS if chars <= _GROUPS // 2 else _SPREADS:
        number = number & low | (number & high) << shift
    return number.to_bytes(chars, "big").translate(_TO_ALPHABET).decode()


@lru_cache(maxsize=CACHED_IDS)
def decode_id(text: str) -> tuple[int, bytes]:
    """The table number and the 16 internal bytes of an id.

    Raises:
        InvalidId: the text is not exactly what `encode_id` gives.
    """
    return _decode(text)


def internal_id(text: str) -> bytes:
    """The 16 internal bytes of one of many ids, none of which is likely to be asked for again.

    Raises:
        InvalidId: the text is not exactly what `encode_id` gives.
    """
    return _decode(text)[1]


def _decode(text: str) -> tuple[int, bytes]:
    size = _BYTES_BY_CHARS.get(len(text))
    if size is None:
        raise InvalidId(f"{text[:64]!r} is not a document id")
    try:
        number = int(text.encode("ascii").translate(_TO_INT_DIGITS), 32)
    except ValueError:
        raise InvalidId(f"{text!r} is not a document id") from None
    padding = len(text) * 5 - size * 8
    data = (number >> padding).to_bytes(size, "big")
    table_bytes = size - INTERNAL_BYTES - _FOOTER_BYTES
    table_number = _table_number(data, table_bytes)
    is_padded = not number & (1 << padding) - 1
    if table_number == 0 or not is_padded or data[-2:] != _footer(data[:-2]):
        raise InvalidId(f"{text!r} is not a document id: its checksum does not fit")
    return table_number, data[table_bytes:-2]


def new_internal_id(entropy: Entropy, now_ms: float) -> bytes:
    """Fourteen random bytes and the day, so that rows of one day do not scatter over an index.

    Args:
        entropy: where chance comes from.
        now_ms: milliseconds since the epoch.
    """
    return entropy.token(14) + (int(now_ms // _MS_PER_DAY) & 0xFFFF).to_bytes(2, "big")


@lru_cache(maxsize=1024)
def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _table_number(data: bytes, size: int) -> int:
    """The varint of just `size` bytes that `data` starts with; 0, which no table has, if none."""
    number = 0
    for at in range(size):
        number |= (data[at] & 127) << 7 * at
    return number if number <= _TABLE_NUMBER_MAX and _varint(number) == data[:size] else 0


def _footer(data: bytes) -> bytes:
    """Fletcher-16 with both sums modulo 256.

    Started at 0, Adler-32 is Fletcher with both sums modulo 65,521: below that they are exact, and
    the 21 bytes of the longest id reach 58,905.
    """
    sums = adler32(data, 0)
    return bytes((sums & 255, sums >> 16 & 255))
