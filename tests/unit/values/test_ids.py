"""Document ids: export, import and the dashboard read them, so they are Convex's to the bit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reactor.errors import InvalidId
from reactor.runtime.random import SeededEntropy
from reactor.values.ids import decode_id, encode_id, new_internal_id

# protocol.md section 2: table number, internal id in hex, id.
VECTORS = [
    (1, "00" * 16, "0400000000000000000000000000248"),
    (10001, "000102030405060708090a0b0c0d0e0f", "j57000820c20a1g7104gm2rc1m70ynr8"),
    (128, "00112233445566778899aabbccddeeff", "g00g04926d25askqh2ctneycvqqfyy9s"),
    (127, "ff" * 16, "fzzzzzzzzzzzzzzzzzzzzzzzzzzpzsr"),
    (20000, "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "m2e03851maht99d6mymakanbnjptxbxnj4"),
    (4294967295, "ff" * 16, "zzzzzzrfzzzzzzzzzzzzzzzzzzzzzzzzzzxjj"),
]
SAMPLE = VECTORS[1][2]


@pytest.mark.parametrize(("table", "internal", "text"), VECTORS)
def test_vectors(table: int, internal: str, text: str) -> None:
    """An id exported from Convex means the same document here, and the other way round."""
    assert encode_id(table, bytes.fromhex(internal)) == text
    assert decode_id(text) == (table, bytes.fromhex(internal))


@given(st.integers(1, 2**32 - 1), st.binary(min_size=16, max_size=16))
def test_round_trip(table: int, internal: bytes) -> None:
    text = encode_id(table, internal)
    assert 31 <= len(text) <= 37
    assert decode_id(text) == (table, internal)


@pytest.mark.parametrize(("table", "chars"), [(1, 31), (127, 31), (128, 32), (16384, 34)])
def test_lengths(table: int, chars: int) -> None:
    assert len(encode_id(table, bytes(16))) == chars


@pytest.mark.parametrize(
    "text",
    [
        "",
        "news",
        SAMPLE[:-1],
        SAMPLE + "0",
        SAMPLE.upper(),
        "i" + SAMPLE[1:],
        "u" + SAMPLE[1:],
        SAMPLE[:-2] + "00",
        "0" * 31,
        "z" * 37,
        "0" * 32,
        "é" * 32,
        " " + SAMPLE[1:],
    ],
)
def test_what_is_no_id(text: str) -> None:
    """A mistyped or made-up id is told from a missing document."""
    with pytest.raises(InvalidId) as caught:
        decode_id(text)
    assert caught.value.code == "InvalidId"


@given(st.integers(0, 31), st.sampled_from("0123456789abcdefghjkmnpqrstvwxyz"))
def test_one_wrong_letter_is_seen(at: int, letter: str) -> None:
    """The checksum finds every single typing mistake, so that no other document is changed."""
    changed = SAMPLE[:at] + letter + SAMPLE[at + 1 :]
    if changed != SAMPLE:
        with pytest.raises(InvalidId):
            decode_id(changed)


@given(st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz", min_size=31, max_size=37))
def test_decoding_is_strict(text: str) -> None:
    """Two texts never name one document: what decodes encodes back to itself."""
    try:
        table, internal = decode_id(text)
    except InvalidId:
        return
    assert encode_id(table, internal) == text


def test_new_ids_carry_the_day() -> None:
    """Rows of one day stand together in an index, and a seed gives the same ids again."""
    day = 20_454
    first = new_internal_id(SeededEntropy(1), day * 86_400_000 + 5.5)
    assert first[14:] == day.to_bytes(2, "big")
    assert first == new_internal_id(SeededEntropy(1), day * 86_400_000)
    assert first != new_internal_id(SeededEntropy(2), day * 86_400_000)
