"""Uploads: parts in order, names of our own, and nothing left lying around."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from reactor import limits
from reactor.errors import BadRequest
from reactor.runtime.random import SeededEntropy
from reactor.transfer.uploads import Uploads


async def chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "imports", SeededEntropy(1))


async def test_parts_become_one_file(uploads: Uploads) -> None:
    token = await uploads.start()
    second = await uploads.add(token, 2, chunks(b"c", b"d"))
    first = await uploads.add(token, 1, chunks(b"ab"))
    name = await uploads.finish(token, [first, second])
    assert uploads.path(name).read_bytes() == b"abcd"
    assert [path.name for path in uploads.path(name).parent.iterdir()] == [name]
    await uploads.remove(name)
    assert not uploads.path(name).exists()


async def test_a_part_sent_twice_counts_as_its_token_says(uploads: Uploads) -> None:
    """A client that lost the answer sends the part again, and names the one it was told of."""
    token = await uploads.start()
    await uploads.add(token, 1, chunks(b"cut sh"))
    again = await uploads.add(token, 1, chunks(b"whole"))
    assert uploads.path(await uploads.finish(token, [again])).read_bytes() == b"whole"


@pytest.mark.parametrize("token", ["", "../../etc", "a" * 32, "/", "..", "A" * 32])
async def test_tokens_that_are_not_ours_are_refused(uploads: Uploads, token: str) -> None:
    with pytest.raises(BadRequest):
        await uploads.add(token, 1, chunks(b"x"))
    with pytest.raises(BadRequest):
        await uploads.finish(token, [])


async def test_parts_that_are_not_ours_are_refused(uploads: Uploads) -> None:
    token = await uploads.start()
    for part in ("../x", "1-" + "0" * 16, "", "1"):
        with pytest.raises(BadRequest):
            await uploads.finish(token, [part])
    for number in (0, -1, limits.IMPORT_PARTS_MAX + 1):
        with pytest.raises(BadRequest):
            await uploads.add(token, number, chunks(b"x"))


async def test_a_part_is_bounded(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMPORT_PART_BYTES_MAX", 3)
    token = await uploads.start()
    with pytest.raises(BadRequest) as refused:
        await uploads.add(token, 1, chunks(b"ab", b"cd"))
    assert refused.value.status == 413


async def test_uploads_that_nobody_finishes_make_room(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients that go away in the middle must not fill the disk."""
    monkeypatch.setattr(limits, "IMPORT_UPLOADS_MAX", 2)
    tokens = [await uploads.start() for _ in range(4)]
    with pytest.raises(BadRequest):
        await uploads.add(tokens[0], 1, chunks(b"x"))
    await uploads.add(tokens[3], 1, chunks(b"x"))


async def test_at_the_start_only_what_is_needed_stays(uploads: Uploads) -> None:
    uploads.keep_only(set())
    names: list[str] = []
    for _ in range(2):
        token = await uploads.start()
        names.append(await uploads.finish(token, [await uploads.add(token, 1, chunks(b"x"))]))
    await uploads.start()
    uploads.path("mine").mkdir()
    uploads.path("notes.txt").write_text("mine too")
    uploads.keep_only({names[1]})
    left = {path.name for path in uploads.path("x").parent.iterdir()}
    assert left == {names[1], "mine", "notes.txt"}, "what is not ours is never touched"
