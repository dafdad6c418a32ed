"""Sorted numbers, small and large."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from reactor.search.postings import BLOCK_MAX, Postings, Run, added, highest, postings, removed

numbers = st.lists(st.integers(0, 50), max_size=60)


def shown(of: Postings) -> list[int]:
    assert list(of) == list(reversed(list(reversed(of))))
    assert len(of) == len(list(of))
    return list(of)


def test_few_are_an_array_and_many_are_blocks() -> None:
    few = postings(list(range(BLOCK_MAX, 0, -1)))
    assert isinstance(few, array)
    many = added(few, BLOCK_MAX + 1)
    assert isinstance(many, Run)
    assert shown(many) == list(range(1, BLOCK_MAX + 2))
    assert highest(many) == BLOCK_MAX + 1
    assert max(map(len, many.blocks)) <= BLOCK_MAX
    left: Postings | None = many
    for number in range(1, BLOCK_MAX + 1):
        assert left is not None
        left = removed(left, number)
    assert isinstance(left, array), "what has shrunk takes no more room than it must"
    assert shown(left) == [BLOCK_MAX + 1]
    assert removed(left, BLOCK_MAX + 1) is None


@given(numbers, numbers)
def test_blocks_hold_what_a_sorted_list_holds(first: list[int], then: list[int]) -> None:
    """A number may be there more than once: two documents of one moment."""
    run, expected = Run(array("Q", sorted([7, *first]))), sorted([7, *first])
    for number in then:
        run.add(number)
        expected = sorted([*expected, number])
        assert shown(run) == expected
    for number in then:
        run.remove(number)
        expected.remove(number)
        assert shown(run) == expected
        assert highest(run) == expected[-1]


def test_blocks_split_and_vanish() -> None:
    run = Run(array("Q", [0]))
    for number in range(1, 3 * BLOCK_MAX):
        run.add(number % 7 * 1000 + number)
    expected = sorted([0, *(n % 7 * 1000 + n for n in range(1, 3 * BLOCK_MAX))])
    assert shown(run) == expected
    for number in expected[:-1]:
        run.remove(number)
    assert shown(run) == expected[-1:]
    assert len(run.blocks) == 1
