"""Titles that are searched while they come and go."""

from __future__ import annotations

from reactor import Id, MutationCtx, Page, PaginationOptions, QueryCtx, mutation, query
from schema import Article


@mutation
async def add(ctx: MutationCtx, *, title: str, topic: str) -> Id[Article]:
    return await ctx.db.insert(Article(title=title, topic=topic))


@mutation
async def retitle(ctx: MutationCtx, *, id: Id[Article], title: str) -> None:
    await ctx.db.patch(id, Article.title.set(title))


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Article]) -> None:
    await ctx.db.delete(id)


@mutation
async def add_and_search(ctx: MutationCtx, *, title: str, topic: str) -> list[str]:
    """A mutation finds what it has just written."""
    await ctx.db.insert(Article(title=title, topic=topic))
    hits = ctx.db.query(Article).with_search_index(
        Article.search_title, title, Article.topic == topic
    )
    return [hit.title for hit in await hits.collect()]


@query
async def search(ctx: QueryCtx, *, text: str, topic: str) -> list[str]:
    hits = ctx.db.query(Article).with_search_index(
        Article.search_title, text, Article.topic == topic
    )
    return [hit.title for hit in await hits.take(10)]


@query
async def page(
    ctx: QueryCtx, *, text: str, topic: str, pagination_opts: PaginationOptions
) -> Page[Article]:
    hits = ctx.db.query(Article).with_search_index(
        Article.search_title, text, Article.topic == topic
    )
    return await hits.paginate(pagination_opts)
