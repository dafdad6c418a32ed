"""Files: stored, read, described, removed."""

from __future__ import annotations

from typing import Any, cast

from functions import calls
from reactor import (
    ActionCtx,
    Id,
    MutationCtx,
    QueryCtx,
    StoredFile,
    action,
    mutation,
    query,
)

File = Id[StoredFile]


@action
async def store(ctx: ActionCtx, *, text: str, type_: str | None = None) -> File:
    return await ctx.storage.store(text.encode(), content_type=type_)


@action
async def store_bytes(ctx: ActionCtx, *, data: bytes) -> File:
    return await ctx.storage.store(data, content_type="a/b")


@action
async def read(ctx: ActionCtx, *, id: str) -> Any:
    blob = await ctx.storage.get(cast("File", id))
    return None if blob is None else {"text": await blob.text(), "size": blob.size}


@action
async def read_bytes(ctx: ActionCtx, *, id: str) -> bytes:
    blob = await ctx.storage.get(cast("File", id))
    assert blob is not None
    return await blob.read()


@query
async def has_url(ctx: QueryCtx, *, id: str) -> bool:
    return await ctx.storage.get_url(cast("File", id)) is not None


@query
async def described(ctx: QueryCtx, *, id: str) -> Any:
    file = await ctx.db.get(cast("File", id))
    return None if file is None else {"size": file.size, "sha256": file.sha256}


@query
async def type_of(ctx: QueryCtx, *, id: str) -> str | None:
    return (await ctx.db.require(cast("File", id))).content_type


@query
async def count(ctx: QueryCtx) -> int:
    return len(await ctx.db.query(StoredFile).collect())


@mutation
async def remove(ctx: MutationCtx, *, id: str) -> None:
    await ctx.storage.delete(cast("File", id))


@mutation
async def remove_and_look(ctx: MutationCtx, *, id: str) -> Any:
    await ctx.storage.delete(cast("File", id))
    return await ctx.db.get(cast("File", id))


@mutation
async def remove_and_fail(ctx: MutationCtx, *, id: str) -> None:
    await ctx.storage.delete(cast("File", id))
    raise RuntimeError("after deleting")


@query
async def takes(ctx: QueryCtx, *, file: Id[StoredFile]) -> str:
    return "taken"


@mutation
async def upload_url(ctx: MutationCtx) -> str:
    return "string" if await ctx.storage.generate_upload_url() else "nothing"


@action
async def store_and_record(ctx: ActionCtx, *, text: str) -> bool:
    id = await ctx.storage.store(text.encode())
    await ctx.run_mutation(calls.add, label=f"file of {len(text)}")
    return await ctx.run_query(has_url, id=id)
