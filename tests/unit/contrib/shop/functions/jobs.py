"""Jobs of the shop: parcels that are sent by hand, and what is noted of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from reactor import (
    ActionCtx,
    AppError,
    MutationCtx,
    Object,
    QueryCtx,
    internal_action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from reactor.contrib import Outcome, Retry, Status, Workpool
from tests.unit.contrib.shop.schema import Note
from tests.unit.sample.gate import gate

three: Final = Workpool("three", parallel=3)
one: Final = Workpool("one", parallel=1)
stubborn: Final = Workpool(
    "stubborn", parallel=2, retry=Retry(attempts=3, first_delay=timedelta(seconds=1))
)


class Parcel(Object):
    to_whom: str
    weight: float = 1.0


async def note(ctx: MutationCtx, text: str) -> None:
    number = await ctx.db.query(Note).count()
    await ctx.db.insert(Note(text=text, number=number))


@internal_mutation
async def write_note(ctx: MutationCtx, *, text: str) -> None:
    await note(ctx, text)


@internal_action
async def send(ctx: ActionCtx, *, parcel: Parcel) -> Parcel:
    await ctx.run_mutation(write_note, text=f"begin {parcel.to_whom}")
    await gate.passing()
    await ctx.run_mutation(write_note, text=f"end {parcel.to_whom}")
    return Parcel(to_whom=parcel.to_whom, weight=parcel.weight + 1)


@internal_action
async def fail(ctx: ActionCtx, *, times: int, name: str) -> str:
    """Fails so often before it succeeds; it counts in the notes, which outlive a failure."""
    failed = await ctx.run_query(count, text=f"tried {name}")
    await ctx.run_mutation(write_note, text=f"tried {name}")
    if failed < times:
        raise AppError({"code": "LATER"})
    return "done"


@internal_action
async def fail_slowly(ctx: ActionCtx, *, name: str) -> None:
    await ctx.run_mutation(write_note, text=f"tried {name}")
    await gate.passing()
    raise ValueError("it broke")


@internal_query
async def first_note(ctx: QueryCtx) -> str:
    found = await ctx.db.query(Note).first()
    assert found is not None
    return found.text


@internal_action
async def give_up(ctx: ActionCtx) -> None:
    """Cancels the job whose id is noted, its own, and fails."""
    assert await stubborn.cancel(ctx, await ctx.run_query(first_note))
    raise ValueError("gave up")


@internal_mutation
async def give_up_in_vain(ctx: MutationCtx) -> bool:
    """Cancels its own job, which a mutation cannot, and succeeds."""
    return await stubborn.cancel(ctx, await ctx.run_query(first_note))


@internal_mutation
async def pack(ctx: MutationCtx, *, name: str, breaks: bool = False) -> str:
    await note(ctx, f"packed {name}")
    if breaks:
        raise ValueError("it broke")
    return name


@query
async def count(ctx: QueryCtx, *, text: str) -> int:
    return len([1 for each in await ctx.db.query(Note).collect() if each.text == text])


@internal_mutation
async def told(ctx: MutationCtx, *, work_id: str, context: Any, result: Outcome) -> None:
    assert work_id
    shown = result.return_value if result.kind == "success" else result.error
    await note(ctx, f"{context}: {result.kind} {shown}")


told_in_vain: list[Any] = []
"""What `told_and_fails` was given, each time that it ran."""


@internal_mutation
async def told_and_fails(ctx: MutationCtx, *, work_id: str, context: Any, result: Outcome) -> None:
    told_in_vain.append(context)
    await note(ctx, "never seen")
    raise ValueError("the handler broke")


@internal_mutation
async def takes_too_little(ctx: MutationCtx, *, work_id: str) -> None: ...


@mutation
async def send_parcels(ctx: MutationCtx, *, names: list[str], fails: bool = False) -> list[str]:
    pool = three.then(told, context="parcel")
    ids = [await pool.enqueue(ctx, send, parcel=Parcel(to_whom=name)) for name in names]
    if fails:
        raise AppError("never mind")
    return ids


@query
async def status(ctx: QueryCtx, *, id: str) -> Status | None:
    return await three.status(ctx, id)
