"""Its functions: every kind, plain and guarded."""

from __future__ import annotations

from reactor import (
    ActionCtx,
    AppError,
    Id,
    MutationCtx,
    Object,
    Page,
    PaginationOptions,
    QueryCtx,
    action,
    internal_mutation,
    mutation,
    query,
)
from tests.typing.project.schema import News, NewsType, User


class Invoice(Object):
    url: str
    amount: int


async def signed_in(ctx: QueryCtx) -> User:
    identity = await ctx.auth.get_user_identity()
    if identity is None:
        raise AppError({"code": "UNAUTHENTICATED"})
    match = User.clerk_user_id == identity.subject
    user = await ctx.db.query(User).with_index(User.by_clerk_user_id, match).unique()
    if user is None:
        raise AppError({"code": "NOT_FOUND"})
    return user


async def admin_action(ctx: ActionCtx) -> bool:
    return ctx.auth.is_admin


@query
async def search(ctx: QueryCtx, text: str, limit: int = 10) -> list[News]:
    published = ctx.db.query(News).with_index(News.by_published, News.is_published.is_(True))
    return await published.filter(lambda news: text in news.title).take(limit)


@query
async def list_page(ctx: QueryCtx, pagination_opts: PaginationOptions) -> Page[News]:
    return await ctx.db.query(News).order("desc").paginate(pagination_opts)


@query.using(signed_in)
async def mine(ctx: QueryCtx, user: User) -> str:
    return user.email


@mutation.using(signed_in)
async def create(ctx: MutationCtx, user: User, title: str, type_: NewsType) -> Id[News]:
    return await ctx.db.insert(News(title=title, type_=type_, created_by=user.id))


@internal_mutation
async def mark_paid(ctx: MutationCtx, external_id: str, paid_at: float) -> bool:
    return True


@action.using(admin_action)
async def checkout(ctx: ActionCtx, is_admin: bool, months: int = 1) -> Invoice:
    await ctx.run_mutation(mark_paid, external_id="x", paid_at=0.0)
    return Invoice(url="https://example.test", amount=months)
