from __future__ import annotations

from reactor import Id, MutationCtx, QueryCtx, StoredFile, mutation, query
from schema import Picture


@mutation
async def upload_url(ctx: MutationCtx) -> str:
    return await ctx.storage.generate_upload_url()


@mutation
async def save(ctx: MutationCtx, *, name: str, file: Id[StoredFile]) -> None:
    await ctx.db.insert(Picture(name=name, file=file))


@mutation
async def remove(ctx: MutationCtx, *, name: str) -> None:
    picture = await picture_of(ctx, name)
    assert picture is not None
    await ctx.storage.delete(picture.file)
    await ctx.db.delete(picture.id)


@query
async def url(ctx: QueryCtx, *, name: str) -> str | None:
    picture = await picture_of(ctx, name)
    return None if picture is None else await ctx.storage.get_url(picture.file)


@query
async def metadata(ctx: QueryCtx, *, name: str) -> StoredFile | None:
    picture = await picture_of(ctx, name)
    return None if picture is None else await ctx.db.get(picture.file)


@query
async def count(ctx: QueryCtx) -> int:
    return await ctx.db.query(StoredFile).count()


async def picture_of(ctx: QueryCtx, name: str) -> Picture | None:
    return await ctx.db.query(Picture).with_index(Picture.by_name, Picture.name == name).unique()
