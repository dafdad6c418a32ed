"""What the engine asks of a place for files: put bytes under a new key, read them, remove them.

A key is written once, in one piece, and never again: it names the same bytes from the moment they
are whole until they are deleted. Keys carry the time at which they were made, so that what a crash
left behind can be told from what is being written now. Which keys are in use is not the place's to
know: `files/` keeps that in the database.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence

    from reactor.runtime.random import Entropy

BLOCK_BYTES: Final = 2**20
"""Bytes that are written or read at a time: what one transfer holds in memory. Less, and a large
file takes a thread switch per few kilobytes; more is memory for every slow client."""

KEYS_LISTED: Final = 1_000
"""Keys that a listing brings at a time, and that one call deletes; what S3 does in one request."""

_KEY: Final = re.compile(r"[0-9a-f]{32}")
_MS_DIGITS: Final = 12


def new_key(entropy: Entropy, now_ms: float) -> str:
    """A key that no blob has had: 12 hex digits of milliseconds, then 20 of chance."""
    return f"{int(now_ms):0{_MS_DIGITS}x}{entropy.token(10).hex()}"


def is_key(text: str) -> bool:
    """Whether a name in the place is a key of ours; other people's files are left alone."""
    return _KEY.fullmatch(text) is not None


def made_ms(key: str) -> int:
    """When a key was made, in milliseconds since the epoch."""
    return int(key[:_MS_DIGITS], 16)


class Blobs(Protocol):
    """A place for files, owned by one deployment: a folder, an S3 prefix, memory in tests.

    Every method that touches the place may raise `FilesFailed`; the node goes on without it.
    """

    async def open(self, owner: str) -> None:
        """Takes the part of the place that is this deployment's, and clears half-written blobs.

        Args:
            owner: the deployment; what others keep in the same place is neither seen nor touched.

        Raises:
            ProjectError: the place cannot be used; the message says why and what to do.
        """
        ...

    async def put(self, key: str, blocks: AsyncIterator[bytes]) -> None:
        """Stores a blob durably; nobody sees it before it is whole.

        Args:
            key: from `new_key`.
            blocks: the bytes, at most `BLOCK_BYTES` each. Whatever they raise comes out of here,
                and nothing of the blob stays.
        """
        ...

    def read(self, key: str, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """A part of a blob, block by block; the caller closes it.

        Args:
            key: of a stored blob.
            start: the first byte, from 0.
            length: how many; the blob must have them.

        Raises:
            FilesFailed: with the code FileBytesMissing, the blob is not there or too short.
        """
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Removes blobs, at most `KEYS_LISTED`; one that is not there is removed already."""
        ...

    def listing(self) -> AsyncGenerator[list[str], None]:
        """The keys of every whole blob, in batches, in no certain order; the caller closes it."""
        ...

    async def close(self) -> None:
        """Lets the place go."""
        ...
