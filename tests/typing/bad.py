"""Typical mistakes; mypy --strict and pyright strict must each report every marked line."""

from __future__ import annotations

from datetime import time, timedelta

from reactor import ActionCtx, Component, Crons, MutationCtx
from reactor.contrib import Aggregate, TableAggregate, Workpool
from tests.typing.project.functions import checkout, create, mark_paid, search
from tests.typing.project.schema import News, User

audit = Component("audit", functions="audit.functions")
plays = Aggregate[tuple[str, float]]("plays")
ranking = TableAggregate(News, key=lambda news: news.view_count)
mails = Workpool("mails", parallel=3)


async def bad(ctx: MutationCtx, actx: ActionCtx, news: News, user: User) -> None:
    query = ctx.db.query(News)
    query.with_index(News.by_published, News.is_published == "yes")  # expect-error: value type
    query.with_index(User.by_clerk_user_id, News.title == "x")  # expect-error: another's index
    query.with_index(News.by_published, User.role == "pro")  # expect-error: another's column
    query.with_index(News.by_published, News.is_publshed.is_(True))  # expect-error: no such column
    await ctx.db.patch(news.id, News.view_count.set("1"))  # expect-error: value type in a patch
    await ctx.db.patch(news.id, User.role.set("pro"))  # expect-error: another's column in a patch
    await ctx.db.insert(News(title="x"))  # expect-error: missing columns
    await ctx.db.insert(User(clerk_user_id="c", email="e", role="root"))  # expect-error: no role
    await actx.run_mutation(mark_paid, external_id=3, paid_at=0.0)  # expect-error: argument type
    await actx.run_mutation(create, title="x")  # expect-error: missing argument
    await actx.run_mutation(search, text="x")  # expect-error: a query where a mutation is due
    await ctx.run_query(search, txt="x")  # expect-error: unknown argument
    await ctx.run_mutation(audit(mark_paid), external_id="x")  # expect-error: one is missing
    await ctx.run_query(audit(create), title="x", type_="tool")  # expect-error: a mutation
    await plays.insert(ctx, "x", ("chess", "high"))  # expect-error: the key's type
    await ranking.insert(ctx, user)  # expect-error: another table's document
    await mails.enqueue(ctx, checkout, month=2)  # expect-error: argument of a job
    mails.then(checkout)  # expect-error: a handler is a mutation
    await ctx.db.query(News).sum(News.title)  # expect-error: sum of texts
    news.title = "x"  # expect-error: documents are frozen
    url: int = await actx.run_action(checkout)  # expect-error: result type
    del url
    soon = timedelta(minutes=5)
    await ctx.scheduler.run_after(5000, mark_paid, "x", 0.0)  # expect-error: no unit
    await ctx.scheduler.run_after(soon, search, "x")  # expect-error: a query
    await ctx.scheduler.run_after(soon, mark_paid, "x")  # expect-error: missing argument
    await ctx.scheduler.run_at(soon, mark_paid, "x", 0.0)  # expect-error: a duration as a time
    await ctx.scheduler.cancel(news.id)  # expect-error: another table's id
    crons = Crons()
    crons.interval("a", soon, search, "x")  # expect-error: a query
    crons.daily("b", time(7), mark_paid, external_id="x")  # expect-error: missing argument
    crons.weekly("c", "Monday", time(7), checkout)  # expect-error: no such day
