"""Which bytes a `Range` header asks for."""

from __future__ import annotations

import pytest

from reactor.edge.ranges import Unsatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 4)),
        ("bytes=2-", (2, 8)),
        ("bytes=2-999", (2, 8)),
        ("bytes=-3", (7, 3)),
        ("bytes=-999", (0, 10)),
        ("Bytes = 1 - 2 ", (1, 2)),
    ],
)
def test_one_range(header: str, part: tuple[int, int]) -> None:
    """A video player that seeks gets exactly what it asked for."""
    assert parse_range(header, 10) == part


@pytest.mark.parametrize(
    "header", [None, "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "lines=1-2"]
)
def test_what_is_no_range_is_ignored(header: str | None) -> None:
    assert parse_range(header, 10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0", "bytes=0-1,3-4"])
def test_ranges_that_cannot_be_served(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse_range(header, 10)


def test_an_empty_file_has_no_ranges() -> None:
    for header in ("bytes=0-", "bytes=0-0", "bytes=-1"):
        with pytest.raises(Unsatisfiable):
            parse_range(header, 0)
