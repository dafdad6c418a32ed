"""Batches of text: few, prompt, whole, and in order whatever the source does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from functions._streaming import in_batches

LONG = 3_600.0


async def words(*pieces: str, fails: bool = False) -> AsyncGenerator[str]:
    for piece in pieces:
        yield piece
    if fails:
        raise ValueError("broken")


async def test_nothing_is_lost() -> None:
    """The batches add up to the text, an empty one has none."""
    assert "".join([batch async for batch in in_batches(words(*"abcdef"), seconds=0)]) == "abcdef"
    assert [batch async for batch in in_batches(words())] == []


async def test_the_first_word_comes_at_once_and_much_does_not_wait() -> None:
    """However long a wait may be."""
    source: asyncio.Queue[str | None] = asyncio.Queue()

    async def arriving() -> AsyncGenerator[str]:
        while (piece := await source.get()) is not None:
            yield piece

    async with aclosing(in_batches(arriving(), seconds=LONG, chars=10)) as batches:
        source.put_nowait("a")
        assert await anext(batches) == "a"
        for piece in ("bbb", "ccc", "dddd"):
            source.put_nowait(piece)
        assert await anext(batches) == "bbbcccdddd"
        source.put_nowait("e")
        source.put_nowait(None)
        assert [batch async for batch in batches] == ["e"]


async def test_little_is_not_held_back() -> None:
    """A word comes after the wait, although none follows it."""
    source: asyncio.Queue[str] = asyncio.Queue()

    async def arriving() -> AsyncGenerator[str]:
        while True:
            yield await source.get()

    async with aclosing(in_batches(arriving(), seconds=0.01)) as batches:
        for piece in "ab":
            source.put_nowait(piece)
            assert await anext(batches) == piece


async def test_a_failure_comes_after_what_had_arrived() -> None:
    """So that the text is kept."""
    batches = in_batches(words("a", "b", fails=True))
    assert await anext(batches) == "ab"
    with pytest.raises(ValueError, match="broken"):
        await anext(batches)


async def test_the_source_is_closed_when_nobody_listens() -> None:
    """A cancelled answer does not go on costing money."""
    is_closed = asyncio.Event()

    async def endless() -> AsyncGenerator[str]:
        try:
            yield "a"
            await asyncio.Event().wait()
        finally:
            is_closed.set()

    async with aclosing(in_batches(endless(), seconds=LONG)) as batches:
        assert await anext(batches) == "a"
    assert is_closed.is_set()
