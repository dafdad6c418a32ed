"""The platform in numbers: windows of days, and who was active in them."""

from __future__ import annotations

from dataclasses import dataclass

from functions import utils
from functions._env import Env
from functions.constants import ACTIVE_ROWS_LIVE_MAX, DAY_MS, LAST_ACTIVE, SNAPSHOT_DAYS
from reactor import MutationCtx, QueryCtx
from schema import Counter, DailyActive, DailyStats, StatsSnapshot


@dataclass(frozen=True, slots=True)
class Window:
    """Some last days, today included: when they began, and the keys of all of them in order."""

    start: float
    days: list[str]


def window_of(ctx: QueryCtx, days: int) -> Window:
    """The last `days` days of the platform."""
    offset = ctx.env(Env).reimaji_day_utc_offset_minutes
    start = utils.start_of_day(ctx.now_ms(), offset) - (days - 1) * DAY_MS
    return Window(start, [utils.day_key(start + day * DAY_MS, offset) for day in range(days)])


async def daily_stats(ctx: QueryCtx, window: Window) -> list[DailyStats]:
    """The rows of the days on which something happened."""
    rows = ctx.db.query(DailyStats).with_index(
        DailyStats.by_day, DailyStats.day >= window.days[0], DailyStats.day <= window.days[-1]
    )
    return await rows.collect()


async def counter(ctx: QueryCtx, name: str) -> int:
    """What a counter stands at."""
    row = await ctx.db.query(Counter).with_index(Counter.by_name, Counter.name == name).unique()
    return 0 if row is None else row.value


# ---------------------------------------------------------------- distinct users


async def active_users(ctx: QueryCtx, window: Window, activity: int) -> tuple[int, float]:
    """How many people were active in a window, and as of when.

    Args:
        ctx: the context of the call.
        window: the days.
        activity: how many rows of `dailyActive` they have.
    """
    if activity <= ACTIVE_ROWS_LIVE_MAX:
        rows = ctx.db.query(DailyActive).with_index(
            DailyActive.by_day,
            DailyActive.day >= window.days[0],
            DailyActive.day <= window.days[-1],
        )
        return len({row.user_id async for row in rows}), ctx.now_ms()
    length = len(window.days)
    nearest = min(SNAPSHOT_DAYS, key=lambda days: abs(days - length))
    snapshot = await _snapshot(ctx, nearest)
    if snapshot is None:
        return await _distinct(ctx, window), ctx.now_ms()
    return int(snapshot.value), snapshot.as_of


async def take_snapshots(ctx: MutationCtx) -> None:
    """Stores the active users of each of the windows that are kept ready."""
    now = ctx.now_ms()
    for days in SNAPSHOT_DAYS:
        value = float(await _distinct(ctx, window_of(ctx, days)))
        known = await _snapshot(ctx, days)
        if known is None:
            await ctx.db.insert(StatsSnapshot(key=_key(days), value=value, as_of=now))
        else:
            await ctx.db.patch(
                known.id, StatsSnapshot.value.set(value), StatsSnapshot.as_of.set(now)
            )


async def _distinct(ctx: QueryCtx, window: Window) -> int:
    """The users whose last active day lies in a window that ends today: at most a row a day."""
    rows = ctx.db.query(Counter).with_index(
        Counter.by_name,
        Counter.name >= f"{LAST_ACTIVE}{window.days[0]}",
        Counter.name <= f"{LAST_ACTIVE}{window.days[-1]}",
    )
    return sum([row.value async for row in rows])


async def _snapshot(ctx: QueryCtx, days: int) -> StatsSnapshot | None:
    match = StatsSnapshot.key == _key(days)
    return await ctx.db.query(StatsSnapshot).with_index(StatsSnapshot.by_key, match).unique()


def _key(days: int) -> str:
    return f"activeUsers:{days}"
