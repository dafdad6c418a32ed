"""Files of the sample."""

from __future__ import annotations

from reactor import (
    ActionCtx,
    AppError,
    Id,
    MutationCtx,
    QueryCtx,
    StoredFile,
    action,
    mutation,
    query,
)


@query
async def url(ctx: QueryCtx, *, id: Id[StoredFile]) -> str | None:
    return await ctx.storage.get_url(id)


@query
async def every(ctx: QueryCtx) -> list[StoredFile]:
    return await ctx.db.query(StoredFile).collect()


@mutation
async def upload_url(ctx: MutationCtx) -> str:
    return await ctx.storage.generate_upload_url()


@mutation
async def remove(ctx: MutationCtx, *, id: Id[StoredFile], fail: bool = False) -> None:
    await ctx.storage.delete(id)
    if fail:
        raise AppError("changed my mind")


@action
async def store(ctx: ActionCtx, *, text: str) -> Id[StoredFile]:
    return await ctx.storage.store(text.encode(), content_type="text/plain")


@action
async def read(ctx: ActionCtx, *, id: Id[StoredFile]) -> str | None:
    blob = await ctx.storage.get(id)
    return None if blob is None else await blob.text()
