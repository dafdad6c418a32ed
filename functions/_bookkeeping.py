"""What mutations write beside their own rows: counters, daily numbers, activity, the audit log."""

from __future__ import annotations

from functions import utils
from functions._env import Env
from functions.constants import LAST_ACTIVE
from functions.permissions import Caller
from reactor import MutationCtx
from schema import AuditLog, Counter, DailyActive, DailyStats, User


async def count(ctx: MutationCtx, name: str, by: int) -> None:
    """Adds to one of the counters that the dashboard shows, such as `totalNews`."""
    counter = await ctx.db.query(Counter).with_index(Counter.by_name, Counter.name == name).unique()
    if counter is None:
        await ctx.db.insert(Counter(name=name, value=by))
    else:
        await ctx.db.patch(counter.id, Counter.value.set(counter.value + by))


async def count_today(ctx: MutationCtx, *, new_users: int = 0, active_users: int = 0) -> None:
    """Adds to the numbers of the platform's day."""
    await count_day(ctx, _today(ctx), new_users=new_users, active_users=active_users)


async def count_paid(ctx: MutationCtx, paid_at: float, amount: int) -> None:
    """Adds a payment, in rupiah, to the numbers of the platform's day on which it arrived."""
    day = utils.day_key(paid_at, ctx.env(Env).reimaji_day_utc_offset_minutes)
    await count_day(ctx, day, paid_count=1, revenue=amount)


async def count_day(
    ctx: MutationCtx,
    day: str,
    *,
    new_users: int = 0,
    active_users: int = 0,
    paid_count: int = 0,
    revenue: int = 0,
) -> None:
    """Adds to the numbers of a day of the platform; revenue is in rupiah."""
    days = ctx.db.query(DailyStats).with_index(DailyStats.by_day, DailyStats.day == day)
    known = await days.unique()
    old = known or DailyStats(day=day)
    new = DailyStats(
        day=day,
        new_users=old.new_users + new_users,
        active_users=old.active_users + active_users,
        paid_count=old.paid_count + paid_count,
        revenue=old.revenue + revenue,
    )
    if known is None:
        await ctx.db.insert(new)
    else:
        await ctx.db.replace(known.id, new)


async def mark_active(ctx: MutationCtx, user: User) -> None:
    """Counts the user as active today, once a day.

    Among the counters stands, for every day, how many users were last active on it. Summed over a
    window these are its distinct users, so nobody ever has to look at all of its activity.
    """
    day = _today(ctx)
    mine = ctx.db.query(DailyActive).with_index(
        DailyActive.by_user_day, DailyActive.user_id == user.id
    )
    last = await mine.order("desc").first()
    if last is not None and last.day >= day:
        return
    await ctx.db.insert(DailyActive(user_id=user.id, day=day))
    await count_today(ctx, active_users=1)
    await count(ctx, last_active_on(day), 1)
    if last is not None:
        await count(ctx, last_active_on(last.day), -1)


def last_active_on(day: str) -> str:
    """The counter of users whose last active day this is."""
    return f"{LAST_ACTIVE}{day}"


async def audit(
    ctx: MutationCtx,
    caller: Caller,
    action: str,
    entity: str,
    entity_id: str,
    summary: str | None = None,
) -> None:
    """Notes who did what, and in whose name when that is somebody else's."""
    own_id = caller.own.id if caller.own else None
    acts_for = caller.user if caller.user and caller.user.id != own_id else None
    await ctx.db.insert(
        AuditLog(
            actor=caller.subject or "system",
            actor_user_id=own_id,
            action=action,
            entity=entity,
            entity_id=entity_id,
            summary=f"for {acts_for.clerk_user_id}" if acts_for else summary,
            created_at=ctx.now_ms(),
        )
    )


def _today(ctx: MutationCtx) -> str:
    return utils.day_key(ctx.now_ms(), ctx.env(Env).reimaji_day_utc_offset_minutes)
