"""Text that arrives word by word, gathered into pieces worth a write each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import suppress

from functions.constants import FLUSH_CHARS, FLUSH_SECONDS


async def in_batches(
    pieces: AsyncIterable[str], *, seconds: float = FLUSH_SECONDS, chars: int = FLUSH_CHARS
) -> AsyncGenerator[str]:
    """The pieces, joined: the first at once, then after a while or when much has arrived.

    Nothing waits longer than `seconds`, whether more arrives or not. When the source fails, what
    arrived before comes first, then the error.

    Args:
        pieces: the source; it is read on while the reader of this is busy.
        seconds: between two batches at least, unless there are `chars`.
        chars: characters that end the wait.
    """
    gathered: list[str] = []
    is_some, is_much = asyncio.Event(), asyncio.Event()

    async def gather() -> None:
        try:
            async for piece in pieces:
                gathered.append(piece)
                is_some.set()
                if sum(map(len, gathered)) >= chars:
                    is_much.set()
        finally:
            is_some.set()
            is_much.set()

    source = asyncio.ensure_future(gather())
    try:
        while True:
            await is_some.wait()
            if not gathered:
                break
            batch = "".join(gathered)
            gathered.clear()
            if not source.done():
                is_some.clear()
                is_much.clear()
            yield batch
            with suppress(TimeoutError):
                await asyncio.wait_for(is_much.wait(), seconds)
        await source
    finally:
        source.cancel()
        await asyncio.gather(source, return_exceptions=True)
