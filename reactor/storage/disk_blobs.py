"""Files in a folder: one plain file each, written beside, made durable, then moved into place.

    <folder>/<owner>/partial/<key>      being written; cleared when the node starts
    <folder>/<owner>/<last two>/<key>   whole

Everything that touches the disk runs in a thread.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

import anyio
from anyio.to_thread import run_sync

from reactor.errors import FilesFailed, ProjectError
from reactor.storage.blobs import BLOCK_BYTES, KEYS_LISTED, is_key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
    from pathlib import Path

_PARTIAL: Final = "partial"


class DiskBlobs:
    """A folder of files, for one node.

    Args:
        folder: where they go; made when it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = folder

    async def open(self, owner: str) -> None:
        """Makes the owner's folder and clears what a crash left half-written.

        Raises:
            ProjectError: the folder cannot be made or written to.
        """
        self._home = self._folder / owner
        try:
            await run_sync(self._clear)
        except OSError as error:
            raise ProjectError(
                f"files cannot be kept in {self._folder} ({error.strerror}); set REACTOR_FILES to "
                "a folder that can be written to"
            ) from None

    def _clear(self) -> None:
        partial = self._home / _PARTIAL
        partial.mkdir(parents=True, exist_ok=True)
        for entry in partial.iterdir():
            entry.unlink()

    async def put(self, key: str, blocks: AsyncIterator[bytes]) -> None:
        """Writes a blob beside the others and moves it in when all of it is on the disk."""
        partial = self._home / _PARTIAL / key
        with _refusals():
            file = await run_sync(_opened, partial, "xb")
        try:
            async for block in blocks:
                with _refusals():
                    await run_sync(file.write, block)
            with _refusals():
                await run_sync(self._finish, file, partial, self._path(key))
        except BaseException:
            with anyio.CancelScope(shield=True), suppress(OSError):
                await run_sync(_abandon, file, partial)
            raise

    def _finish(self, file: BinaryIO, partial: Path, path: Path) -> None:
        file.flush()
        os.fsync(file.fileno())
        file.close()
        if not path.parent.is_dir():
            path.parent.mkdir(exist_ok=True)
            _sync_folder(self._home)
        partial.rename(path)
        # Without this the name itself may be lost with the power, though the bytes are not.
        _sync_folder(path.parent)

    async def read(self, key: str, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """A part of a blob; it can be read to its end even when it is deleted meanwhile."""
        with _refusals():
            file = await run_sync(_opened, self._path(key), "rb")
        try:
            await run_sync(file.seek, start)
            while length:
                with _refusals():
                    block = await run_sync(file.read, min(length, BLOCK_BYTES))
                if not block:
                    raise FilesFailed(f"blob {key} is cut short", code="FileBytesMissing")
                length -= len(block)
                yield block
        finally:
            file.close()

    async def delete(self, keys: Sequence[str]) -> None:
        """Removes blobs."""
        with _refusals():
            await run_sync(self._remove, keys)

    def _remove(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._path(key).unlink(missing_ok=True)

    async def listing(self) -> AsyncGenerator[list[str], None]:
        """Every key, a shard at a time."""
        with _refusals():
            shards = await run_sync(_names, self._home)
        for shard in shards:
            if shard == _PARTIAL:
                continue
            with _refusals():
                found = [
                    name for name in await run_sync(_names, self._home / shard) if is_key(name)
                ]
            for at in range(0, len(found), KEYS_LISTED):
                yield found[at : at + KEYS_LISTED]

    async def close(self) -> None:
        """Nothing: every file is closed when it has been written or read."""

    def _path(self, key: str) -> Path:
        # By their last digits, which are chance; the first are the time, the same all day long.
        return self._home / key[-2:] / key


@contextmanager
def _refusals() -> Generator[None]:
    """Turns what the disk says into what the engine understands."""
    try:
        yield
    except FileNotFoundError as error:
        raise FilesFailed(f"a file is missing: {error}", code="FileBytesMissing") from error
    except OSError as error:
        raise FilesFailed(f"the disk refused: {error}") from error


def _opened(path: Path, mode: Literal["rb", "xb"]) -> BinaryIO:
    return path.open(mode)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _abandon(file: BinaryIO, partial: Path) -> None:
    try:
        file.close()
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
