"""The reader: a process of its own, whose end is told and never shared."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from reactor import limits
from reactor.errors import TransferRefused
from reactor.transfer import reader
from reactor.transfer.reader import Job, Reading, answers, reading
from tests.unit.transfer.world import archive, lines


def made(folder: Path, content: bytes) -> str:
    path = folder / "upload.data"
    path.write_bytes(content)
    return str(path)


async def test_a_process_reads(tmp_path: Path) -> None:
    """The whole way: job in, sections and documents out, whatever is not read is let go of."""
    path = made(tmp_path, archive({"news/documents.jsonl": lines(*({"n": n} for n in range(200)))}))
    async with reading(Job(path, "zip")) as found:
        (section,) = await found.sections()
        assert (section.name, section.count) == ("news", 200)
    async with reading(Job(path, "zip", tables=["news"], skip={"news": 150})) as found:
        got = [(table, len(rows)) async for table, rows, _ in found.batches()]
    assert got == [("news", 50)]
    async with reading(Job(path, "zip", tables=["news"])) as found:
        async for _ in found.batches():
            break


async def test_a_refusal_comes_as_one(tmp_path: Path) -> None:
    path = made(tmp_path, b"no zip")
    async with reading(Job(path, "zip")) as found:
        with pytest.raises(TransferRefused, match="no zip archive"):
            await found.sections()


async def test_a_process_that_was_killed_is_noticed() -> None:
    async def receive() -> Any:
        raise asyncio.IncompleteReadError(b"", 8)

    with pytest.raises(TransferRefused, match="ended from outside"):
        await Reading(receive).sections()


def test_batches_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is what the loop takes in before others get a turn."""
    content = lines(*({"n": "x" * (1_000 if n >= 100 else 1)} for n in range(150)))
    job = Job(made(tmp_path, content), "jsonLines", "news", tables=["news"])
    monkeypatch.setattr(limits, "IMPORT_BATCH_BYTES", 10_000)
    sizes = [len(answer[2]) for answer in answers(job) if answer[0] == "rows"]
    assert sizes[0] == limits.IMPORT_BATCH_ROWS
    assert max(sizes[2:]) == 10


def test_too_little_memory_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(reader, "open_source", hungry)
    (answer,) = answers(Job(made(tmp_path, b""), "zip"))
    assert answer[0] == "refused"
    assert "bytes of memory" in answer[1]
