"""The ordered list under every index; `tests/property/test_index.py` compares it at random."""

from __future__ import annotations

import pytest

from reactor.log.blocks import BLOCK_MAX, Blocks
from reactor.runtime.random import SeededEntropy


def key(number: int) -> bytes:
    return number.to_bytes(4, "big")


def filled(count: int, *, step: int = 1) -> Blocks:
    blocks = Blocks()
    for number in range(0, count * step, step):
        blocks.put(key(number), b"v%d" % number)
    return blocks


LOW, HIGH = b"", b"\xff" * 8


def test_an_empty_index() -> None:
    """A query over a new table answers, and does not fail."""
    blocks = Blocks()
    assert len(blocks) == 0
    assert blocks.slice(LOW, HIGH, 10, reverse=False) == ([], [])
    assert blocks.slice(LOW, HIGH, 10, reverse=True) == ([], [])
    assert blocks.count(LOW, HIGH) == 0
    assert blocks.nth(LOW, HIGH, 0, reverse=False) is None


@pytest.mark.parametrize("reverse", [False, True])
def test_a_range_over_several_blocks(*, reverse: bool) -> None:
    """A table larger than a block is read whole and in order, from either end."""
    count = 3 * BLOCK_MAX + 7
    blocks = filled(count)
    keys, values = blocks.slice(LOW, HIGH, 2 * count, reverse=reverse)
    numbers = sorted(range(count), reverse=reverse)
    assert keys == [key(n) for n in numbers]
    assert values == [b"v%d" % n for n in numbers]
    assert len(blocks) == blocks.count(LOW, HIGH) == count


def test_the_ends_of_a_range() -> None:
    """The low end belongs to a range, the high end does not."""
    blocks = filled(2000, step=2)
    for low, high in [(10, 20), (11, 19), (1020, 1030), (0, 4000), (5, 5), (20, 10), (3998, 9999)]:
        expected = [key(n) for n in range(0, 4000, 2) if low <= n < high]
        assert blocks.slice(key(low), key(high), 9999, reverse=False)[0] == expected
        assert blocks.slice(key(low), key(high), 9999, reverse=True)[0] == expected[::-1]
        if low < high:
            assert blocks.count(key(low), key(high)) == len(expected)


def test_limits() -> None:
    """`take(n)` gives the first n from the end that the order names, over a block's border too."""
    blocks = filled(1500)
    for limit in (0, 1, 511, 512, 513, 1500):
        up, _ = blocks.slice(LOW, HIGH, limit, reverse=False)
        down, _ = blocks.slice(LOW, HIGH, limit, reverse=True)
        assert up == [key(n) for n in range(limit)]
        assert down == [key(1499 - n) for n in range(limit)]


def test_putting_a_key_again_changes_its_value() -> None:
    """A patch that leaves the key as it is shows the new document."""
    blocks = filled(600)
    for number in (0, 300, 599):
        blocks.put(key(number), b"new")
    assert len(blocks) == 600
    assert blocks.slice(key(300), key(301), 1, reverse=False) == ([key(300)], [b"new"])


def test_removing_everything() -> None:
    """Deleted documents leave no empty blocks behind, in whatever order they go."""
    for order in (range(1200), reversed(range(1200)), [*range(0, 1200, 2), *range(1, 1200, 2)]):
        blocks = filled(1200)
        for number in order:
            blocks.remove(key(number))
        assert len(blocks) == 0
        assert blocks.slice(LOW, HIGH, 5, reverse=True) == ([], [])
        blocks.put(key(1), b"")
        assert blocks.slice(LOW, HIGH, 5, reverse=False)[0] == [key(1)]


def test_removing_the_last_key_of_a_block() -> None:
    """A key between two blocks is found again after its neighbour went."""
    blocks = filled(2000, step=2)
    for number in range(0, 4000, 2):
        blocks.remove(key(number))
        blocks.put(key(number + 1), b"")
    odd = [key(n + 1) for n in range(0, 4000, 2)]
    assert blocks.slice(LOW, HIGH, 9999, reverse=False)[0] == odd


def test_removing_what_is_not_there_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        filled(3, step=2).remove(key(1))


def test_a_load_gives_the_same_as_puts() -> None:
    """A restart fills the indexes at once, and reads as before."""
    loaded = Blocks()
    loaded.extend_sorted([key(n) for n in range(1300)], [b"v%d" % n for n in range(1300)])
    assert loaded.slice(LOW, HIGH, 9999, reverse=False) == filled(1300).slice(
        LOW, HIGH, 9999, reverse=False
    )
    loaded.put(key(5000), b"")
    assert len(loaded) == 1301


def test_nth() -> None:
    """Page 7 of a numbered pager starts where it should, from either end."""
    blocks = filled(1500)
    low, high = key(100), key(1400)
    for offset in (0, 1, 500, 1299):
        assert blocks.nth(low, high, offset, reverse=False) == key(100 + offset)
        assert blocks.nth(low, high, offset, reverse=True) == key(1399 - offset)
    for offset in (-1, 1300, 10**9):
        assert blocks.nth(low, high, offset, reverse=False) is None


def test_blocks_that_are_only_appended_to_stay_full() -> None:
    """A log-like table does not take twice the memory it needs."""
    blocks = filled(100 * BLOCK_MAX)
    sizes = [len(keys) for keys in blocks._keys]  # pyright: ignore[reportPrivateUsage]
    assert sum(sizes) / len(sizes) > 0.9 * BLOCK_MAX


def test_a_frozen_list_keeps_what_it_was() -> None:
    """An export reads frozen blocks in a thread while mutations go on; it must see one moment."""
    source = SeededEntropy(5).seeded()
    blocks = Blocks()
    for n in range(3_000):
        blocks.put(b"%06d" % n, b"old")
    frozen = blocks.freeze()
    again = blocks.freeze()
    for _ in range(6_000):
        key = b"%06d" % source.randrange(4_000)
        if blocks.count(key, key + b"\0") and source.random() < 0.4:
            blocks.remove(key)
            continue
        blocks.put(key, b"new")
    for kept in (frozen, again):
        assert [value for block in kept for value in block] == [b"old"] * 3_000


def test_shrinking_ends() -> None:
    blocks = Blocks()
    blocks.extend_sorted([b"%06d" % n for n in range(1_000)], [b""] * 1_000)
    assert sum(iter(blocks.shrink, 0)) == 1_000
    assert len(blocks) == 0
