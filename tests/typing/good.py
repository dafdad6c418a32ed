"""What developers write: mypy --strict and pyright strict must accept every line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any, assert_type
from zoneinfo import ZoneInfo

from reactor import (
    ABSENT,
    ActionCtx,
    Arguments,
    Bound,
    Change,
    Component,
    Cron,
    Crons,
    Env,
    FieldRef,
    Id,
    JobState,
    MutationCtx,
    MutationFn,
    Page,
    PaginationOptions,
    QueryCtx,
    QueryFn,
    Reactor,
    ScheduledFunction,
    UserIdentity,
    changed,
    internal_mutation,
    parse,
)
from reactor.contrib import Aggregate, Outcome, RateLimiter, TableAggregate, Workpool, prefix
from reactor.testing import Feed, Harness, open_harness
from tests.typing.project import functions, schema
from tests.typing.project.functions import (
    Invoice,
    checkout,
    create,
    list_page,
    mark_paid,
    mine,
    search,
)
from tests.typing.project.schema import Address, News, NewsType, Role, User


class Settings(Env):
    support_email: str | None = None


audit = Component("audit", functions="audit.functions", schema=schema)
app = Reactor(
    functions="functions",
    schema=schema,
    env=Settings,
    components=[audit, RateLimiter.component, Aggregate.component, Workpool.component],
)
ranking = TableAggregate(News, key=lambda news: (news.type_, news.view_count))
plays = Aggregate[tuple[str, float]]("plays")
mails = Workpool("mails", parallel=3)


def columns() -> None:
    """On the class a column, with its table and its type."""
    assert_type(News.title, FieldRef[News, str])
    assert_type(News.view_count, FieldRef[News, int])
    assert_type(News.title == "x", Bound[News])
    assert_type(News.published_at > 3.0, Bound[News])
    assert_type(News.published_at.is_(None), Bound[News])
    assert_type(User.address.at(lambda address: address.city) == "x", Bound[User])
    assert_type(News.view_count.set(3), Change[News])
    assert_type(User.name.set(None), Change[User])
    assert_type(User.name.given(ABSENT), Change[User])


def documents(news: News, user: User) -> None:
    """On a document a value."""
    assert_type(news.id, Id[News])
    assert_type(news.creation_time, float)
    assert_type(news.title, str)
    assert_type(news.type_, NewsType)
    assert_type(news.tags, list[str])
    assert_type(news.published_at, float | None)
    assert_type(news.created_by, Id[User])
    assert_type(user.role, Role)
    assert_type(user.address, Address | None)
    assert_type(changed(user, User.name.set("x")), User)
    assert_type(parse(Invoice, {"url": "x", "amount": 1}), Invoice)


async def reading(ctx: QueryCtx, id: Id[News], options: PaginationOptions) -> None:
    """A query keeps its document type from the table to the result."""
    assert_type(await ctx.db.get(id), News | None)
    assert_type(await ctx.db.require(id), News)
    assert_type(ctx.db.normalize_id(News, "x"), Id[News] | None)
    found = ctx.db.query(News).with_index(
        News.by_published, News.is_published.is_(True), News.published_at >= 1.0
    )
    assert_type(await found.order("desc").take(3), list[News])
    assert_type(await ctx.db.query(News).first(), News | None)
    assert_type(await ctx.db.query(User).unique(), User | None)
    page = await ctx.db.query(News).filter(lambda news: news.view_count > 3).paginate(options)
    assert_type(page, Page[News])
    assert_type(page.with_items([news.title for news in page.page]), Page[str])
    async for news in ctx.db.query(News):
        assert_type(news, News)
    assert_type(await ctx.auth.get_user_identity(), UserIdentity | None)
    assert_type(ctx.env(Settings).support_email, str | None)


async def writing(ctx: MutationCtx, user: Id[User]) -> None:
    """Writes take the columns of their own table."""
    id = await ctx.db.insert(News(title="x", type_="tool", created_by=user))
    assert_type(id, Id[News])
    await ctx.db.patch(id, News.title.set("y"), News.view_count.set(1))
    await ctx.db.replace(id, News(title="z", type_="regulation", created_by=user, tags=["a"]))
    await ctx.db.delete(id)
    assert_type(await ctx.run_query(search, "x", limit=3), list[News])
    assert_type(await ctx.run_mutation(create, title="x", type_="tool"), Id[News])
    assert_type(await ctx.run_query(mine), str)


async def acting(ctx: ActionCtx, options: PaginationOptions) -> None:
    """Calls are checked against the function that they name, its guard left out."""
    assert_type(await ctx.run_query(list_page, options), Page[News])
    assert_type(await ctx.run_mutation(mark_paid, external_id="x", paid_at=1.0), bool)
    assert_type(await ctx.run_action(checkout), Invoice)
    assert_type(await ctx.run_action(checkout, months=2), Invoice)
    assert_type(await ctx.run_action(functions.checkout, 3), Invoice)
    assert_type(QueryFn.ref("news:search"), QueryFn[..., Any])


async def later(ctx: MutationCtx, actx: ActionCtx) -> None:
    """What is scheduled is checked like a call."""
    id = await ctx.scheduler.run_after(0, mark_paid, external_id="x", paid_at=1.0)
    assert_type(id, Id[ScheduledFunction])
    await ctx.scheduler.run_after(timedelta(minutes=5), checkout, months=2)
    await actx.scheduler.run_at(ctx.now(), mark_paid, "x", 1.0)
    await actx.scheduler.run_after(0, MutationFn.ref("news:any"), whatever=1)
    await ctx.scheduler.cancel(id)
    job = await ctx.db.get(id)
    assert_type(None if job is None else job.state, JobState | None)


crons = Crons()
crons.interval("each quarter", timedelta(minutes=15), mark_paid, external_id="x", paid_at=0.0)
crons.hourly("each hour", 5, checkout)
crons.daily("each day", time(7, tzinfo=ZoneInfo("Asia/Jakarta")), checkout, months=2)
crons.weekly("each week", "monday", time(7), checkout, 3)
crons.monthly("each month", 1, time(7), checkout)
crons.cron("at five", "0 17 * * *", checkout)
crons.cron("there", Cron("0 7 * * 1", tz="Asia/Jakarta"), checkout)


async def mounting(ctx: MutationCtx, actx: ActionCtx, user: Id[User]) -> None:
    """A function that is aimed at a component keeps its type."""
    assert_type(await ctx.run_query(audit(search), "x"), list[News])
    assert_type(await ctx.run_mutation(audit(create), title="x", type_="tool"), Id[News])
    assert_type(await actx.run_action(audit(checkout), months=2), Invoice)
    assert_type(audit(mark_paid).handle, str)
    kept = Arguments.of(mark_paid, external_id="x", paid_at=1.0)
    await ctx.run_mutation(MutationFn.ref("function://audit;billing:markPaid"), kept)
    new = News(title="x", type_="tool", created_by=user)
    assert_type(await ranking.insert(ctx, new), Id[News])
    assert_type(await ranking.count(ctx, prefix("tool").at_least(1)), int)
    await plays.insert(ctx, "x", ("chess", 1200.0), value=1)
    pool = mails.then(told, context={"user": user})
    assert_type(await pool.enqueue(ctx, checkout, months=2), str)
    summed = ctx.db.query(News).with_index(News.by_published)
    assert_type(await summed.sum(News.view_count), float)
    assert_type(await summed.sum(News.published_at), float)


@internal_mutation
async def told(ctx: MutationCtx, work_id: str, context: Any, result: Outcome) -> None:
    """What a pool tells its handler."""


async def testing() -> None:
    """A harness calls functions as their objects, too."""
    async with open_harness(functions="functions", schema=schema) as backend:
        assert_type(backend, Harness)
        signed_in = backend.with_identity(subject="x", email="e@example.test")
        assert_type(await signed_in.query(search, "x"), list[News])
        assert_type(await signed_in.mutation(create, title="x", type_="tool"), Id[News])
        assert_type(await backend.action(checkout), Invoice)
        assert_type(backend.subscribe(mine), Feed[str])


def covariance(news: Sequence[News], bounds: list[Bound[News]]) -> None:
    """Documents and bounds go wherever their table goes."""
    assert_type([one.title for one in news], list[str])
    assert_type(bounds, list[Bound[News]])
