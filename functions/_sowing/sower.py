"""What all sowing shares: a present, a count of rows, and the numbers of each day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, TypeVar

from functions._bookkeeping import count, count_day, last_active_on
from functions._env import Env
from functions.constants import DAY_MS
from functions.utils import day_key
from reactor import Id, MutationCtx, Table
from schema import DailyActive, User

W = TypeVar("W", bound=Table)

DRAFTING_DAYS: Final = 1.5
"""How long an editor works on a text before anybody sees it."""


@dataclass(slots=True)
class Day:
    """What the dashboard shows of one platform day."""

    new_users: int = 0
    active: set[Id[User]] = field(default_factory=set[Id[User]])
    paid_count: int = 0
    revenue: int = 0


class Sower:
    """Inserts and counts, with the moment of the first start as its present."""

    def __init__(self, ctx: MutationCtx) -> None:
        self.ctx = ctx
        self.now = float(ctx.now_ms() // 1)
        self.inserted = 0
        self._utc_offset = ctx.env(Env).reimaji_day_utc_offset_minutes
        self._days: defaultdict[str, Day] = defaultdict(Day)

    def ago(self, days: float) -> float:
        """That many days before the first start, in whole ms."""
        return self.now - round(days * DAY_MS)

    async def insert(self, document: W) -> Id[W]:
        """Stores a row and counts it."""
        self.inserted += 1
        return await self.ctx.db.insert(document)

    def day(self, at: float) -> Day:
        """The platform day of a moment; `sow_days` stores what is added to it."""
        return self._days[day_key(at, self._utc_offset)]

    async def sow_days(self) -> None:
        """Adds to the daily numbers; what was counted before seeding stays counted."""
        people = {user_id for seen in self._days.values() for user_id in seen.active}
        before = {user_id: await self._last_active(user_id) for user_id in sorted(people)}
        await self._sow_days()
        for user_id, old in before.items():
            new = await self._last_active(user_id)
            if new is not None and new != old:
                await count(self.ctx, last_active_on(new), 1)
                if old is not None:
                    await count(self.ctx, last_active_on(old), -1)

    async def _last_active(self, user_id: Id[User]) -> str | None:
        mine = DailyActive.user_id == user_id
        days = self.ctx.db.query(DailyActive).with_index(DailyActive.by_user_day, mine)
        last = await days.order("desc").first()
        return None if last is None else last.day

    async def _sow_days(self) -> None:
        for day, seen in sorted(self._days.items()):
            active = [user_id for user_id in sorted(seen.active) if await self._marks(user_id, day)]
            await count_day(
                self.ctx,
                day,
                new_users=seen.new_users,
                active_users=len(active),
                paid_count=seen.paid_count,
                revenue=seen.revenue,
            )

    async def _marks(self, user_id: Id[User], day: str) -> bool:
        db = self.ctx.db
        known = db.query(DailyActive).with_index(
            DailyActive.by_user_day, DailyActive.user_id == user_id, DailyActive.day == day
        )
        if await known.unique() is not None:
            return False
        await db.insert(DailyActive(user_id=user_id, day=day))
        return True
