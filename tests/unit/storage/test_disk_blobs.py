"""Files in a folder: the contract, and what the folder looks like after a crash."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reactor.errors import FilesFailed, ProjectError
from reactor.storage.blobs import BLOCK_BYTES
from reactor.storage.disk_blobs import DiskBlobs
from tests.unit.storage.blob_contract import OWNER, BlobContract, key, listed, pieces, read


@pytest.fixture
async def blobs(tmp_path: Path) -> DiskBlobs:
    return await opened(tmp_path)


async def opened(folder: Path) -> DiskBlobs:
    blobs = DiskBlobs(folder / "files")
    await blobs.open(OWNER)
    return blobs


def files_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


class TestDiskBlobs(BlobContract):
    pass


async def test_a_file_is_a_plain_file(tmp_path: Path, blobs: DiskBlobs) -> None:
    """A person with a shell finds the bytes where the module says."""
    name = key()
    await blobs.put(name, pieces(b"hello"))
    assert files_in(tmp_path) == [f"files/{OWNER}/{name[-2:]}/{name}"]


async def test_what_a_crash_left_half_written_is_cleared(tmp_path: Path, blobs: DiskBlobs) -> None:
    """Kill -9 in the middle of an upload: the next start has neither the file nor its half."""
    half = tmp_path / "files" / OWNER / "partial" / key()
    half.write_bytes(b"half")
    name = key()
    await blobs.put(name, pieces(b"whole"))
    again = await opened(tmp_path)
    assert not half.exists()
    assert await read(again, name, 0, 5) == b"whole"


async def test_a_cancelled_upload_leaves_nothing(tmp_path: Path, blobs: DiskBlobs) -> None:
    reached = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"x" * BLOCK_BYTES
        reached.set()
        await asyncio.Event().wait()

    upload = asyncio.ensure_future(blobs.put(key(), stuck()))
    await reached.wait()
    assert len(files_in(tmp_path)) == 1, "the half is on its way"
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert files_in(tmp_path) == []


@contextmanager
def file_size_limit(size: int) -> Generator[None]:
    """A disk that is full: writes past this size fail, as they do without space."""
    import signal

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


async def test_a_full_disk_costs_one_upload(tmp_path: Path, blobs: DiskBlobs) -> None:
    """The uploader is told, nothing is left over, and the node goes on."""
    with file_size_limit(BLOCK_BYTES), pytest.raises(FilesFailed):
        await blobs.put(key(), pieces(*[b"x" * BLOCK_BYTES] * 3))
    assert files_in(tmp_path) == []
    name = key()
    await blobs.put(name, pieces(b"fits"))
    assert await listed(blobs) == {name}


async def test_a_download_survives_the_deletion(blobs: DiskBlobs) -> None:
    """Whoever is reading a file when it is deleted gets the rest of it."""
    name = key()
    await blobs.put(name, pieces(b"a" * BLOCK_BYTES, b"b" * BLOCK_BYTES))
    reading = blobs.read(name, 0, 2 * BLOCK_BYTES)
    await anext(reading)
    await blobs.delete([name])
    assert await anext(reading) == b"b" * BLOCK_BYTES
    await reading.aclose()


async def test_other_peoples_files_are_left_alone(tmp_path: Path, blobs: DiskBlobs) -> None:
    """A stray file in the folder is no key, so no sweep removes it."""
    shard = tmp_path / "files" / OWNER / "ab"
    shard.mkdir()
    (shard / "notes.txt").write_text("mine")
    (tmp_path / "files" / OWNER / "README").write_text("mine too")
    assert await listed(blobs) == set()


async def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("I am a file")
    with pytest.raises(ProjectError, match="REACTOR_FILES"):
        await opened(tmp_path)


async def test_a_disk_that_refuses_to_sync(
    blobs: DiskBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose bytes may not be on the disk does not appear."""

    def refuse(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(FilesFailed):
            await blobs.put(key(), pieces(b"a"))
    assert files_in(tmp_path) == []
