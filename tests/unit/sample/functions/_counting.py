"""What the sample's functions share; a leading underscore keeps it from being served."""

from __future__ import annotations

from reactor import MutationCtx, QueryCtx
from tests.unit.sample.schema import Counter


async def value_of(ctx: QueryCtx, name: str) -> int:
    found = ctx.db.query(Counter).with_index(Counter.by_name, Counter.name == name)
    counter = await found.unique()
    return 0 if counter is None else counter.value


async def store(ctx: MutationCtx, name: str, value: int) -> None:
    found = ctx.db.query(Counter).with_index(Counter.by_name, Counter.name == name)
    counter = await found.unique()
    if counter is None:
        await ctx.db.insert(Counter(name=name, value=value))
    else:
        await ctx.db.patch(counter.id, Counter.value.set(value))
