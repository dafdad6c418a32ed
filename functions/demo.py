"""Data for developers: the demo set of `reactor dev`, the load set for measuring, and emptiness."""

from __future__ import annotations

import logging
from typing import Final

from functions._bookkeeping import count
from functions._load import steps as loading
from functions._load.sizes import SIZES, SizeName
from functions._sowing.articles import sow_news, sow_research
from functions._sowing.billing import sow_billing
from functions._sowing.courses import sow_courses
from functions._sowing.emails import sow_emails
from functions._sowing.inbox import sow_inbox
from functions._sowing.learning import sow_learning
from functions._sowing.people import sow_people
from functions._sowing.playground import sow_playground
from functions._sowing.sower import Sower
from reactor import ActionCtx, MutationCtx, internal_action, internal_mutation
from schema import Counter

log = logging.getLogger(__name__)

MARKER: Final = "demoDocuments"
"""The counter that says that the data set is there: what `seed` returned."""


@internal_mutation
async def seed(ctx: MutationCtx) -> int:
    """Stores the demo data once.

    Returns:
        The number of rows that it inserted (tags, totals and days follow from them and are not
        counted), 0 when the data was there already.
    """
    marker = Counter.name == MARKER
    if await ctx.db.query(Counter).with_index(Counter.by_name, marker).unique() is not None:
        return 0
    sower = Sower(ctx)
    people = await sow_people(sower)
    await sow_news(sower, people)
    await sow_research(sower, people)
    library = await sow_courses(sower, people)
    finishes = await sow_learning(sower, people, library)
    bills = await sow_billing(sower, people)
    await sow_playground(sower, people)
    await sow_inbox(sower, people, bills, finishes)
    await sow_emails(sower, people, bills, finishes)
    await sower.sow_days()
    await count(ctx, MARKER, sower.inserted)
    return sower.inserted


# ---------------------------------------------------------------- the load set


@internal_action
async def load(ctx: ActionCtx, *, size: SizeName) -> loading.LoadProgress:
    """Stores the load data set, on top of what is there; a broken run goes on where it stopped.

    Only with REACTOR_ENV=dev. Each twentieth of the work leaves a line in the log.

    Raises:
        AppError: FORBIDDEN, CONFLICT when another size was begun.
    """
    loading.require_dev(ctx)
    told = 0
    while True:
        progress = await ctx.run_mutation(load_next, size=size)
        share = progress.done * 20 // progress.steps
        if share > told:
            told = share
            log.info("Load set %s: %d of %d steps", size, progress.done, progress.steps)
        if progress.done == progress.steps:
            return progress


@internal_mutation
async def load_next(ctx: MutationCtx, *, size: SizeName) -> loading.LoadProgress:
    """Stores the next step of a load data set."""
    loading.require_dev(ctx)
    return await loading.store_next(ctx, size, SIZES[size])


@internal_action
async def reset(ctx: ActionCtx) -> int:
    """Empties every table; only with REACTOR_ENV=dev.

    Returns:
        How many rows there were.

    Raises:
        AppError: FORBIDDEN.
    """
    loading.require_dev(ctx)
    total = 0
    for table in loading.TABLES:
        while cleared := await ctx.run_mutation(clear, table=table):
            total += cleared
        log.info("%s is empty", table)
    return total


@internal_mutation
async def clear(ctx: MutationCtx, *, table: str) -> int:
    """Deletes some rows of a table; gives their number."""
    loading.require_dev(ctx)
    return await loading.clear_some(ctx, table)
