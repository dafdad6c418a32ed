"""`ctx.storage`, as functions of a project use it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from reactor import ActionCtx, AppError, FileMetadata, Id, MutationCtx, StoredFile
from reactor.errors import BadRequest, DatabaseError, DeveloperError, InvalidId, ValueNotAllowed
from tests.unit.files.world import Files, once
from tests.unit.sample.functions import files

NOBODY = "3c5f0f9e-0a67-4d10-9d35-6a3a0b8d5a11"


def id_of(text: str) -> Id[StoredFile]:
    return cast("Id[StoredFile]", text)


async def test_an_action_stores_and_reads(world: Files) -> None:
    id = await world.backend.action(files.store, text="héllo")
    assert await world.backend.action(files.read, id=id) == "héllo"
    url = await world.backend.query(files.url, id=id)
    assert url is not None
    assert str(id) not in url


async def test_reading_in_pieces(world: Files) -> None:
    id = await world.store(b"hello", "a/b")

    async def body(ctx: ActionCtx) -> tuple[Any, ...]:
        blob = await ctx.storage.get(id)
        assert blob is not None
        parts = [part async for part in blob]
        return b"".join(parts), await blob.read(), blob.size, blob.content_type

    assert await world.backend.run_action(body) == (b"hello", b"hello", 5, "a/b")


async def test_storing_what_comes_in_pieces(world: Files) -> None:
    """An action pipes a download of its own into storage without holding it."""
    digest = hashlib.sha256(b"ab").hexdigest()

    async def body(ctx: ActionCtx) -> str | None:
        id = await ctx.storage.store(once(b"a", b"b"), content_type="x/y", sha256=digest)
        blob = await ctx.storage.get(id)
        return None if blob is None else await blob.text()

    assert await world.backend.run_action(body) == "ab"


async def test_digests_are_checked(world: Files) -> None:
    async def wrong(ctx: ActionCtx) -> None:
        await ctx.storage.store(b"a", sha256="0" * 64)

    async def garbled(ctx: ActionCtx) -> None:
        await ctx.storage.store(b"a", sha256="no digest")

    with pytest.raises(BadRequest):
        await world.backend.run_action(wrong)
    with pytest.raises(ValueNotAllowed):
        await world.backend.run_action(garbled)
    assert await world.keys() == set()


async def test_a_source_that_raises_reaches_the_action(world: Files) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise AppError("the vendor hung up")

    async def body(ctx: ActionCtx) -> None:
        await ctx.storage.store(broken())

    with pytest.raises(AppError):
        await world.backend.run_action(body)


async def test_a_mutation_deletes_with_its_commit(world: Files) -> None:
    id = await world.store()
    await world.backend.mutation(files.remove, id=id)
    assert await world.backend.query(files.url, id=id) is None
    assert await world.backend.action(files.read, id=id) is None


async def test_a_mutation_that_fails_deletes_nothing(world: Files) -> None:
    id = await world.store()
    with pytest.raises(AppError):
        await world.backend.mutation(files.remove, id=id, fail=True)
    assert await world.sweeper.empty_garbage() == 0
    assert await world.backend.action(files.read, id=id) == "hello"


async def test_a_nested_mutation_that_fails_deletes_nothing(world: Files) -> None:
    """Only the writes of the nested call are undone, the file's deletion among them."""
    id = await world.store()

    async def body(ctx: MutationCtx) -> str | None:
        with pytest.raises(AppError):
            await ctx.run_mutation(files.remove, id=id, fail=True)
        return await ctx.storage.get_url(id)

    assert await world.backend.run(body) is not None
    assert world.counts() == (1, 1, 0, 0)


async def test_an_action_deletes_at_once(world: Files) -> None:
    id = await world.store()

    async def body(ctx: ActionCtx) -> str | None:
        await ctx.storage.delete(id)
        return await ctx.storage.get_url(id)

    assert await world.backend.run_action(body) is None


async def test_urls_are_live(world: Files) -> None:
    """A page that shows a file notices that it was deleted."""
    id = await world.store()
    async with world.backend.subscribe(files.url, id=id) as feed:
        assert await feed.next() is not None
        await world.backend.mutation(files.remove, id=id)
        assert await feed.next() is None


async def test_lists_of_files_are_live(world: Files) -> None:
    async with world.backend.subscribe(files.every) as feed:
        assert await feed.next() == []
        id = await world.store()
        assert [file.id for file in await feed.next()] == [id]


async def test_another_file_disturbs_nobody(world: Files) -> None:
    id, other = await world.store(), await world.store()
    async with world.backend.subscribe(files.url, id=id) as feed:
        await feed.next()
        runs = world.hub.runner.query_runs
        await world.backend.mutation(files.remove, id=other)
        await world.settle()
        assert world.hub.runner.query_runs == runs


async def test_metadata_in_convexs_older_form(world: Files) -> None:
    id = await world.store(b"hello", "a/b")

    async def body(ctx: MutationCtx) -> FileMetadata | None:
        return await ctx.storage.get_metadata(id)

    found = await world.backend.run(body)
    record = world.files.find(id)
    assert found is not None
    assert record is not None
    assert found.storage_id == record.uuid
    assert found.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert (found.size, found.content_type) == (5, "a/b")


async def test_legacy_uuids_name_files_too(world: Files) -> None:
    id = await world.store()
    record = world.files.find(id)
    assert record is not None

    async def body(ctx: MutationCtx) -> tuple[Any, ...]:
        url = await ctx.storage.get_url(id_of(record.uuid))
        await ctx.storage.delete(id_of(record.uuid))
        return url, await ctx.storage.get_metadata(id_of(record.uuid))

    assert await world.backend.run(body) == (world.files.url(record.uuid), None)


async def test_what_is_no_file(world: Files) -> None:
    async def look(ctx: MutationCtx) -> None:
        await ctx.storage.get_url(id_of("nonsense"))

    async def delete(ctx: MutationCtx) -> None:
        await ctx.storage.delete(id_of(NOBODY))

    with pytest.raises(InvalidId):
        await world.backend.run(look)
    with pytest.raises(DatabaseError) as error:
        await world.backend.run(delete)
    assert error.value.code == "StorageIdNotFound"
    with pytest.raises(DeveloperError):
        await world.backend.call("files:url", {"id": NOBODY})


async def test_functions_cannot_write_documents_of_files(world: Files) -> None:
    id = await world.store()

    async def body(ctx: MutationCtx) -> None:
        await ctx.db.delete(id)

    with pytest.raises(DatabaseError, match="read-only"):
        await world.backend.run(body)
