"""Uploads of files to be imported: parts arrive one by one, and become one file.

    <folder>/<token>/<part>      while parts arrive
    <folder>/<token>.data        once it is finished

Tokens and parts have names of our own making, and any others are refused before a path is made of
them. An upload that was never finished goes when there are too many, or at the next start.

Source: protocol.md 8.6.
"""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Final

import anyio.to_thread

from reactor import limits
from reactor.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from reactor.runtime.random import Entropy

_TOKEN: Final = re.compile(r"[0-9a-f]{32}\Z")
_PART: Final = re.compile(r"[0-9]{1,6}-[0-9a-f]{16}\Z")
_COPY_BYTES: Final = 2**20


class Uploads:
    """The uploads of a node.

    Args:
        folder: where they are.
        entropy: where tokens come from.
    """

    def __init__(self, folder: Path, entropy: Entropy) -> None:
        self._folder, self._entropy = folder, entropy

    async def start(self) -> str:
        """The token of a new upload."""
        token = self._entropy.token(16).hex()
        await anyio.to_thread.run_sync(self._make, token)
        return token

    def _make(self, token: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        under_way = sorted(
            (path for path in self._folder.iterdir() if path.is_dir() and _TOKEN.match(path.name)),
            key=lambda path: path.stat().st_mtime_ns,
        )
        for old in under_way[: max(0, len(under_way) - limits.IMPORT_UPLOADS_MAX + 1)]:
            shutil.rmtree(old, ignore_errors=True)
        (self._folder / token).mkdir()

    async def add(self, token: str, number: int, chunks: AsyncIterator[bytes]) -> str:
        """Takes one part, and gives the token that stands for it.

        Args:
            token: of the upload.
            number: its place, from 1.
            chunks: its bytes.

        Raises:
            BadRequest: there is no such upload, or the part is too large.
        """
        folder = self._of(token)
        if not 0 < number <= limits.IMPORT_PARTS_MAX:
            raise BadRequest(f"partNumber must be 1 to {limits.IMPORT_PARTS_MAX}")
        part = f"{number}-{self._entropy.token(8).hex()}"
        size = 0
        async with await anyio.open_file(folder / part, "wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > limits.IMPORT_PART_BYTES_MAX:
                    raise BadRequest(
                        f"a part may have at most {limits.IMPORT_PART_BYTES_MAX} bytes",
                        code="PartTooLarge",
                        status=413,
                    )
                await file.write(chunk)
        return part

    async def finish(self, token: str, parts: Sequence[str]) -> str:
        """Makes one file of the parts, in the order given; the name of that file.

        Raises:
            BadRequest: there is no such upload, or no such part.
        """
        folder = self._of(token)
        for part in parts:
            if not _PART.match(part) or not (folder / part).is_file():
                raise BadRequest(f"{part[:64]!r} is no part of this upload", code="InvalidPart")
        await anyio.to_thread.run_sync(self._join, folder, parts)
        return f"{token}.data"

    def _join(self, folder: Path, parts: Sequence[str]) -> None:
        whole = folder.with_suffix(".data")
        with whole.open("wb") as file:
            for part in parts:
                with (folder / part).open("rb") as piece:
                    shutil.copyfileobj(piece, file, _COPY_BYTES)
                (folder / part).unlink()
            file.flush()
            os.fsync(file.fileno())
        shutil.rmtree(folder)

    def path(self, name: str) -> Path:
        """Where a finished file is."""
        return self._folder / name

    def keep_only(self, names: set[str]) -> None:
        """Removes every other finished file of ours, and every upload that is under way."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if not _TOKEN.match(path.name.removesuffix(".data")):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name not in names:
                path.unlink(missing_ok=True)

    async def remove(self, name: str) -> None:
        """Removes a finished file."""
        await anyio.to_thread.run_sync(lambda: self.path(name).unlink(missing_ok=True))

    def _of(self, token: str) -> Path:
        folder = self._folder / token
        if not _TOKEN.match(token) or not folder.is_dir():
            raise BadRequest(
                "there is no such upload, or it is finished; start another", code="InvalidUpload"
            )
        return folder
