"""What every piece of the load data set is written with: times, chance, daily numbers."""

from __future__ import annotations

from collections import Counter as Tally
from typing import Final, TypeVar

from functions._bookkeeping import count, count_day, last_active_on
from functions._env import Env
from functions._load.sizes import Size, chance_of
from functions.constants import DAY_MS
from functions.utils import day_key, start_of_day
from reactor import Id, MutationCtx, Table
from schema import User

W = TypeVar("W", bound=Table)

HOUR_MS: Final = 60 * 60 * 1_000

_HOURS: Final = (
    2, 1, 1, 1, 1, 2, 4, 7, 12, 16, 18, 16, 12, 14, 16, 15, 13, 12, 14, 20, 24, 20, 12, 6,
)  # fmt: skip
"""How busy each hour of the platform's day is: a morning, an afternoon, and the evening's peak."""


class Writer:
    """Writes one step.

    Args:
        ctx: the step's mutation.
        size: the whole data set.
        present: the moment that all ages count from, in ms: when the first step ran.
        seed: names the step, and so decides all of its chances.
    """

    def __init__(self, ctx: MutationCtx, size: Size, present: float, seed: str) -> None:
        self.ctx = ctx
        self.size = size
        self.present = present
        self.chance = chance_of(seed)
        self.new_users: Tally[str] = Tally()
        self.active_users: Tally[str] = Tally()
        self.last_active: Tally[str] = Tally()
        self.paid: Tally[str] = Tally()
        self.revenue: Tally[str] = Tally()
        self.env = ctx.env(Env)
        self._utc_offset = self.env.reimaji_day_utc_offset_minutes
        self._today = start_of_day(present, self._utc_offset)

    async def insert(self, document: W) -> Id[W]:
        return await self.ctx.db.insert(document)

    def moment(self, days_ago: int) -> float:
        """A moment of an earlier day, more likely in its busy hours."""
        (hour,) = self.chance.choices(range(24), _HOURS)
        return self._today - days_ago * DAY_MS + hour * HOUR_MS + self.chance.randrange(HOUR_MS)

    def day(self, time: float) -> str:
        """The platform's day of a moment."""
        return day_key(time, self._utc_offset)

    async def editor(self, number: int) -> Id[User]:
        """The editor who made an item."""
        return (await self.user(number % self.size.editors)).id

    async def user(self, number: int) -> User:
        """A user of the data set who has been stored."""
        mine = User.clerk_user_id == clerk_user_id(number)
        user = await self.ctx.db.query(User).with_index(User.by_clerk_user_id, mine).unique()
        assert user is not None, "users are stored before what refers to them"
        return user

    async def count_days(self) -> None:
        """Adds what the step saw to the daily numbers."""
        tallies = (self.new_users, self.active_users, self.paid, self.revenue)
        for day in sorted({day for tally in tallies for day in tally}):
            await count_day(
                self.ctx,
                day,
                new_users=self.new_users[day],
                active_users=self.active_users[day],
                paid_count=self.paid[day],
                revenue=self.revenue[day],
            )
        for day, users in sorted(self.last_active.items()):
            await count(self.ctx, last_active_on(day), users)


def clerk_user_id(number: int) -> str:
    """The subject of a user of the data set."""
    return f"load-{number}"
