"""Mutations that return all they read, so that a run can be compared with another; queries of every
kind of read. Nothing here returns an id or a time: those differ between two nodes.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from reactor import (
    AppError,
    MutationCtx,
    Page,
    PaginationOptions,
    QueryCtx,
    internal_mutation,
    mutation,
    query,
)
from tests.simulation.bank.schema import Account, Entry, Receipt


async def _account(ctx: QueryCtx, owner: str) -> Account | None:
    accounts = ctx.db.query(Account).with_index(Account.by_owner, Account.owner == owner)
    return await accounts.unique()


async def _suspend() -> None:
    """Lets other transactions in."""
    await asyncio.sleep(0)  # noqa: TID251  # handlers may use asyncio as they like


async def _change(ctx: MutationCtx, owner: str, change: int) -> int:
    found = await _account(ctx, owner)
    balance = (0 if found is None else found.balance) + change
    if found is None:
        await ctx.db.insert(Account(owner=owner, balance=balance))
    else:
        await ctx.db.patch(found.id, Account.balance.set(balance))
    await ctx.db.insert(Entry(owner=owner, change=change))
    return balance


@mutation
async def deposit(ctx: MutationCtx, *, owner: str, amount: int) -> int:
    return await _change(ctx, owner, amount)


@mutation
async def slow_deposit(ctx: MutationCtx, *, owner: str, amount: int) -> int:
    await _account(ctx, owner)
    await _suspend()
    return await _change(ctx, owner, amount)


@mutation
async def transfer(ctx: MutationCtx, *, giver: str, taker: str, amount: int) -> list[int]:
    found = await _account(ctx, giver)
    await _suspend()
    if found is None or found.balance < amount:
        raise AppError({"code": "NOT_ENOUGH"})
    given = await _change(ctx, giver, -amount)
    await _suspend()
    return [given, await ctx.run_mutation(deposit, owner=taker, amount=amount)]


@mutation
async def close(ctx: MutationCtx, *, owner: str) -> int | None:
    found = await _account(ctx, owner)
    if found is None:
        return None
    await ctx.db.delete(found.id)
    await ctx.db.insert(Entry(owner=owner, change=-found.balance))
    return found.balance


@mutation
async def richest(ctx: MutationCtx) -> list[Any]:
    """Reads a range and writes what it found there: a reader that must not be overtaken."""
    accounts = ctx.db.query(Account).with_index(Account.by_balance).order("desc")
    first = await accounts.take(2)
    await _suspend()
    await ctx.db.insert(Entry(owner="richest", change=sum(one.balance for one in first)))
    return [[one.owner, one.balance] for one in first]


@mutation
async def order_receipt(ctx: MutationCtx, *, number: int, seconds: int) -> int:
    """Schedules what must happen once, whatever breaks meanwhile."""
    await ctx.scheduler.run_after(timedelta(seconds=seconds), file_receipt, number=number)
    return number


@internal_mutation
async def file_receipt(ctx: MutationCtx, *, number: int) -> None:
    await _suspend()
    await ctx.db.insert(Receipt(number=number))


@mutation
async def look(ctx: MutationCtx) -> list[int]:
    """Writes nothing."""
    accounts = await ctx.db.query(Account).collect()
    await _suspend()
    return [sum(one.balance for one in accounts), await ctx.db.query(Entry).count()]


@query
async def balance(ctx: QueryCtx, *, owner: str) -> int | None:
    found = await _account(ctx, owner)
    return None if found is None else found.balance


@query
async def total(ctx: QueryCtx) -> int:
    return sum(one.balance for one in await ctx.db.query(Account).collect())


@query
async def slow_total(ctx: QueryCtx) -> list[int]:
    accounts = await ctx.db.query(Account).collect()
    await _suspend()
    entries = await ctx.db.query(Entry).collect()
    return [sum(one.balance for one in accounts), sum(one.change for one in entries)]


@query
async def top(ctx: QueryCtx, *, count: int) -> list[str]:
    accounts = ctx.db.query(Account).with_index(Account.by_balance).order("desc")
    return [one.owner for one in await accounts.take(count)]


@query
async def between(ctx: QueryCtx, *, low: int, high: int) -> list[int]:
    accounts = ctx.db.query(Account).with_index(
        Account.by_balance, Account.balance >= low, Account.balance < high
    )
    return [one.balance for one in await accounts.collect()]


@query
async def page(ctx: QueryCtx, *, opts: PaginationOptions) -> Page[str]:
    found = await ctx.db.query(Account).with_index(Account.by_owner).paginate(opts)
    return found.with_items([one.owner for one in found.page])


@query
async def whole(ctx: QueryCtx) -> list[Any]:
    """Everything, for comparing two nodes; a creation time is that of a mutation's first step, so
    the order of creation is not that of commits.
    """
    accounts = await ctx.db.query(Account).with_index(Account.by_owner).collect()
    entries = await ctx.db.query(Entry).collect()
    return [
        [[one.owner, one.balance] for one in accounts],
        sorted([one.owner, one.change] for one in entries),
    ]
